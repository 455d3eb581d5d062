import * as z from '../../schema';
import { changedData, sweepData } from '../../../kernel/views/sweep/data';
import { cellText } from '../../../kernel/views/sweep/rows';
import { SPREAD_NOTE } from '../../../kernel/views/sweep/statistics';
import type { SweepChange, SweepView } from '../../../kernel/views/types';
import { decode } from '../../data';
import { adoptStyles, h } from '../../dom';
import type { SvgImage } from '../../figure/save';
import type { Cell, TableData } from '../../figure/table';
import { Pace } from '../../pace';
import panelStyles from '../../panels/panels.css';
import { PRINT_THEME } from '../../theme';
import { parse, type Drawn, type ViewContext } from '../../view';
import type { Hands } from './hands';
import { HoverCard } from './hoverCard';
import { OpenControl } from './openControl';
import { BestPart } from './parts/bestPart';
import { CurvesPart } from './parts/curvesPart';
import { FrontPart } from './parts/frontPart';
import { MetricPart } from './parts/metricPart';
import { ParallelPart } from './parts/parallelPart';
import type { Part } from './parts/part';
import { RunsTable } from './parts/runsTable';
import { RunBar } from './runBar';
import { runPictureSchema } from './schema';
import { SweepStore } from './store';
import styles from './sweep.css';
import { Toolbar } from './toolbar';

/** Milliseconds that a sentence stays while runs continue. */
const WORDS_MS = 1000;
/** Pixels from which on panels stand two beside each other, and between them. */
const WIDE = 700;
const BETWEEN = 28;

export class SweepFigure implements Drawn<SweepView, SweepChange> {
  private readonly store: SweepStore;
  private readonly toolbar: Toolbar;
  private readonly bar: RunBar;
  private readonly card = new HoverCard();
  private readonly table: RunsTable;
  private readonly best: BestPart;
  private readonly wide: readonly Part[];
  private readonly half: readonly Part[];
  private readonly words = new Pace(WORDS_MS);
  private readonly grid = h('div', { class: 'grid' });
  private width = 0;

  constructor(
    private readonly context: ViewContext,
    private shown: SweepView,
  ) {
    const { figure, settings, channel } = context;
    adoptStyles(figure.root, panelStyles);
    adoptStyles(figure.root, styles);
    this.store = new SweepStore(shown, sweepData(shown, decode), settings, figure.theme.dark);
    const { store } = this;
    const open = new OpenControl(store, channel);
    const refresh = () => this.refresh();
    const hands: Hands = {
      point: (run, at, says) => this.point(run, at ?? null, says ?? ''),
      choose: (run) => {
        if (store.selected === run) return open.open(run);
        store.selected = run;
        this.mark();
      },
      release: () => {
        store.selected = null;
        this.mark();
      },
    };
    this.toolbar = new Toolbar(store, refresh);
    this.bar = new RunBar(store, open, hands.release);
    this.table = new RunsTable(figure, store, hands, open, refresh);
    this.best = new BestPart(figure, store, hands, (run) => this.askPicture(run));
    const parallel = new ParallelPart(figure, store, hands, refresh);
    this.half = [
      new CurvesPart(figure, store, hands, refresh),
      new MetricPart(figure, store, hands, refresh),
      new FrontPart(figure, store, hands, refresh),
      this.best,
    ];
    this.wide = [parallel, this.table];
    this.grid.append(...this.half.map(({ element }) => element));
    figure.body.append(
      this.toolbar.element,
      this.bar.element,
      parallel.element,
      this.grid,
      this.table.element,
      this.card.element,
    );
    figure.setDrawing((width) => this.print(width));
    channel.onLiveChange(() => this.say());
    this.watch();
    figure.onTheme(() => {
      store.recolour(figure.theme.dark);
      this.draw();
    });
    figure.onResize((width) => {
      this.width = width;
      this.draw();
    });
    this.say();
  }

  update(view: SweepView): void {
    const isAnother = view.id !== this.shown.id;
    // A saved state may be rendered again while runs have gone on.
    if (!isAnother && (view.revision ?? 0) < (this.shown.revision ?? 0)) return;
    if (isAnother) this.leave();
    this.shown = view;
    this.store.take(view, sweepData(view, decode), this.context.figure.theme.dark);
    this.draw();
    this.say();
    if (isAnother) this.watch();
  }

