import { epochOf, stopped } from '../../../kernel/views/progress';
import type { LossCurvesChange, LossCurvesView } from '../../../kernel/views/types';
import { indexAt } from '../../../kernel/figures/training/curves';
import type { DecodedLastRun, LossData } from '../../../kernel/figures/training/curves';
import { arrangementOf, drawingOf, isEmpty, pagesOf, rangeNotes } from '../../../kernel/figures/training/drawing';
import { PAGES } from '../../../kernel/figures/training/pages';
import type { Choices, Cursor, Drawing, Page } from '../../../kernel/figures/training/pages/page';
import { canBeLog } from '../../../kernel/figures/training/ranges';
import { whereText } from '../../../kernel/figures/training/reading';
import { runKey } from '../../accessibility';
import { fromX } from '../../chart/axes';
import { adoptStyles, h, setHidden } from '../../dom';
import { button } from '../../figure/controls';
import { Tabs } from '../../figure/tabs';
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
import { changedCurves } from './change';
import { LossControls } from './controls';
import { CursorLayer } from './cursor';
import { decodeCurves, decodeLastRun, supersedes } from './curves';
import { Key } from './key';
import styles from './lossCurves.css';
import { tableOf } from './lossTable';
import { printCurves } from './print';
import { ProgressBar } from './progressBar';

const LABEL =
  'Loss curves. Left and right arrow keys move the cursor along the steps, with Shift ten at a time, ' +
  `Home and End to the ends, up and down from row to row of a map, Escape hides it; ${ZOOM_KEYS}.`;

const NO_RUN: DecodedLastRun = new Map();

/** Milliseconds that numbers beside moving curves stay: nobody reads sixty a second. */
const NUMBERS_MS = 100;

/** Milliseconds that a sentence below the curves stays while they move: nobody reads ten a second. */
const WORDS_MS = 500;

export class LossCurves implements Drawn<LossCurvesView, LossCurvesChange> {
  private readonly panels: Panels;
  private readonly cursor = new CursorLayer();
  private readonly key = new Key();
  private readonly progress: ProgressBar;
  private readonly hover: Hover;
  private readonly tabs: Tabs;
  private readonly controls: LossControls;
  private readonly resetZoom: HTMLButtonElement;
  /** As it was sent last; its curves are in {@link data}, which changes move on. */
  private given: LossCurvesView;
  private data: LossData;
  private lastRun: DecodedLastRun;
  /** What is given, or, of a training whose kernel has ended, that it was stopped. */
  private shown: LossCurvesView;
  private drawing!: Drawing;
  private readonly words = new Pace(WORDS_MS);
  private readonly numbers = new Pace(NUMBERS_MS);
  private width = 0;
  /** As they are drawn. */
  private drawn: readonly Panel[] = [];
  private step: number | null = null;
  private row: number | null = null;
  private wanted: string;

  constructor(
    private readonly context: ViewContext,
    first: LossCurvesView,
  ) {
    const { figure, settings } = context;
    this.controls = new LossControls(settings, (choice) => this.chosen(choice));
    this.wanted = PAGES[settings.number('page', 0)]?.id ?? PAGES[0]!.id;
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
    this.resetZoom = button('Reset zoom', { title: 'Show all steps (double click)' }, () => this.panels.setZoom({}));
    figure.controls.append(this.resetZoom, ...this.controls.elements);
    const stage = this.panels.element;
    stage.append(this.cursor.element);
    this.hover = new Hover(stage, (at) => this.pointAt(at));
    this.progress.element.append(this.key.where);
    const page = h('div', {}, this.key.element, stage);
    this.tabs = new Tabs('Parts of the training', page, (id) => this.turnTo(id));
    figure.body.append(this.progress.element, this.tabs.element, page);
    context.channel.onLiveChange(() => this.present());
    stage.addEventListener('keydown', (event) => this.onKey(event));
    figure.setDrawing((width) => this.print(width));
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
    // The end of a training comes with the document, which may be before the last change on the way there.
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
    this.numbers.dispose();
  }

  /** Draws everything for the present data, choices, zoom, theme and width. */
  private render(isLive = false): void {
    if (this.width === 0) return;
    const { data, panels } = this;
    const nothing = isEmpty(data);
    setHidden(panels.element, nothing);
    this.drawing = { ...this.drawing, zoom: panels.zoom };
    const { page } = this;
    this.tabs.show(
      pagesOf(data).map(({ id, title }) => ({ id, title: title(data) })),
      page.id,
    );
    if (nothing) return this.key.render([], whereText(data, null));
    const arrangement = arrangementOf(page, this.drawing, this.width);
    setHidden(this.resetZoom, !panels.isZoomed);
    this.drawn = page.panels(this.drawing, this.context.figure.theme, arrangement);
    panels.draw(this.drawn, this.width, arrangement.height);
    this.hover.again();
    this.numbers.say(() => this.renderNumbers(), isLive);
  }

