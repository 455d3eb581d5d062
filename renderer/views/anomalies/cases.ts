/** Samples that are scored highest or wrongly, each above what the model makes of it. */
import { runKey } from '../../accessibility';
import { h, setText } from '../../dom';
import { alike, evenly } from '../../numbers';
import type { Theme } from '../../theme';
import { heightOf } from '../../../kernel/figures/traversal/places';
import { drawSample, paperOf } from '../traversal/drawing';
import { caseFacts, caseText, scoreOf } from '../../../kernel/figures/anomalies/data';
import type { Anomalies } from '../../../kernel/figures/anomalies/data';

const WIDTH = 76;
/** The same with its border, and what lies between two. */
const [CARD, GAP] = [84, 8];

/** Rows of the data that are marked in other views. */
interface Marked {
  selected: ReadonlySet<number> | null;
  pointed: number | null;
}

export class CaseList {
  readonly element = h('ol', { class: 'cases' });
  private buttons: { button: HTMLButtonElement; place: number; row: number }[] = [];
  private marked: Marked = { selected: null, pointed: null };
  /** The place of the case that stays pointed at, since it was clicked. */
  private chosen: number | null = null;

  /** @param onPoint hears the place of the case that is pointed at; null: none */
  constructor(private readonly onPoint: (place: number | null) => void) {
    this.element.addEventListener('pointerleave', () => onPoint(this.chosen));
    this.element.addEventListener('keydown', (event) => this.onKey(event));
  }

  /** @param width that the list has */
  show(
    data: Anomalies,
    places: readonly number[],
    { threshold, theme, width }: { threshold: number; theme: Theme; width: number },
  ): void {
    const focused = this.buttons.findIndex(({ button: one }) => one === this.focused);
    const scores = alike(places.map((place) => scoreOf(data.view.cases[place]!)));
    this.buttons = places.map((place, i) => {
      const button = this.caseButton(data, place, scores[i]!, threshold, theme);
      return { button, place, row: data.view.cases[place]!.index };
    });
    if (!places.includes(this.chosen ?? -1)) this.choose(null);
    this.element.replaceChildren(...this.buttons.map(({ button }) => h('li', {}, button)));
    this.element.style.setProperty(
      '--columns',
      String(evenly(places.length, Math.floor((width + GAP) / (CARD + GAP)))),
    );
    this.reach(Math.max(0, focused));
    if (focused >= 0) this.buttons[Math.min(focused, this.buttons.length - 1)]?.button.focus();
    this.mark({});
  }

  /** @param change what is marked in other views now */
  mark(change: Partial<Marked>): void {
    this.marked = { ...this.marked, ...change };
    const { selected, pointed } = this.marked;
    for (const { button, place, row } of this.buttons) {
      button.classList.toggle('selected', selected?.has(row) ?? false);
      button.classList.toggle('pointed', row === pointed);
      button.setAttribute('aria-pressed', String(place === this.chosen));
    }
  }

  private caseButton(data: Anomalies, place: number, written: string, threshold: number, theme: Theme) {
    const one = data.view.cases[place]!;
    const title = caseText(one, threshold);
    const attributes = { title, class: scoreOf(one) > threshold ? 'case flagged' : 'case' };
    const element = h('button', { type: 'button', ...attributes });
    for (const sample of samplesAt(data, place)) {
      const canvas = h('canvas', { 'aria-hidden': 'true' });
      const height = heightOf(data.shape, WIDTH);
      const paper = paperOf(canvas, WIDTH, height);
      drawSample(paper, sample, data, { x: 0, y: 0, width: WIDTH, height }, theme);
      element.append(canvas);
    }
    const score = h('div', { class: 'score' });
    setText(score, written);
    const told = caseFacts(one, threshold).join(', ');
    const label = one.label === '' ? [] : [h('div', { class: 'label' }, one.label)];
    element.append(score, ...label, h('span', { class: 'visually-hidden' }, told));
    element.addEventListener('pointerenter', () => this.onPoint(place));
    element.addEventListener('focus', () => this.onPoint(place));
    element.addEventListener('blur', () => this.onPoint(this.chosen));
    element.addEventListener('click', () => this.choose(this.chosen === place ? null : place));
    return element;
  }

  private choose(place: number | null): void {
    if (place === this.chosen) return;
    this.chosen = place;
    this.onPoint(place);
    this.mark({});
  }

  private get focused(): Element | null {
    return (this.element.getRootNode() as Document | ShadowRoot).activeElement;
  }

  /** Arrow keys go from case to case: one of them is in the order of the tab key. */
  private onKey(event: KeyboardEvent): void {
    const at = this.buttons.findIndex(({ button }) => button === this.focused);
    const to = (next: number) => () => {
      const within = Math.max(0, Math.min(this.buttons.length - 1, next));
      this.reach(within);
      this.buttons[within]?.button.focus();
    };
    runKey(event, {
      ArrowLeft: to(at - 1),
      ArrowUp: to(at - 1),
      ArrowRight: to(at + 1),
      ArrowDown: to(at + 1),
      Home: to(0),
      End: to(Infinity),
    });
  }

  private reach(at: number): void {
    for (const [i, { button }] of this.buttons.entries()) button.tabIndex = i === at ? 0 : -1;
  }
}

function samplesAt({ inputs, reconstructions }: Anomalies, place: number) {
  return [inputs[place]!, ...(reconstructions ? [reconstructions[place]!] : [])];
}
