/** What a sweep's panels share: the runs, which of them are shown, which one is marked, and by what they are coloured. */
import { colouring } from '../../../kernel/views/sweep/charts/colouring';
import type { Colouring } from '../../../kernel/views/sweep/charts/colouring';
import { usualChoices } from '../../../kernel/views/sweep/charts/choices';
import type { SweepChoices } from '../../../kernel/views/sweep/charts/choices';
import { isWithinBrush, parallelAxis } from '../../../kernel/views/sweep/charts/parallel';
import type { ParallelAxis } from '../../../kernel/views/sweep/charts/parallel';
import { columnOf, numbersOf } from '../../../kernel/views/sweep/data';
import type { Column, SweepData } from '../../../kernel/views/sweep/data';
import { ranked } from '../../../kernel/views/sweep/ranking';
import type { Sorting } from '../../../kernel/views/sweep/rows';
import { cellText } from '../../../kernel/views/sweep/rows';
import { varying } from '../../../kernel/views/sweep/settings';
import { nothingText, wayUnknown } from '../../../kernel/views/sweep/summary';
import type { Better, SweepView } from '../../../kernel/views/types';
import type { ViewSettings } from '../../settings';
import { loadFilters, RunFilter } from './runFilter';

export type Brush = readonly [low: number, high: number];

/** What the reader chose besides what is there at first. */
export interface Looks extends SweepChoices {
  by: 'step' | 'epoch';
  /** Whether each run's curve is drawn. */
  each: boolean;
  wayX: Better;
  wayY: Better;
}

/** As settings keep a way that is not known. */
const UNKNOWN = 'unknown';

export class SweepStore {
  looks: Looks;
  readonly filter = new RunFilter();
  sorting: Sorting | undefined;
  readonly brushes = new Map<string, Brush>();
  /** Places of the runs that filter and brushes leave. */
  shown: readonly number[] = [];
  hovered: number | null = null;
  selected: number | null = null;
  colours: Colouring;
  private axes: ParallelAxis[] = [];

  constructor(
    public view: SweepView,
    public data: SweepData,
    private readonly settings: ViewSettings,
    dark: boolean,
  ) {
    this.looks = this.usualLooks();
    this.restore();
    this.colours = this.coloured(dark);
    this.filter.set(savedFilter(this.settings), this.data.columns);
    this.refilter();
  }

  /** Takes other data, the reader's choices kept as far as they fit. */
  take(view: SweepView, data: SweepData, dark: boolean): void {
    const isAnother = view.id !== this.view.id;
    this.view = view;
    this.data = data;
    if (isAnother) {
      this.hovered = this.selected = null;
      this.brushes.clear();
    }
    const usual = this.usualLooks();
    const has = (name: string | undefined) => columnOf(data, name) !== undefined;
    const { looks } = this;
    // What was not there yet when the reader looked first is now.
    if (!has(looks.metric)) Object.assign(looks, { metric: usual.metric, better: usual.better });
    if (!has(looks.colour)) looks.colour = usual.colour;
    if (!has(looks.parameter)) looks.parameter = usual.parameter;
    if (!looks.front?.every(has)) Object.assign(looks, { front: usual.front, wayX: usual.wayX, wayY: usual.wayY });
    if (this.settings.texts('axes') === undefined || !looks.axes.every(has)) looks.axes = usual.axes;
    looks.curve = Math.min(looks.curve, Math.max(0, data.curves.length - 1));
    this.colours = this.coloured(dark);
    this.filter.set(this.filter.text, this.data.columns);
    this.refilter();
  }

  recolour(dark: boolean): void {
    this.colours = this.coloured(dark);
  }

  choose(choice: Partial<Looks>): void {
    Object.assign(this.looks, choice);
    for (const [key, value] of Object.entries(choice)) {
      if (value === undefined) continue;
      this.settings.set(key, value === null ? UNKNOWN : typeof value === 'object' ? [...value] : value);
    }
  }

  /** @param refresh shows what the text leaves, also when it could not be read at once */
  setFilter(text: string, refresh: () => void): void {
    this.settings.set('filter', text);
    const isRead = this.filter.set(text, this.data.columns);
    refresh();
    if (isRead) return;
    void loadFilters().then(() => {
      if (this.filter.text !== text) return;
      this.filter.set(text, this.data.columns);
      refresh();
    });
  }