  private renderNumbers(): void {
    this.progress.show(this.shown.progress);
    this.renderCursor();
  }

  private get page(): Page {
    return pagesOf(this.data).find(({ id }) => id === this.wanted) ?? PAGES[0]!;
  }

  private turnTo(id: string): void {
    this.wanted = id;
    this.row = null;
    this.context.settings.set(
      'page',
      PAGES.findIndex((page) => page.id === id),
    );
    this.show();
    // Heights of another page would be nonsense, steps are the same.
    const { x } = this.panels.zoom;
    this.panels.setZoom({ ...(x && { x }) });
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
    this.render(isLive);
    if (!isLive) this.progress.show(this.shown.progress);
  }

  /** @param isLive whether more is about to come */
  private show(isLive = false): void {
    const { shown, data } = this;
    const { choices } = this.controls;
    this.drawing = drawingOf(data, this.lastRunShown, choices, this.panels.zoom);
    const { figure } = this.context;
    this.showControls();
    const changed = shown.lastRun ? [shown.lastRun.note] : [];
    const ranges = this.page.id === 'terms' ? rangeNotes(this.drawing, false) : [];
    const notes = [...changed, ...shown.notes, ...ranges];
    this.words.say(() => figure.setText({ title: shown.title, summary: shown.summary, caption: '', notes }), isLive);
    figure.setTable(tableOf(this.page, data, this.lastRunShown));
  }

  private showControls(): void {
    const canBe = this.data.terms.some(canBeLog);
    this.controls.showFor(this.page, { hasLastRun: this.lastRun.size > 0, canBeLog: canBe });
  }

  private get lastRunShown(): DecodedLastRun {
    return this.controls.choices.lastRun ? this.lastRun : NO_RUN;
  }

  private chosen(choice: Partial<Choices>): void {
    this.show();
    // A range in the units of the other scale would be nonsense.
    const { x } = this.panels.zoom;
    this.panels.setZoom(choice.log === undefined ? this.panels.zoom : { ...(x && { x }) });
  }

  private get reading(): Cursor {
    return { step: this.step, row: this.row };
  }

  private renderCursor(): void {
    const { theme } = this.context.figure;
    this.cursor.render(this.page.texts(this.drawing, this.reading, theme), this.drawn, this.step);
    this.key.render(this.page.key(this.drawing, theme), whereText(this.data, this.step));
  }

  private setCursor(step: number | null, row: number | null = step === null ? null : this.row): void {
    if (step === this.step && row === this.row) return;
    this.step = step;
    this.row = row;
    this.renderCursor();
  }

  private pointAt(place: Place | null): void {
    const [x, y] = place ?? [NaN, NaN];
    const at = this.drawn.findIndex(
      ({ box }) => x >= box.left && x <= box.left + box.width && y >= box.top - 2 && y <= box.top + box.height + 30,
    );
    const panel = this.drawn[at];
    if (panel === undefined) return this.setCursor(null);
    const { box, x: across, y: up } = panel;
    const rows = at === 0 ? this.page.rows(this.data) : 0;
    const height = up.range[1] - ((y - box.top) / box.height) * (up.range[1] - up.range[0]);
    const row = rows - Math.round(height);
    this.setCursor(this.nearestStep(fromX(x, across.range, box)), row >= 0 && row < rows ? row : null);
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
    const turnRow = (by: number) => {
      this.hover.forget();
      const rows = this.page.rows(this.data);
      const row = this.row === null ? (by > 0 ? 0 : rows - 1) : Math.min(rows - 1, Math.max(0, this.row + by));
      this.setCursor(this.step ?? steps[last] ?? null, row);
      this.context.figure.announce(this.spoken());
    };
    runKey(event, {
      ArrowLeft: () => goTo(index - stride),
      ArrowRight: () => goTo(this.step === null ? last : index + stride),
      Home: () => goTo(0),
      End: () => goTo(last),
      ...(this.page.rows(this.data) > 0 && {
        ArrowUp: () => turnRow(-1),
        ArrowDown: () => turnRow(1),
      }),
      Escape: () => this.setCursor(null),
    });
  }

  private spoken(): string {
    if (this.step === null) return this.shown.summary;
    const texts = this.page.texts(this.drawing, this.reading, this.context.figure.theme);
    const values = texts.map(({ name, title }) => `${name} ${title}`);
    return `Step ${count(this.step)}, epoch ${epochOf(this.step, this.data.stepsPerEpoch, this.data.progress)}: ${values.join('; ')}.`;
  }

  private print(given?: number): SvgImage {
    const width = given ?? Math.max(this.width, 640);
    return printCurves(this.shown.title, this.page, this.drawing, width);
  }
}
