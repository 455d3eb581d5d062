/** A metric against a parameter, with error bars over runs. */
import { metricChart } from '../../../../kernel/views/sweep/charts/metricChart';
import { cellText } from '../../../../kernel/views/sweep/rows';
import { h, setHidden } from '../../../dom';
import { Select } from '../../../figure/controls';
import type { Figure } from '../../../figure/figure';
import type { Hands } from '../hands';
import type { SweepStore } from '../store';
import { ChartPanel } from './chartPanel';
import { section } from './part';
import type { Part } from './part';

export class MetricPart implements Part {
  readonly element: HTMLElement;
  private readonly panel: ChartPanel;
  private readonly across: Select;
  private readonly title = h('h3', {}, 'Metric by parameter');

  constructor(
    figure: Figure,
    private readonly store: SweepStore,
    hands: Hands,
    refresh: () => void,
  ) {
    this.across = new Select('Over', (index) => {
      store.choose({ parameter: this.columns[index]!.name });
      this.panel.reset();
      refresh();
    });
    this.panel = new ChartPanel(figure, {
      ...{ name: 'Metric by parameter', hands, colourOf: (run) => store.colours.of(run) },
      order: () => this.order,
      says: (run) => this.says(run),
    });
    this.element = section('metric', this.title, [this.across.element], this.panel.element);
  }

  render(width: number): void {
    const { store } = this;
    const { looks, colours } = store;
    const names = this.columns.map(({ name }) => name);
    this.across.show(names, names.indexOf(looks.parameter));
    const [x, y] = [store.column(looks.parameter), store.column(looks.metric)];
    this.title.textContent = y ? `${y.name} by ${x?.name ?? 'run'}` : 'Metric by parameter';
    setHidden(this.across.element, !x || !y);
    if (!x || !y) {
      const nothing = { title: '', range: [0, 1], ticks: () => [] } as const;
      const none = { x: nothing, y: nothing, bands: [], lines: [], bars: [], points: [], labels: [] };
      return this.panel.show({ ...none, empty: store.noBest }, width);
    }
    this.panel.show(metricChart(store.shown, x, y, colours), width);
    this.mark();
  }

  mark(): void {
    this.panel.mark(this.store.marked);
  }

  /** What the axis may be of. */
  private get columns() {
    const { data, settingColumns, metrics } = this.store;
    const seeds = data.columns.filter(({ kind }) => kind === 'seed' || kind === 'run');
    return [...settingColumns, ...seeds, ...metrics];
  }

  private get order(): number[] {
    const { store } = this;
    const [x, y] = [store.column(store.looks.parameter), store.column(store.looks.metric)];
    const at = (run: number) => Number(x?.values[run] ?? NaN);
    const there = store.shown.filter((run) => x?.values[run] !== null && (y?.values[run] ?? null) !== null);
    return there.sort((a, b) => at(a) - at(b) || a - b);
  }

  private says(run: number): string {
    const { store } = this;
    const y = store.column(store.looks.metric);
    return y ? `${y.name} ${cellText(y, y.values[run] ?? null)}` : '';
  }
}
