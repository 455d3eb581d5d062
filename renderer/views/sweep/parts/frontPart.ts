/** Two metrics of each run, the Pareto front, and the runs that stand on it by name. */
import { frontChart } from '../../../../kernel/views/sweep/charts/frontChart';
import { cellText } from '../../../../kernel/views/sweep/rows';
import { wayUnknown } from '../../../../kernel/views/sweep/summary';
import { h } from '../../../dom';
import { button, Select } from '../../../figure/controls';
import type { Figure } from '../../../figure/figure';
import { counted } from '../../../numbers';
import type { Hands } from '../hands';
import type { SweepStore } from '../store';
import { ChartPanel } from './chartPanel';
import { section } from './part';
import type { Part } from './part';

/** Runs of the front that are named below it. */
const NAMED = 8;

export class FrontPart implements Part {
  readonly element: HTMLElement;
  private readonly panel: ChartPanel;
  private readonly x: Select;
  private readonly y: Select;
  private readonly ways: Record<'wayX' | 'wayY', HTMLButtonElement>;
  private readonly names = h('p', { class: 'front-runs' });
  private front: readonly number[] = [];

  constructor(
    figure: Figure,
    private readonly store: SweepStore,
    private readonly hands: Hands,
    refresh: () => void,
  ) {
    const choose = (choice: Parameters<SweepStore['choose']>[0]) => {
      store.choose(choice);
      this.panel.reset();
      refresh();
    };
    const axis = (place: 0 | 1, way: 'wayX' | 'wayY') => (index: number) => {
      const metric = store.metrics[index]!;
      const front = [...(store.looks.front ?? ['', ''])] as [string, string];
      front[place] = metric.name;
      choose({ front, [way]: metric.better });
    };
    const turn = (way: 'wayX' | 'wayY') =>
      button('', {}, () => choose({ [way]: store.looks[way] === 'lower' ? 'higher' : 'lower' }));
    this.x = new Select('x', axis(0, 'wayX'));
    this.y = new Select('y', axis(1, 'wayY'));
    this.ways = { wayX: turn('wayX'), wayY: turn('wayY') };
    this.panel = new ChartPanel(figure, {
      ...{ name: 'Pareto front', hands, colourOf: (run) => store.colours.of(run) },
      order: () => this.front,
      says: (run) => this.says(run),
    });
    const controls = [this.x.element, this.ways.wayX, this.y.element, this.ways.wayY];
    this.element = section('front', h('h3', {}, 'Pareto front'), controls, this.panel.element, this.names);
  }

  render(width: number): void {
    const { store } = this;
    const { looks, colours, metrics } = store;
    const names = metrics.map(({ name }) => name);
    const [x, y] = (looks.front ?? []).map((name) => store.column(name));
    this.x.show(names, names.indexOf(x?.name ?? ''));
    this.y.show(names, names.indexOf(y?.name ?? ''));
    this.element.hidden = names.length < 2;
    if (!x || !y) return;
    for (const [way, column] of [
      ['wayX', x],
      ['wayY', y],
    ] as const) {
      const chosen = looks[way];
      this.ways[way].textContent = chosen === null ? '?' : chosen === 'lower' ? '↓' : '↑';
      const says = chosen === null ? wayUnknown(column.name) : `${chosen} ${column.name} is better`;
      this.ways[way].title = `${says}; press to ${chosen === null ? 'choose lower' : 'switch'}`;
      this.ways[way].setAttribute('aria-label', says);
    }
    const { wayX, wayY } = looks;
    const { chart, front } = frontChart(store.data, store.shown, { x, y, wayX, wayY, colours });
    this.front = front;
    this.panel.show(chart, width);
    this.nameRuns();
    this.mark();
  }

  mark(): void {
    this.panel.mark(this.store.marked);
    for (const one of this.names.querySelectorAll('button'))
      one.setAttribute('aria-pressed', String(Number(one.dataset.run) === this.store.marked));
  }

  private nameRuns(): void {
    const { store, hands, front } = this;
    const buttons = front.slice(0, NAMED).map((run) => {
      const one = button(String(store.data.numbers[run]!), { title: store.nameOf(run) }, () => hands.choose(run));
      one.dataset.run = String(run);
      const { settingColumns: columns } = store;
      const texts = columns.map((column) => `${column.name} ${cellText(column, column.values[run] ?? null)}`);
      const setting = columns.length <= 2 ? texts.join(', ') : '';
      if (setting !== '') one.append(h('span', {}, setting));
      return one;
    });
    const { looks } = store;
    const unknown = (['wayX', 'wayY'] as const).findIndex((way) => looks[way] === null);
    if (unknown >= 0 && looks.front)
      return this.names.replaceChildren(`No front: ${wayUnknown(looks.front[unknown]!)}. Press “?” to choose.`);
    const rest = front.length > NAMED ? ` and ${counted(front.length - NAMED, 'other')}` : '';
    this.names.replaceChildren(...(front.length > 0 ? ['On the front: ', ...buttons, rest] : []));
  }

  private says(run: number): string {
    const { store } = this;
    const columns = (store.looks.front ?? []).flatMap((name) => store.column(name) ?? []);
    const values = columns.map((column) => `${column.name} ${cellText(column, column.values[run] ?? null)}`);
    return `${values.join(', ')}${this.front.includes(run) ? '; on the front' : ''}`;
  }
}
