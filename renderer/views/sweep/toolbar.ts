/** Above the panels: the filter with its problem, what colours and ranks runs, the key of the colours, and what is brushed. */
import { valueText } from '../../../kernel/views/sweep/settings';
import { h, setHidden, setText } from '../../dom';
import { button, Select } from '../../figure/controls';
import { loadFilters } from './runFilter';
import type { SweepStore } from './store';

const EXAMPLE = 'beta > 2 and state = done';
const HELP = 'Comparisons of columns with = != < <= > >= ~ (contains), in (…), joined by and, or, not and parentheses';

export class Toolbar {
  readonly element: HTMLElement;
  private readonly filter = h('input', {
    ...{ type: 'text', class: 'filter', placeholder: EXAMPLE, spellcheck: 'false', autocomplete: 'off', title: HELP },
    ...{ 'aria-describedby': 'filter-problem' },
  });
  private readonly problem = h('p', { class: 'filter-problem', id: 'filter-problem', role: 'alert' });
  private readonly colour: Select;
  private readonly metric: Select;
  private readonly way: HTMLButtonElement;
  private readonly key = h('ul', { class: 'key' });

  constructor(
    private readonly store: SweepStore,
    refresh: () => void,
  ) {
    this.colour = new Select('Colour', (index) => {
      store.choose({ colour: this.colourable[index]!.name });
      refresh();
    });
    this.metric = new Select('Best by', (index) => {
      const column = store.metrics[index]!;
      store.choose({ metric: column.name, better: column.better });
      refresh();
    });
    this.way = button('', {}, () => {
      store.choose({ better: store.looks.better === 'lower' ? 'higher' : 'lower' });
      refresh();
    });
    this.filter.value = store.filter.text;
    this.filter.addEventListener('focus', () => void loadFilters());
    this.filter.addEventListener('input', () => store.setFilter(this.filter.value, refresh));
    // The notebook around the figure takes keys for its own.
    this.filter.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key !== 'Escape' || this.filter.value === '') return;
      this.filter.value = '';
      store.setFilter('', refresh);
    });
    const row = h(
      'div',
      { class: 'row' },
      h('label', { class: 'filter-label' }, 'Filter', this.filter),
      this.metric.element,
      this.way,
      this.colour.element,
    );
    this.element = h('div', { class: 'sweep-tools' }, row, this.problem, this.key);
  }

  render(): void {
    const { store } = this;
    const { looks } = store;
    const { problem } = store.filter;
    const columns = this.colourable;
    this.colour.show(
      columns.map(({ name }) => name),
      columns.findIndex(({ name }) => name === looks.colour),
    );
    const { metrics } = store;
    this.metric.show(
      metrics.map(({ name }) => name),
      metrics.findIndex(({ name }) => name === looks.metric),
    );
    // Before a run has reported anything, none is best.
    const isNothingBest = store.column(looks.metric) === undefined;
    setHidden(this.metric.element, isNothingBest);
    setHidden(this.way, isNothingBest);
    setText(this.way, looks.better === null ? '↓ or ↑?' : looks.better === 'lower' ? '↓ lowest' : '↑ highest');
    this.way.title =
      looks.better === null
        ? 'It is not known whether the lowest or the highest is best; press for the lowest, again for the highest'
        : `The ${looks.better === 'lower' ? 'lowest' : 'highest'} is best; press to switch`;
    this.filter.setAttribute('aria-invalid', String(problem !== null));
    setHidden(this.problem, problem === null);
    setText(this.problem, problem ? `${sentence(problem.message)} (at character ${problem.at + 1})` : '');
    this.renderKey();
  }

  private get colourable() {
    const { data, settingColumns, metrics } = this.store;
    const own = data.columns.filter(({ kind }) => kind === 'seed' || kind === 'state');
    return [...settingColumns, ...own, ...metrics];
  }

  private renderKey(): void {
    const { column, entries, scale, ofValue } = this.store.colours;
    const name = h('li', { class: 'key-name' }, column.name);
    if (entries.length > 0) {
      const items = entries.map(({ value, colour }) => {
        const swatch = h('i', { class: 'swatch' });
        swatch.style.setProperty('--colour', colour);
        return h('li', {}, swatch, valueText(value));
      });
      this.key.replaceChildren(name, ...items);
      return;
    }
    const value = (share: number) => {
      const place = scale.low + share * (scale.high - scale.low);
      return scale.kind === 'log' ? 10 ** place : place;
    };
    const bar = h('i', { class: 'colour-bar' });
    const stops = Array.from({ length: 9 }, (_, i) => ofValue(value(i / 8)));
    bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
    const ends = [value(0), value(1)].map((end) => valueText(Number(end.toPrecision(4))));
    this.key.replaceChildren(name, h('li', {}, ends[0]!, bar, ends[1]!));
  }
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`;