  refilter(): void {
    this.axes = this.looks.axes.map((name) => parallelAxis(columnOf(this.data, name)!));
    for (const name of this.brushes.keys()) if (!columnOf(this.data, name)) this.brushes.delete(name);
    const brushed = [...this.brushes].map(
      ([name, brush]) => [parallelAxis(columnOf(this.data, name)!).shares, brush] as const,
    );
    this.shown = this.all.filter(
      (run) => this.filter.has(run) && brushed.every(([shares, brush]) => isWithinBrush(shares[run]!, brush)),
    );
  }

  get all(): number[] {
    return Array.from({ length: this.data.count }, (_, i) => i);
  }

  get parallelAxes(): readonly ParallelAxis[] {
    return this.axes;
  }

  /** The run that is pointed at, or else the one that was chosen. */
  get marked(): number | null {
    return this.hovered ?? this.selected;
  }

  column(name: string | undefined): Column | undefined {
    return columnOf(this.data, name);
  }

  get metrics(): Column[] {
    return this.data.columns.filter(({ kind, values }) => kind === 'metric' && values.some((value) => value !== null));
  }

  get settingColumns(): Column[] {
    return varying(this.data);
  }

  /** Places of the runs that are shown, the best by the metric first; none where it is not known which way is better. */
  get bestFirst(): number[] {
    const column = this.column(this.looks.metric);
    const { better } = this.looks;
    return column && better ? ranked(numbersOf(column), better, this.shown) : [];
  }

  /** Why none is the best. */
  get noBest(): string {
    const { metric, better } = this.looks;
    const column = this.column(metric);
    if (!column) return nothingText(this.view.noneFinite ?? false);
    if (!better) return `${wayUnknown(column.name)}: choose above.`;
    return `No visible run has a finite value of ${column.name}.`;
  }

  /** `run 12 · beta 4, seed 2` */
  nameOf(run: number): string {
    const setting = this.settingOf(run);
    return `run ${this.data.numbers[run]!}${setting === '' ? '' : ` · ${setting}`}`;
  }

  settingOf(run: number): string {
    const seeds = this.data.columns.filter(({ kind }) => kind === 'seed');
    return [...this.settingColumns, ...seeds]
      .map((column) => `${column.name} ${cellText(column, column.values[run] ?? null)}`)
      .join(', ');
  }

  /** The path of a run's notebook, from the folder of the notebook that shows the view. */
  notebookOf(run: number): string | undefined {
    if (!this.data.notebooks[run]) return undefined;
    return `${this.view.folder}/runs/${String(this.data.numbers[run]!).padStart(4, '0')}/notebook.ipynb`;
  }

  private usualLooks(): Looks {
    const usual = usualChoices(this.view, this.data);
    const way = (name: string | undefined) => columnOf(this.data, name)?.better ?? null;
    return { ...usual, by: 'step', each: false, wayX: way(usual.front?.[0]), wayY: way(usual.front?.[1]) };
  }

  private coloured(dark: boolean): Colouring {
    return colouring(columnOf(this.data, this.looks.colour) ?? this.data.columns[0]!, dark ? 'dark' : 'light');
  }

  private restore(): void {
    const { settings, looks, data } = this;
    const known = (key: 'metric' | 'colour' | 'parameter') => {
      const name = settings.text(key);
      if (columnOf(data, name)) looks[key] = name!;
    };
    known('metric');
    known('colour');
    known('parameter');
    const way = (key: 'better' | 'wayX' | 'wayY') => {
      const text = settings.text(key);
      if (text === 'lower' || text === 'higher') looks[key] = text;
      else if (text === UNKNOWN) looks[key] = null;
    };
    way('better');
    const front = settings.texts('front');
    if (front?.length === 2 && front.every((name) => columnOf(data, name))) looks.front = [front[0]!, front[1]!];
    way('wayX');
    way('wayY');
    const axes = settings.texts('axes');
    if (axes?.every((name) => columnOf(data, name))) looks.axes = axes;
    looks.by = settings.text('by') === 'epoch' ? 'epoch' : 'step';
    looks.each = settings.boolean('each', false);
    const curve = settings.number('curve', looks.curve);
    if (data.curves[curve]) looks.curve = curve;
  }
}

/** The text that the reader's filter had when the view was last open. */
export function savedFilter(settings: ViewSettings): string {
  return settings.text('filter') ?? '';
}
