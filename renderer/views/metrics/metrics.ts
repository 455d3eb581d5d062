import { isBest, metricHead, metricNotes } from '../../../kernel/views/metricRanks';
import type { MetricsView } from '../../../kernel/views/types';
import { copyText } from '../../clipboard';
import { adoptStyles, h } from '../../dom';
import { messageOf } from '../../errors';
import { button } from '../../figure/controls';
import { toCsv } from '../../figure/table';
import type { Drawn, ViewContext } from '../../view';
import styles from './metrics.css';
import { latexOf, metricsData, orderOf } from './model';
import type { Sorting } from './model';
import { printMetrics } from './print';

export class MetricsFigure implements Drawn<MetricsView> {
  private readonly head = h('tr');
  private readonly body = h('tbody');
  private sorting: Sorting | undefined;

  constructor(
    private readonly context: ViewContext,
    private shown: MetricsView,
  ) {
    const { figure } = context;
    adoptStyles(figure.root, styles);
    const copy = (name: string, text: () => string) =>
      button(`Copy ${name}`, { title: `Copy the table as ${name}` }, () => {
        copyText(text()).then(
          () => figure.announce(`Copied as ${name}`),
          (error: unknown) => figure.setProblem(`Not copied: ${messageOf(error)}`),
        );
      });
    figure.controls.append(
      copy('CSV', () => toCsv(metricsData(this.shown, this.order))),
      copy('LaTeX', () => latexOf(this.shown, this.order)),
    );
    const table = h('table', { 'aria-label': 'Metrics' }, h('thead', {}, this.head), this.body);
    // Wide tables scroll sideways, so the keyboard must reach them.
    figure.body.append(h('div', { class: 'metrics', tabindex: 0, role: 'group', 'aria-label': 'Metrics' }, table));
    figure.setDrawing(() => printMetrics(this.shown, this.order));
    this.update(shown);
  }

  update(view: MetricsView): void {
    this.shown = view;
    if (this.sorting && this.sorting.metric >= view.metrics.length) this.sorting = undefined;
    this.context.figure.setText({ title: view.title, summary: view.summary, caption: '', notes: metricNotes(view) });
    this.render();
  }

  dispose(): void {
    this.body.replaceChildren();
  }

  private get order(): number[] {
    return orderOf(this.shown, this.sorting);
  }

  private render(): void {
    const { shown: view, order } = this;
    this.head.replaceChildren(
      this.headCell('model', -1),
      ...view.metrics.map((metric, m) => this.headCell(metricHead(metric), m)),
    );
    this.body.replaceChildren(
      ...order.map((model) => {
        const cells = view.metrics.map((_, m) => {
          const text = view.cells[model]?.[m]?.text ?? '–';
          const best = isBest(view, model, m);
          return h('td', { class: best ? 'best' : undefined }, best ? h('strong', {}, text) : text);
        });
        return h('tr', {}, h('th', { scope: 'row' }, view.models[model]!), ...cells);
      }),
    );
    this.context.figure.setTable(metricsData(view, order));
  }

  private headCell(name: string, metric: number): HTMLElement {
    const { sorting } = this;
    const direction = sorting?.metric !== metric ? 'none' : sorting.descending ? 'descending' : 'ascending';
    const sign = { none: '', ascending: ' ▴', descending: ' ▾' }[direction];
    const sort = button('', { title: `Sort by ${name}` }, () => this.sortBy(metric));
    sort.append(name, h('span', { 'aria-hidden': 'true' }, sign));
    return h('th', { scope: 'col', 'aria-sort': direction }, sort);
  }

  /** The best first, then the worst, then in their own order again. */
  private sortBy(metric: number): void {
    const bestFirst = this.shown.metrics[metric]?.better === 'higher';
    const { sorting } = this;
    if (sorting?.metric !== metric) this.sorting = { metric, descending: bestFirst };
    else this.sorting = sorting.descending === bestFirst ? { metric, descending: !bestFirst } : undefined;
    this.render();
    const name = this.shown.metrics[metric]?.name ?? 'model';
    const way = this.sorting && (this.sorting.descending ? 'descending' : 'ascending');
    this.context.figure.announce(way ? `Sorted by ${name}, ${way}` : 'In the order of the value');
    this.head.children[metric + 1]?.querySelector('button')?.focus();
  }
}