  change(changes: SweepChange[]): boolean {
    let isComplete = true;
    for (const change of changes.filter(({ revision }) => !(revision <= (this.shown.revision ?? -1)))) {
      isComplete = change.revision === (this.shown.revision ?? NaN) + 1;
      if (!isComplete) break;
      const { revision, summary, notes, running, runs, pictures = this.shown.pictures } = change;
      this.shown = { ...this.shown, revision, summary, notes, running, pictures };
      this.store.take(this.shown, changedData(this.store.data, runs, decode), this.context.figure.theme.dark);
    }
    this.draw();
    this.words.say(() => this.say(), true);
    return isComplete;
  }

  dispose(): void {
    this.words.dispose();
    this.leave();
  }

  /** Only the kernel knows how a sweep went on that was saved under way. */
  private watch(): void {
    if (this.shown.running) this.context.channel.watch();
  }

  private leave(): void {
    if (this.shown.running) this.context.channel.leave(this.shown.id);
  }

  private async askPicture(run: number) {
    const result = await this.context.channel.ask({ kind: 'runPicture', run });
    const picture = result.kind === 'runPicture' ? result.picture : null;
    return parse(z.nullable(runPictureSchema), picture);
  }

  // --- drawing ----------------------------------------------------------------------------------------------------

  /** Other runs are shown, or otherwise. */
  private refresh(): void {
    const { store } = this;
    store.recolour(this.context.figure.theme.dark);
    store.refilter();
    this.draw();
    this.say();
  }

  private draw(): void {
    if (this.width === 0) return;
    const isWide = this.width >= WIDE;
    this.grid.dataset.columns = isWide ? '2' : '1';
    const half = isWide ? Math.floor((this.width - BETWEEN) / 2) : this.width;
    this.toolbar.render();
    this.bar.render();
    for (const part of this.wide) part.render(this.width);
    for (const part of this.half) part.render(half);
  }

  private mark(): void {
    this.bar.render();
    for (const part of [...this.wide, ...this.half]) part.mark();
  }

  private point(run: number | null, at: readonly [number, number] | null, says: string): void {
    const { store } = this;
    if (run !== null && at !== null) this.card.show(store.nameOf(run), says, at);
    else this.card.hide();
    if (store.hovered === run) return;
    store.hovered = run;
    for (const part of [...this.wide, ...this.half]) part.mark();
  }

  private say(): void {
    const { shown, store } = this;
    const { figure, channel } = this.context;
    const isStill = shown.running && !channel.live;
    const notes = isStill ? ['The sweep was running when this was saved; run the cell again to see its progress.'] : [];
    const few =
      store.shown.length < store.data.count
        ? [`${store.shown.length} of ${store.data.count} runs pass the filter and the brushes.`]
        : [];
    figure.setText({
      title: shown.title,
      summary: shown.summary,
      notes: [...shown.notes, ...few, ...notes, SPREAD_NOTE],
    });
    figure.setTable(this.tableData());
  }

  /** The runs that are shown, in full precision, in the order of the table of runs. */
  private tableData(): TableData {
    const { table, store } = this;
    const runs = this.width === 0 ? store.shown : table.runs;
    const { columns } = store.data;
    return {
      columns: columns.map(({ name }) => name),
      rows: runs.length,
      words: columns.map(({ values }) => values.some((value) => typeof value === 'string')),
      row: (i): Cell[] =>
        columns.map(({ values }): Cell => {
          const value = values[runs[i]!] ?? null;
          return typeof value === 'boolean' ? String(value) : value;
        }),
    };
  }

  private async print(given?: number): Promise<SvgImage> {
    const { printSweep } = await import('./print');
    const { store, shown, table, best } = this;
    store.recolour(false);
    try {
      const rows = table.runs.map((run) => ({
        run,
        cells: table.shownColumns.map((column) => cellText(column, column.values[run] ?? null)),
      }));
      const names = table.shownColumns.map(({ name }) => name);
      return printSweep(
        store,
        { title: shown.title, names, rows, picture: best.picture },
        given ?? this.width,
        PRINT_THEME,
      );
    } finally {
      store.recolour(this.context.figure.theme.dark);
    }
  }
}
