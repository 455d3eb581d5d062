import { epochOf, stopped } from '../../../kernel/views/progress';
import { smoothedCurve, WEIGHT, type SmoothedCurve } from '../../../kernel/views/smoothing';
import type { LossCurvesView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { fromX, scaleRange } from '../../chart/axes';
import type { Chart } from '../../chart/chart';
import { adoptStyles, h } from '../../dom';
import { button, slider, Toggle } from '../../figure/controls';
import { messageOf } from '../../errors';
import { Hover } from '../../hover';
import type { Place } from '../../hover';
import type { SvgImage } from '../../figure/save';
import { count } from '../../numbers';
import type { Drawn, ViewContext } from '../../view';
import { arrange } from './arrangement';
import type { Arrangement } from './arrangement';
import { CursorLayer, readingTitle } from './cursor';
import type { PanelScale, Reading } from './cursor';
import { decodeCurves, indexAt, supersedes } from './curves';
import type { LossData, Term } from './curves';
import { Key, keyEntries, whereText } from './key';
import styles from './lossCurves.css';
import { lossTable } from './lossTable';
import { printSpec } from './print';
import { ProgressBar } from './progressBar';
import { canBeLog } from './ranges';
import { clippedTerms, isLog, lossCurvesSpec, valueAxis, yAxisName } from './spec';
import type { Choices } from './spec';

const LABEL =
  'Loss curves. Left and right arrow keys move the cursor along the steps, with Shift ten at a time, ' +
  'Home and End to the ends, Escape takes it away; plus and minus zoom, 0 shows everything.';
const LOG_TITLE = 'Logarithmic loss axes';

export class LossCurves implements Drawn<LossCurvesView> {
  private readonly cursor = new CursorLayer();
  private readonly key = new Key();
  private readonly progress: ProgressBar;
  private readonly hover: Hover;
  private readonly logToggle: Toggle;
  private readonly resetZoom: HTMLButtonElement;
  private readonly choices: Choices;
  private data: LossData;
  /** What is given, or, of a training whose kernel has ended, that it was stopped. */
  private shown: LossCurvesView;
  private smoothed = new Map<Term, SmoothedCurve>();
  private width = 0;
  /** As it is drawn. */
  private arrangement: Arrangement | undefined;
  private step: number | null = null;

  static stage(): HTMLElement {
    return h('div', { class: 'stage interactive', tabindex: 0, role: 'application', 'aria-label': LABEL });
  }

  /** @param stage the element that {@link stage} made, with the chart's slot in it */
  constructor(
    private readonly context: ViewContext,
    private readonly stage: HTMLElement,
    private readonly chart: Chart,
    private given: LossCurvesView,
  ) {
    const { figure, settings } = context;
    this.choices = {
      smoothing: Math.min(0.99, Math.max(0, settings.number('smoothing', WEIGHT))),
      log: settings.boolean('log', false),
      full: settings.boolean('full', false),
    };
    this.shown = this.asItIs(given);
    this.data = decodeCurves(this.shown);
    adoptStyles(figure.root, styles);
    this.progress = new ProgressBar(
      context.channel,
      (message) => figure.setProblem(message),
      (text) => figure.announce(text),
    );
    this.logToggle = new Toggle('Log', LOG_TITLE, this.choices.log, (log) => this.choose({ log }));
    this.resetZoom = button('Reset zoom', { title: 'Show all steps (double click)' }, () => chart.setZoom({}));
    this.addControls();
    stage.append(this.cursor.element);
    this.hover = new Hover(stage, (at) => this.setCursor(at && this.stepUnder(at)));
    figure.body.append(this.progress.element, this.key.element, stage);
    this.listen();
    figure.setDrawing(() => this.print());
    this.show(this.shown);
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
    this.given = view;
    this.showAsItIs();
    if (isAnother) this.watch();
  }

  dispose(): void {
    this.chart.dispose();
  }

  /** Draws everything for the present data, choices, zoom, theme and width. */
  render(): void {
    if (this.width === 0) return;
    const { data, choices, chart } = this;
    // An empty grid would promise curves that do not come.
    const isEmpty = data.lastStep === 0 && data.progress.state !== 'running';
    this.stage.style.display = isEmpty ? 'none' : '';
    if (isEmpty) return this.key.render([], whereText(data, null));
    const arrangement = (this.arrangement = this.arrange(this.width));
    const size = { width: this.width, height: arrangement.height };
    this.stage.style.height = `${size.height}px`;
    this.resetZoom.hidden = Object.keys(chart.zoom).length === 0;
    const spec = lossCurvesSpec(data, choices, chart.zoom, this.context.figure.theme, arrangement, size);
    chart
      .draw(spec, size)
      .then(() => {
        this.hover.again();
        this.renderCursor();
      })
      .catch((error: unknown) => this.context.figure.setProblem(`The curves could not be drawn: ${messageOf(error)}`));
  }

  /** A training that was saved under way may have ended with its kernel since; only that kernel knows. */
  private watch(): void {
    if (this.given.progress.state === 'running') this.context.channel.watch();
  }

  private asItIs(view: LossCurvesView): LossCurvesView {
    return view.progress.state === 'running' && !this.context.channel.live ? stopped(view) : view;
  }

  private showAsItIs(): void {
    const view = this.asItIs(this.given);
    this.data = decodeCurves(view);
    this.show(view);
    this.render();
  }

  private show(view: LossCurvesView): void {
    this.shown = view;
    this.smoothAll();
    const { figure } = this.context;
    const linear = this.data.terms.filter((term) => !canBeLog(term)).map((term) => term.name);
    const none = linear.length === this.data.terms.length;
    this.logToggle.disable(none ? 'A logarithmic axis needs values above zero' : null, LOG_TITLE);
    figure.setText({ title: view.title, summary: view.summary, notes: [...view.notes, ...this.notes(linear)] });
    figure.setTable(lossTable(this.data));
    this.progress.show(view.progress);
  }

  private notes(linear: string[]): string[] {
    const notes: string[] = [];
    const clipped = clippedTerms(this.data, this.choices);
    if (clipped.length > 0) {
      notes.push(`The highest 5 % of the steps of ${clipped.join(', ')} lie above the axis; “Full range” shows them.`);
    }
    if (this.choices.log && linear.length > 0) notes.push(`${linear.join(', ')}: linear axis, there are values ≤ 0.`);
    return notes;
  }

  private smoothAll(): void {
    const { smoothing } = this.choices;
    const trained = this.data.terms.filter((term) => term.train !== undefined);
    this.smoothed = new Map(trained.map((term) => [term, smoothedCurve(term.train!, smoothing)]));
  }

  private choose(choice: Partial<Choices>): void {
    Object.assign(this.choices, choice);
    for (const [key, value] of Object.entries(choice)) this.context.settings.set(key, value);
    // A range in the units of the other scale would be nonsense.
    const zoom = Object.entries(this.chart.zoom).filter(([axis]) => choice.log === undefined || axis === 'xaxis');
    this.show(this.shown);
    this.chart.setZoom(Object.fromEntries(zoom));
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
    this.context.figure.controls.append(this.resetZoom, smoothing, this.logToggle.element, full.element);
  }

  /** Value axes with long labels get more room. */
  private arrange(width: number): Arrangement {
    const { data, choices, chart } = this;
    const place = (longest?: number) => arrange(data.terms.length, width, data.schedules.length > 0, longest);
    const { boxes } = place();
    const labels = data.terms.flatMap((term, i) => valueAxis(term, i, choices, chart.zoom, boxes[i]!.height).ticks);
    return place(Math.max(0, ...labels.map(({ text }) => text.length)));
  }

  private get reading(): Reading {
    return { step: this.step, weight: this.choices.smoothing, smoothed: (term) => this.smoothed.get(term) };
  }

  private scales(): PanelScale[] {
    const { boxes } = this.arrangement ?? this.arrange(this.width);
    return this.data.terms.map((term, i) => ({
      box: boxes[i]!,
      x: this.chart.range('xaxis'),
      y: this.chart.range(yAxisName(i)),
      log: isLog(term, this.choices),
    }));
  }

  private renderCursor(): void {
    const { theme } = this.context.figure;
    this.cursor.render(this.data, this.scales(), this.reading, theme);
    this.key.render(keyEntries(this.data, this.choices, theme), whereText(this.data, this.step));
  }

  private setCursor(step: number | null): void {
    if (step === this.step) return;
    this.step = step;
    this.renderCursor();
  }

  private listen(): void {
    this.context.channel.onLiveChange(() => this.showAsItIs());
    this.stage.addEventListener('keydown', (event) => this.onKey(event));
  }

  private stepUnder([x, y]: Place): number | null {
    const scale = this.scales().find(
      ({ box }) => x >= box.left && x <= box.left + box.width && y >= box.top - 2 && y <= box.top + box.height + 30,
    );
    return scale === undefined ? null : this.nearestStep(fromX(x, scale.x, scale.box));
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
      '+': () => this.zoomSteps(0.5),
      '=': () => this.zoomSteps(0.5),
      '-': () => this.zoomSteps(2),
      '0': () => this.chart.setZoom({}),
    });
  }

  private zoomSteps(factor: number): void {
    const range = this.chart.range('xaxis');
    const centre = this.step ?? (range[0] + range[1]) / 2;
    this.chart.setZoom({ ...this.chart.zoom, xaxis: scaleRange(range, centre, factor) });
  }

  private spoken(): string {
    if (this.step === null) return this.shown.summary;
    const values = this.data.terms.map((term) => `${term.name} ${readingTitle(term, this.reading)}`);
    return `Step ${count(this.step)}, epoch ${epochOf(this.step, this.data.stepsPerEpoch, this.data.progress)}: ${values.join('; ')}.`;
  }

  private async print(): Promise<SvgImage> {
    const width = Math.max(this.width, 640);
    const arrangement = this.arrange(width);
    const { spec, size } = printSpec(this.shown.title, this.data, this.choices, this.chart.zoom, arrangement, width, {
      ...this.reading,
      step: null,
    });
    return this.chart.toSvg(spec, size);
  }
}
