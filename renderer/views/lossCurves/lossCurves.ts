import { epochOf, stopped } from '../../../kernel/views/progress';
import { smoothedCurve, WEIGHT, type SmoothedCurve } from '../../../kernel/views/smoothing';
import type { LossCurvesChange, LossCurvesView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { fromX } from '../../chart/axes';
import { adoptStyles } from '../../dom';
import { button, slider, Toggle } from '../../figure/controls';
import { Hover } from '../../hover';
import type { Place } from '../../hover';
import type { SvgImage } from '../../figure/save';
import { count } from '../../numbers';
import { Pace } from '../../pace';
import type { Panel } from '../../panels/panel';
import { zoomByKey, ZOOM_KEYS } from '../../panels/keys';
import { Panels } from '../../panels/panels';
import panelStyles from '../../panels/panels.css';
import type { Drawn, ViewContext } from '../../view';
import { arrange } from './arrangement';
import type { Arrangement } from './arrangement';
import { changedCurves } from './change';
import { CursorLayer, readingTitle } from './cursor';
import type { Reading } from './cursor';
import { decodeCurves, decodeLastRun, indexAt, supersedes } from './curves';
import type { DecodedLastRun, LossData, Term } from './curves';
import { Key, keyEntries, whereText } from './key';
import styles from './lossCurves.css';
import { lossTable } from './lossTable';
import { printCurves } from './print';
import { ProgressBar } from './progressBar';
import { canBeLog, valueRange } from './ranges';
import { lossPanels, valueAxis } from './spec';
import type { Choices, Drawing } from './spec';

const LABEL =
  'Loss curves. Left and right arrow keys move the cursor along the steps, with Shift ten at a time, ' +
  `Home and End to the ends, Escape takes it away; ${ZOOM_KEYS}.`;
const LOG_TITLE = 'Logarithmic loss axes';
const LAST_RUN_TITLE = 'Draw what this cell trained before it was run again, behind the curves';

const NO_RUN: DecodedLastRun = new Map();

/** Milliseconds that a sentence below the curves stays while they move: nobody reads ten a second. */
const WORDS_MS = 500;

export class LossCurves implements Drawn<LossCurvesView, LossCurvesChange> {
  private readonly panels: Panels;
  private readonly cursor = new CursorLayer();
  private readonly key = new Key();
  private readonly progress: ProgressBar;
  private readonly hover: Hover;
  private readonly logToggle: Toggle;
  private readonly lastRunToggle: Toggle;
  private readonly resetZoom: HTMLButtonElement;
  private readonly choices: Choices;
  /** As it was told last; its curves are in {@link data}, which changes move on. */
  private given: LossCurvesView;
  private data: LossData;
  private lastRun: DecodedLastRun;
  /** What is given, or, of a training whose kernel has ended, that it was stopped. */
  private shown: LossCurvesView;
  private smoothed = new Map<Term, SmoothedCurve>();
  private ranges: Drawing['ranges'] = [];
  private readonly words = new Pace(WORDS_MS);
  private width = 0;
  /** As they are drawn. */
  private drawn: readonly Panel[] = [];
  private step: number | null = null;

  constructor(
    private readonly context: ViewContext,
    first: LossCurvesView,
  ) {
    const { figure, settings } = context;
    this.choices = {
      smoothing: Math.min(0.99, Math.max(0, settings.number('smoothing', WEIGHT))),
      log: settings.boolean('log', false),
      full: settings.boolean('full', false),
      lastRun: settings.boolean('lastRun', true),
    };
    this.given = first;
    this.data = decodeCurves(first);
    this.lastRun = decodeLastRun(first);
    this.shown = this.asItIs();
    adoptStyles(figure.root, panelStyles);
    adoptStyles(figure.root, styles);
    this.panels = new Panels(figure, LABEL, () => this.render());
    this.progress = new ProgressBar(
      context.channel,
      (message) => figure.setProblem(message),
      (text) => figure.announce(text),
    );
    this.logToggle = new Toggle('Log', LOG_TITLE, this.choices.log, (log) => this.choose({ log }));
    this.lastRunToggle = new Toggle('Last run', LAST_RUN_TITLE, this.choices.lastRun, (lastRun) =>
      this.choose({ lastRun }),
    );
    this.resetZoom = button('Reset zoom', { title: 'Show all steps (double click)' }, () => this.panels.setZoom({}));
    this.addControls();
    const stage = this.panels.element;
    stage.append(this.cursor.element);
    this.hover = new Hover(stage, (at) => this.setCursor(at && this.stepUnder(at)));
    figure.body.append(this.progress.element, this.key.element, stage);
    context.channel.onLiveChange(() => this.present());
    stage.addEventListener('keydown', (event) => this.onKey(event));
    figure.setDrawing(() => this.print());
    this.present();
    this.watch();
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
  }

  update(view: LossCurvesView): void {
    if (!supersedes(view, this.shown)) return;
    const isAnother = view.id !== this.given.id;
    this.data = decodeCurves(view);
    this.lastRun = decodeLastRun(view);
    this.given = view;
    this.present();
    if (isAnother) this.watch();
  }

  change(changes: LossCurvesChange[]): boolean {
    const { state } = this.given.progress;
    const news = changes.filter(({ revision }) => !(revision <= (this.given.revision ?? -1)));
    // The end of a training comes with the document, which may be before the last that was told of its way there.
    if (news.length === 0 || (state !== 'running' && state !== 'stopped')) return true;
    let isComplete = true;
    for (const change of news) {
      isComplete &&= change.revision === (this.given.revision ?? NaN) + 1;
      if (!isComplete) break;
      const { revision, summary, progress, notes } = change;
      this.data = changedCurves(this.data, change);
      this.given = { ...this.given, revision, summary, progress, notes };
    }
    this.present(true);
    return isComplete;
  }

  dispose(): void {
    this.words.dispose();
  }

  /** Draws everything for the present data, choices, zoom, theme and width. */
  private render(): void {
    if (this.width === 0) return;
    const { data, panels } = this;
    // An empty grid would promise curves that do not come.
    const isEmpty = data.lastStep === 0 && data.progress.state !== 'running';
    panels.element.style.display = isEmpty ? 'none' : '';
    if (isEmpty) return this.key.render([], whereText(data, null));
    const arrangement = this.arrange(this.width);
    this.resetZoom.hidden = !panels.isZoomed;
    this.drawn = lossPanels(this.drawing, this.context.figure.theme, arrangement);
    panels.draw(this.drawn, this.width, arrangement.height);
    this.hover.again();
    this.renderCursor();
  }

  /** A training that was saved under way may have ended with its kernel since; only that kernel knows. */
  private watch(): void {
    if (this.given.progress.state === 'running') this.context.channel.watch();
  }

  private asItIs(): LossCurvesView {
    const { given } = this;
    return given.progress.state === 'running' && !this.context.channel.live ? stopped(given) : given;
  }

  /** Shows what is given, as it is now. */
  private present(isLive = false): void {
    this.shown = this.asItIs();
    this.data = { ...this.data, progress: this.shown.progress };
    this.show(isLive);
    this.render();
  }

  /** @param isLive whether more is about to come */
  private show(isLive = false): void {
    const { shown, data, choices } = this;
    const trained = data.terms.filter((term) => term.train !== undefined);
    this.smoothed = new Map(trained.map((term) => [term, smoothedCurve(term.train!, choices.smoothing)]));
    this.lastRunToggle.element.hidden = this.lastRun.size === 0;
    const linear = data.terms.filter((term) => !canBeLog(term));
    this.ranges = data.terms.map((term) => {
      const log = choices.log && !linear.includes(term);
      return { ...valueRange(term, choices.full, log, this.lastRunShown.get(term.name)), log };
    });
    const { figure } = this.context;
    const none = linear.length === data.terms.length;
    this.logToggle.disable(none ? 'A logarithmic axis needs values above zero' : null, LOG_TITLE);
    const changed = shown.lastRun ? [shown.lastRun.note] : [];
    const notes = [...changed, ...shown.notes, ...this.notes(linear.map(({ name }) => name))];
    this.words.say(() => figure.setText({ title: shown.title, summary: shown.summary, notes }), isLive);
    figure.setTable(lossTable(data, this.lastRunShown));
    this.progress.show(shown.progress);
  }

  private notes(linear: string[]): string[] {
    const notes: string[] = [];
    const clipped = this.data.terms.filter((_, i) => this.ranges[i]!.clipped).map(({ name }) => name);
    if (clipped.length > 0) {
      notes.push(`The highest 5 % of the steps of ${clipped.join(', ')} lie above the axis; “Full range” shows them.`);
    }
    if (this.choices.log && linear.length > 0) notes.push(`${linear.join(', ')}: linear axis, there are values ≤ 0.`);
    return notes;
  }

  private get drawing(): Drawing {
    const { data, choices, smoothed, ranges } = this;
    return { data, choices, smoothed, ranges, lastRun: this.lastRunShown, zoom: this.panels.zoom };
  }

  private get lastRunShown(): DecodedLastRun {
    return this.choices.lastRun ? this.lastRun : NO_RUN;
  }

  private choose(choice: Partial<Choices>): void {
    Object.assign(this.choices, choice);
    for (const [key, value] of Object.entries(choice)) this.context.settings.set(key, value);
    this.show();
    // A range in the units of the other scale would be nonsense.
    const { x } = this.panels.zoom;
    this.panels.setZoom(choice.log === undefined ? this.panels.zoom : { ...(x && { x }) });
  }

  private addControls(): void {
    const smoothing = slider(
      {
        name: 'Smoothing',
        title: 'Weight of the exponential moving average (bias removed); the measured curve stays under it',
        min: 0,
        max: 0.99,
        step: 0.01,
        value: this.choices.smoothing,
        format: (value) => value.toFixed(2),
      },
      (value) => this.choose({ smoothing: value }),
    );
    const full = new Toggle('Full range', 'Also show the highest 5 % of the steps', this.choices.full, (pressed) =>
      this.choose({ full: pressed }),
    );
    this.context.figure.controls.append(
      this.resetZoom,
      smoothing,
      this.logToggle.element,
      full.element,
      this.lastRunToggle.element,
    );
  }

  /** Value axes with long labels get more room. */
  private arrange(width: number): Arrangement {
    const { data, drawing } = this;
    const place = (longest?: number) => arrange(data.terms.length, width, data.schedules.length > 0, longest);
    const { boxes } = place();
    const labels = data.terms.flatMap((_, i) => valueAxis(drawing, i, boxes[i]!.height).ticks);
    return place(Math.max(0, ...labels.map(({ text }) => text.length)));
  }

  private get reading(): Reading {
    return { step: this.step, weight: this.choices.smoothing, smoothed: (term) => this.smoothed.get(term) };
  }

  private renderCursor(): void {
    const { theme } = this.context.figure;
    this.cursor.render(this.data, this.drawn, this.reading, theme);
    this.key.render(keyEntries(this.drawing, theme), whereText(this.data, this.step));
  }

  private setCursor(step: number | null): void {
    if (step === this.step) return;
    this.step = step;
    this.renderCursor();
  }

  private stepUnder([x, y]: Place): number | null {
    const panel = this.drawn.find(
      ({ box }) => x >= box.left && x <= box.left + box.width && y >= box.top - 2 && y <= box.top + box.height + 30,
    );
    return panel === undefined ? null : this.nearestStep(fromX(x, panel.x.range, panel.box));
  }

  /** The steps that the cursor stops at: those of the first curve. */
  private get steps(): ArrayLike<number> {
    const term = this.data.terms[0];
    return term?.train?.steps ?? term?.validation?.steps ?? [];
  }

  private nearestStep(at: number): number | null {
    const curve = this.data.terms[0]?.train ?? this.data.terms[0]?.validation;
    const before = indexAt(curve, at);
    const candidates = [this.steps[before], this.steps[before + 1]].filter((step) => step !== undefined);
    return candidates.sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0] ?? null;
  }

  private onKey(event: KeyboardEvent): void {
    if (zoomByKey(event, this.panels, { at: this.step, panel: 0 })) return;
    const { steps } = this;
    const last = steps.length - 1;
    const curve = this.data.terms[0]?.train ?? this.data.terms[0]?.validation;
    const index = this.step === null ? last : indexAt(curve, this.step);
    const stride = event.shiftKey ? 10 : 1;
    const goTo = (to: number) => {
      this.hover.forget();
      this.setCursor(steps[Math.min(last, Math.max(0, to))] ?? null);
      this.context.figure.announce(this.spoken());
    };
    runKey(event, {
      ArrowLeft: () => goTo(index - stride),
      ArrowRight: () => goTo(this.step === null ? last : index + stride),
      Home: () => goTo(0),
      End: () => goTo(last),
      Escape: () => this.setCursor(null),
    });
  }

  private spoken(): string {
    if (this.step === null) return this.shown.summary;
    const values = this.data.terms.map((term) => `${term.name} ${readingTitle(term, this.reading)}`);
    return `Step ${count(this.step)}, epoch ${epochOf(this.step, this.data.stepsPerEpoch, this.data.progress)}: ${values.join('; ')}.`;
  }

  private print(): SvgImage {
    const width = Math.max(this.width, 640);
    return printCurves(this.shown.title, this.drawing, this.arrange(width), width, { ...this.reading, step: null });
  }
}
