import { ALIGNMENTS, BANDS, hasSeeds, linesOf, USUAL_CHOICES } from '../../../kernel/figures/comparison/data';
import type { Choices, ComparisonData, GroupLine } from '../../../kernel/figures/comparison/data';
import { laidOutComparison } from '../../../kernel/figures/comparison/panels';
import type { ComparisonChange, ComparisonView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { fromX } from '../../chart/axes';
import { adoptStyles, h } from '../../dom';
import { button, Select, slider, Toggle } from '../../figure/controls';
import type { SvgImage } from '../../figure/save';
import { Hover } from '../../hover';
import type { Place } from '../../hover';
import { Pace } from '../../pace';
import { zoomByKey, ZOOM_KEYS } from '../../panels/keys';
import type { Panel } from '../../panels/panel';
import { Panels } from '../../panels/panels';
import panelStyles from '../../panels/panels.css';
import { categoryColour } from '../../palette';
import type { Drawn, ViewContext } from '../../view';
import { changedComparison } from './change';
import styles from './comparison.css';
import { ReadingLayer } from './cursor';
import { comparisonTable, decodeComparison } from './model';
import { printComparison } from './print';
import { placeText, readingsAt, spokenReading } from './reading';

const LABEL =
  'Curves of the compared trainings. Left and right arrow keys move the cursor, with Shift ten points at a time, up and ' +
  `down from term to term, Home and End to the ends, Escape hides it; ${ZOOM_KEYS}.`;
const DIFFERENCE = 'Show the differences from the first';
const EACH = 'Draw each run of a setting, beside their mean';
/** Milliseconds that a sentence below the curves stays while they move. */
const WORDS_MS = 500;

export class Comparison implements Drawn<ComparisonView, ComparisonChange> {
  private readonly panels: Panels;
  private readonly key = h('ul', { class: 'key' });
  private readonly names = h('div', { class: 'names', 'aria-hidden': 'true' });
  private readonly cursor = new ReadingLayer();
  private readonly hover: Hover;
  private readonly alignment: Select;
  private readonly difference: Toggle;
  private readonly each: Toggle;
  private readonly resetZoom: HTMLButtonElement;
  private readonly words = new Pace(WORDS_MS);
  private readonly choices: Choices;
  private data: ComparisonData;
  private lines: GroupLine[][] = [];
  private drawn: readonly Panel[] = [];
  private width = 0;
  private at: number | null = null;
  /** The term that the cursor reads. */
  private term = 0;

  constructor(
    private readonly context: ViewContext,
    private shown: ComparisonView,
  ) {
    const { figure, settings, channel } = context;
    this.choices = {
      alignment: ALIGNMENTS[settings.number('alignment', 0)] ?? USUAL_CHOICES.alignment,
      smoothing: Math.min(0.99, Math.max(0, settings.number('smoothing', USUAL_CHOICES.smoothing))),
      differs: settings.boolean('differs', USUAL_CHOICES.differs),
      each: settings.boolean('each', USUAL_CHOICES.each),
    };
    this.data = decodeComparison(shown);
    adoptStyles(figure.root, panelStyles);
    adoptStyles(figure.root, styles);
    this.panels = new Panels(figure, LABEL, () => this.render());
    const stage = this.panels.element;
    stage.append(this.names, this.cursor.element);
    this.alignment = new Select('By', (index) => this.choose('alignment', index, { alignment: ALIGNMENTS[index]! }));
    this.difference = new Toggle('Difference', DIFFERENCE, this.choices.differs, (differs) =>
      this.choose('differs', differs, { differs }),
    );
    this.each = new Toggle('Each run', EACH, this.choices.each, (each) => this.choose('each', each, { each }));
    this.resetZoom = button('Reset zoom', { title: 'Show everything (double click)' }, () => this.panels.setZoom({}));
    figure.controls.append(
      ...[this.resetZoom, this.alignment.element, this.smoothing(), this.each.element, this.difference.element],
    );
    figure.body.append(this.key, stage);
    this.hover = new Hover(stage, (at) => this.pointAt(at));
    stage.addEventListener('keydown', (event) => this.onKey(event));
    figure.setDrawing((width) => this.print(width));
    channel.onLiveChange(() => this.present());
    this.show();
    this.watch();
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
  }

  update(view: ComparisonView): void {
    // A saved state may be rendered again while the trainings have moved on.
    const isOlder = view.id === this.shown.id && (view.revision ?? 0) < (this.shown.revision ?? 0);
    if (isOlder && view.runs.some(({ running }) => running)) return;
    const isAnother = view.id !== this.shown.id;
    this.shown = view;
    this.data = decodeComparison(view);
    this.present();
    if (isAnother) this.watch();
  }

  change(changes: ComparisonChange[]): boolean {
    const news = changes.filter(({ revision }) => !(revision <= (this.shown.revision ?? -1)));
    let isComplete = true;
    for (const change of news) {
      isComplete = change.revision === (this.shown.revision ?? NaN) + 1;
      if (!isComplete) break;
      const { revision, summary, notes } = change;
      this.data = changedComparison(this.data, change);
      this.shown = { ...this.shown, revision, summary, notes };
    }
    this.present(true);
    return isComplete;
  }

  dispose(): void {
    this.words.dispose();
  }

  /** Only the kernel knows how trainings went on that were saved under way. */
  private watch(): void {
    if (this.isRunning) this.context.channel.watch();
  }

  private get isRunning(): boolean {
    return this.data.runs.some(({ running }) => running);
  }

  private present(isLive = false): void {
    this.show(isLive);
    this.render();
  }

  private smoothing(): HTMLElement {
    return slider(
      {
        ...{ name: 'Smoothing', title: 'Weight of the exponential moving average of each run (bias-corrected)' },
        ...{ min: 0, max: 0.99, step: 0.01, value: this.choices.smoothing, format: (value) => value.toFixed(2) },
      },
      (value) => this.choose('smoothing', value, { smoothing: value }),
    );
  }

  private choose(key: string, value: number | boolean, choice: Partial<Choices>): void {
    Object.assign(this.choices, choice);
    this.context.settings.set(key, value);
    this.show();
    if (key === 'alignment') this.at = null;
    // A range of other values would be nonsense.
    if (key === 'smoothing' || key === 'each') this.render();
    else this.panels.setZoom({});
  }

  private show(isLive = false): void {
    const { shown, data, choices } = this;
    const { figure, channel } = this.context;
    this.lines = data.terms.map((term) => linesOf(data, term, choices));
    this.alignment.show([...ALIGNMENTS], ALIGNMENTS.indexOf(choices.alignment));
    this.difference.disable(data.groups.length < 2 ? 'There is nothing to differ from' : null, DIFFERENCE);
    const isSeeded = hasSeeds(this.lines);
    this.each.disable(isSeeded ? null : 'No setting has several runs', EACH);
    const notes = isSeeded ? [BANDS] : [];
    if (choices.differs) notes.push(`Differences from ${data.groups[0] ?? 'the first'}; there are none after its end.`);
    if (this.isRunning && !channel.live) notes.push('The kernel ended during a training; the curves end there.');
    const text = { title: shown.title, summary: shown.summary, notes: [...shown.notes, ...notes] };
    this.words.say(() => figure.setText(text), isLive);
    figure.setTable(comparisonTable(data));
  }

  private render(): void {
    if (this.width === 0) return;
    const { theme } = this.context.figure;
    const { arrangement, panels } = laidOutComparison({ ...this.drawing, look: theme }, this.width);
    this.resetZoom.hidden = !this.panels.isZoomed;
    this.drawn = panels;
    this.panels.draw(panels, this.width, arrangement.height);
    this.key.replaceChildren(
      ...this.data.groups.map((name, i) => keyItem('swatch', categoryColour(theme.categories, i), this.named(name, i))),
      ...(this.hasValidation ? [keyItem('swatch dotted', theme.foreground, 'validation')] : []),
    );
    this.names.replaceChildren(
      ...this.data.terms.map((term, i) => {
        const name = h('b', {}, term);
        const { left, top } = arrangement.boxes[i]!;
        name.style.transform = `translate(${left}px, ${top - 20}px)`;
        return name;
      }),
    );
    this.renderCursor();
  }

  private named(name: string, group: number): string {
    const isRunning = this.data.runs.some((run) => run.group === group && run.running);
    return isRunning ? `${name} (running)` : name;
  }

  private get hasValidation(): boolean {
    return this.lines.flat().some(({ split }) => split === 'validation');
  }

  // --- the cursor -------------------------------------------------------------------------------------------------

  private renderCursor(): void {
    const { at, term, data } = this;
    const heading = at === null ? '' : `${data.terms[term] ?? ''} · ${placeText(at, this.choices.alignment)}`;
    const state = { at, panel: term, heading, groups: data.groups };
    this.cursor.render(this.lines, this.drawn, state, this.context.figure.theme);
  }

  private pointAt(place: Place | null): void {
    const [x, y] = place ?? [NaN, NaN];
    const under = this.drawn.findIndex(
      ({ box }) => x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height,
    );
    if (under >= 0) this.term = under;
    const panel = this.drawn[under];
    this.at = panel ? this.nearestStop(fromX(x, panel.x.range, panel.box)) : null;
    this.renderCursor();
  }

  /** The places that the cursor stops at: the points of the longest curve of the term. */
  private get stops(): ArrayLike<number> {
    const all = (this.lines[this.term] ?? []).map(({ curve }) => curve.x);
    return all.reduce<ArrayLike<number>>((most, x) => ((x.at(-1) ?? 0) > (most[most.length - 1] ?? 0) ? x : most), []);
  }

  private nearestStop(at: number): number | null {
    const { stops } = this;
    let nearest: number | null = null;
    for (let i = 0; i < stops.length; i++) {
      if (nearest === null || Math.abs(stops[i]! - at) < Math.abs(nearest - at)) nearest = stops[i]!;
    }
    return nearest;
  }

  private onKey(event: KeyboardEvent): void {
    if (zoomByKey(event, this.panels, { at: this.at, panel: this.term })) return;
    const goTo = (index: number) => {
      const { stops } = this;
      this.hover.forget();
      this.at = stops[Math.min(stops.length - 1, Math.max(0, index))] ?? null;
      this.renderCursor();
      this.speak();
    };
    const step = (by: number) => {
      const all = Array.from(this.stops);
      const index = this.at === null ? (by > 0 ? -by : all.length) : all.findIndex((stop) => stop >= this.at!);
      goTo(index + by);
    };
    const turnTo = (term: number) => {
      this.term = Math.min(this.data.terms.length - 1, Math.max(0, term));
      if (this.at === null) return goTo(Infinity);
      this.at = this.nearestStop(this.at);
      this.renderCursor();
      this.speak();
    };
    const stride = event.shiftKey ? 10 : 1;
    runKey(event, {
      ArrowLeft: () => step(-stride),
      ArrowRight: () => step(stride),
      ArrowUp: () => turnTo(this.term - 1),
      ArrowDown: () => turnTo(this.term + 1),
      Home: () => goTo(0),
      End: () => goTo(Infinity),
      Escape: () => {
        this.at = null;
        this.renderCursor();
      },
    });
  }

  private speak(): void {
    if (this.at === null) return;
    const { terms, groups } = this.data;
    const readings = readingsAt(this.lines[this.term] ?? [], this.at);
    const place = placeText(this.at, this.choices.alignment);
    this.context.figure.announce(spokenReading(terms[this.term] ?? '', place, groups, readings));
  }

  // --- layout and print -------------------------------------------------------------------------------------------

  private get drawing() {
    return { terms: this.lines, choices: this.choices, unit: this.shown.unit, zoom: this.panels.zoom };
  }

  private print(given?: number): SvgImage {
    return printComparison(this.shown.title, this.data, this.drawing, given ?? Math.max(this.width, 640));
  }
}

function keyItem(kind: string, colour: string, text: string): HTMLElement {
  const swatch = h('span', { class: kind });
  swatch.style.setProperty('--colour', colour);
  return h('li', {}, swatch, text);
}
