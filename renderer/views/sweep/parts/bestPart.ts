/** What the model of the best run, or of the one that is marked, makes of samples. */
import type { RunPicture } from '../../../../kernel/views/types';
import { cellText } from '../../../../kernel/views/sweep/rows';
import { h, setText, svg } from '../../../dom';
import type { Figure } from '../../../figure/figure';
import { splitSamples } from '../../../data';
import { spanOf } from '../../../../kernel/figures/span';
import { imageCanvas, profilePath } from '../../../samples';
import type { Hands } from '../hands';
import type { SweepStore } from '../store';
import { button } from '../../../figure/controls';
import { section } from './part';
import type { Part } from './part';

/** Pixels of a sample with its gap, and of the names before them. */
const CELL = 54;
const NAMES = 94;

/** Asks a kernel for the picture of a run; null: there is none. */
export type AskPicture = (run: number) => Promise<RunPicture | null>;

export class BestPart implements Part {
  readonly element: HTMLElement;
  private readonly says = h('p', { class: 'says' });
  private readonly rows = h('div', { class: 'samples' });
  private readonly pick: HTMLButtonElement;
  /** Pictures of runs that a kernel was asked about. */
  private readonly asked = new Map<number, RunPicture | null>();
  private readonly waiting = new Set<number>();
  private shown: string | undefined;
  /** Samples for which there is room. */
  private most = 6;

  constructor(
    private readonly figure: Figure,
    private readonly store: SweepStore,
    hands: Hands,
    private readonly ask: AskPicture,
  ) {
    this.pick = button('Mark it', { title: 'Mark the best run in all panels' }, () => {
      const best = store.bestFirst[0];
      if (best !== undefined && best !== store.selected) hands.choose(best);
    });
    this.element = section('best', h('h3', {}, 'Reconstructions'), [this.pick], this.says, this.rows);
  }

  render(width: number): void {
    this.most = Math.max(3, Math.floor((width - NAMES) / CELL));
    this.shown = undefined;
    this.mark();
  }

  mark(): void {
    const { store } = this;
    const best = store.bestFirst[0];
    this.pick.hidden = best === undefined || best === store.selected;
    const run = this.pictured;
    if (run === undefined) {
      this.shown = undefined;
      setText(this.says, store.noBest);
      this.rows.replaceChildren();
      return;
    }
    const picture = this.pictureOf(run);
    const from = picture ? ` Reconstructions from ${picture.source}.` : picture === null ? ' It shows none.' : '';
    const other = store.selected !== null && store.selected !== run ? ` ${this.lack(store.selected)}` : '';
    setText(this.says, `${this.nameOf(run, run === best)}${from}${other}`);
    const key = `${run} ${picture?.view.id ?? ''} ${this.figure.theme.kind}`;
    if (key === this.shown) return;
    this.shown = key;
    this.rows.replaceChildren(...(picture ? rowsOf(picture, this.most, this.figure.theme.foreground) : []));
  }

  /** The run that is marked where it has a picture (one that is pointed at would make them flicker), else the best one. */
  private get pictured(): number | undefined {
    const { selected, bestFirst } = this.store;
    return selected !== null && this.pictureOf(selected) ? selected : (bestFirst[0] ?? selected ?? undefined);
  }

  private lack(run: number): string {
    const number = this.store.data.numbers[run]!;
    return this.pictureOf(run) === null ? `Run ${number} has none here.` : `Reading those of run ${number}.`;
  }

  /** What is shown now, for files. */
  get picture(): { picture: RunPicture; says: string } | undefined {
    const run = this.pictured;
    const picture = run === undefined ? undefined : this.pictureOf(run);
    return picture ? { picture, says: this.says.textContent ?? '' } : undefined;
  }

  private nameOf(run: number, isBest: boolean): string {
    const { store } = this;
    const { metric, better } = store.looks;
    const column = store.column(metric);
    const value = column ? `: ${column.name} ${cellText(column, column.values[run] ?? null)}` : '';
    const rank = isBest && column ? `, the ${better === 'lower' ? 'lowest' : 'highest'} of the visible runs` : '';
    const name = store.nameOf(run);
    return `${name[0]!.toUpperCase()}${name.slice(1)}${value}${rank}.`;
  }

  /** Undefined while a kernel is asked, null if there is none. */
  private pictureOf(run: number): RunPicture | null | undefined {
    const saved = this.store.view.pictures.find((one) => one.run === run);
    if (saved) return saved;
    const known = this.asked.get(run);
    if (known !== undefined) return known;
    if (!this.store.data.notebooks[run] || this.waiting.has(run)) return this.waiting.has(run) ? undefined : null;
    this.waiting.add(run);
    this.ask(run).then(
      (picture) => {
        this.waiting.delete(run);
        this.asked.set(run, picture);
        this.mark();
      },
      // Without a kernel there are the pictures that were saved.
      () => {
        this.waiting.delete(run);
        this.asked.set(run, null);
        this.mark();
      },
    );
    return undefined;
  }
}

function rowsOf({ view }: RunPicture, most: number, ink: string): HTMLElement[] {
  const { sampleShape: shape, inputs, methods } = view;
  const rows = [
    ...(inputs ? [{ name: 'input', samples: inputs }] : []),
    ...methods.map(({ name, samples }) => ({ name, samples })),
  ];
  return rows.map(({ name, samples }) => {
    const all = splitSamples(samples, shape);
    const pictures = all.slice(0, most).map((values) => {
      if (shape.kind === 'image') return imageCanvas(values, shape);
      const box = { x: 1, y: 3, width: 62, height: 42 };
      const path = svg('path', { d: profilePath(values, spanOf(values), box), fill: 'none', stroke: ink });
      return svg('svg', { width: 64, height: 48, viewBox: '0 0 64 48' }, path);
    });
    const strip = h(
      'div',
      { class: 'strip', role: 'img', 'aria-label': `${name}: ${pictures.length} of ${all.length} samples` },
      ...pictures,
    );
    return h('div', { class: 'samples-row' }, h('span', {}, name), strip);
  });
}
