/** The table of runs: sorted by its heads, walked by keys; only rows in sight are made. */
import { cellText, sortedRuns, tableColumns } from '../../../../kernel/views/sweep/rows';
import type { Column } from '../../../../kernel/views/sweep/data';
import { runKey } from '../../../accessibility';
import { h } from '../../../dom';
import { button } from '../../../figure/controls';
import type { Figure } from '../../../figure/figure';
import { counted } from '../../../numbers';
import type { Hands } from '../hands';
import type { SweepStore } from '../store';
import { section } from './part';
import type { Part } from './part';
import type { OpenControl } from '../openControl';

const ROW = 26;
/** Rows in sight, and others above and below that are made with them. */
const SEEN = 12;
const MORE = 6;

export class RunsTable implements Part {
  readonly element: HTMLElement;
  private readonly head = h('tr');
  private readonly body = h('tbody');
  private readonly scroll: HTMLElement;
  private readonly title = h('h3', {}, 'Runs');
  private columns: readonly Column[] = [];
  private order: readonly number[] = [];
  private heads = '';
  private seen = '';

  constructor(
    private readonly figure: Figure,
    private readonly store: SweepStore,
    private readonly hands: Hands,
    private readonly open: OpenControl,
    private readonly refresh: () => void,
  ) {
    const table = h('table', { 'aria-label': 'Runs' }, h('thead', {}, this.head), this.body);
    const label =
      'Runs. Up and down arrow keys go from run to run, Page Up and Page Down by a page, Enter opens the notebook, Escape clears.';
    this.scroll = h('div', { class: 'runs', tabindex: 0, role: 'group', 'aria-label': label }, table);
    this.scroll.addEventListener('scroll', () => this.renderRows(), { passive: true });
    this.scroll.addEventListener('keydown', (event) => this.onKey(event));
    this.body.addEventListener('pointerover', (event) => hands.point(this.runOf(event.target)));
    this.body.addEventListener('pointerleave', () => hands.point(null));
    this.body.addEventListener('click', (event) => {
      if ((event.target as Element).closest('button, a')) return;
      const run = this.runOf(event.target);
      if (run === null) return;
      if (run === store.selected) hands.release();
      else hands.choose(run);
    });
    this.element = section('table-of-runs', this.title, [], this.scroll);
  }

  /** The runs in the order in which they stand. */
  get runs(): readonly number[] {
    return this.order;
  }

  get shownColumns(): readonly Column[] {
    return this.columns;
  }

  render(): void {
    const { store } = this;
    this.columns = tableColumns(store.data);
    const { sorting } = store;
    const column = sorting && this.columns.find(({ name }) => name === sorting.column);
    this.order = sortedRuns(store.shown, column, sorting?.descending ?? false);
    const all = store.data.count;
    this.title.textContent =
      store.shown.length === all ? counted(all, 'run') : `${store.shown.length} of ${counted(all, 'run')}`;
    this.renderHead();
    this.scroll.style.maxHeight = `${(Math.min(SEEN, Math.max(1, this.order.length)) + 1) * ROW + 10}px`;
    this.seen = '';
    this.renderRows();
  }

  mark(): void {
    const { store } = this;
    if (store.selected !== null && store.hovered === null) this.bringIntoSight(store.selected);
    this.seen = '';
    this.renderRows();
  }

  private renderHead(): void {
    const { store, columns } = this;
    const key = JSON.stringify([columns.map(({ name }) => name), store.sorting, store.data.count]);
    if (key === this.heads) return;
    this.heads = key;
    const focused = (this.head.getRootNode() as ShadowRoot).activeElement;
    const at = [...this.head.querySelectorAll('button')].findIndex((one) => one === focused);
    this.head.replaceChildren(
      h('th', { class: 'sign' }, h('span', { class: 'visually-hidden' }, 'colour')),
      ...columns.map((column) => this.headCell(column)),
    );
    if (at >= 0) this.head.querySelectorAll('button')[at]?.focus();
  }

  private headCell(column: Column): HTMLElement {
    const { sorting } = this.store;
    const direction = sorting?.column !== column.name ? 'none' : sorting.descending ? 'descending' : 'ascending';
    const sign = { none: '', ascending: ' ↑', descending: ' ↓' }[direction];
    const sort = button('', { title: `Sort by ${column.name}` }, () => this.sortBy(column));
    sort.append(column.name, h('span', { 'aria-hidden': 'true' }, sign));
    const head = h('th', { scope: 'col', 'aria-sort': direction, class: isWords(column) ? 'words' : undefined }, sort);
    // Rows out of sight are as wide.
    const widest = column.values.reduce<number>((most, value) => Math.max(most, cellText(column, value).length), 0);
    head.style.minWidth = `${Math.max(column.name.length + 2, Math.min(40, widest))}ch`;
    return head;
  }

  /** The best first, then the worst, then in their own order again. */
  private sortBy(column: Column): void {
    const { store, figure } = this;
    const bestFirst = column.better === 'higher';
    const { sorting } = store;
    if (sorting?.column !== column.name) store.sorting = { column: column.name, descending: bestFirst };
    else store.sorting = sorting.descending === bestFirst ? { column: column.name, descending: !bestFirst } : undefined;
    this.scroll.scrollTop = 0;
    this.refresh();
    const way = store.sorting && (store.sorting.descending ? 'descending' : 'ascending');
    figure.announce(way ? `Sorted by ${column.name}, ${way}` : 'In the order of the sweep');
  }

  private renderRows(): void {
    const { order, columns, scroll, store } = this;
    const first = Math.max(0, Math.min(order.length - SEEN, Math.floor(scroll.scrollTop / ROW)) - MORE);
    const end = Math.min(order.length, first + SEEN + 2 * MORE);
    const key = JSON.stringify([first, end, store.hovered, store.selected]);
    if (key === this.seen) return;
    this.seen = key;
    const space = (rows: number) => {
      if (rows <= 0) return [];
      const row = h('tr', { class: 'space', 'aria-hidden': 'true' }, h('td', { colspan: columns.length + 1 }));
      row.style.height = `${rows * ROW}px`;
      return [row];
    };
    const rows = order.slice(first, end).map((run, i) => this.row(run, first + i));
    this.body.replaceChildren(...space(first), ...rows, ...space(order.length - end));
  }

  private row(run: number, index: number): HTMLElement {
    const { store, columns } = this;
    const swatch = h('i', { class: 'swatch' });
    swatch.style.setProperty('--colour', store.colours.of(run));
    const reason = store.data.reasons.get(run);
    const cells = columns.map((column) => {
      const text = cellText(column, column.values[run] ?? null);
      if (column.kind === 'run') return h('th', { scope: 'row' }, this.open.forRun(run, text));
      const title = column.kind === 'state' ? reason : undefined;
      return h(
        'td',
        {
          class: isWords(column) ? 'words' : undefined,
          title,
          'data-state': column.kind === 'state' ? text : undefined,
        },
        text,
      );
    });
    const isMarked = run === store.selected;
    const state = isMarked ? 'selected' : run === store.hovered ? 'hovered' : undefined;
    const attributes = { 'data-run': run, 'aria-rowindex': index + 2, 'aria-current': isMarked ? 'true' : undefined };
    return h('tr', { ...attributes, class: state }, h('td', { class: 'sign' }, swatch), ...cells);
  }

  private runOf(target: EventTarget | null): number | null {
    const row = target instanceof Element ? target.closest<HTMLElement>('tr[data-run]') : null;
    return row ? Number(row.dataset.run) : null;
  }

  private bringIntoSight(run: number): void {
    const at = this.order.indexOf(run);
    if (at < 0) return;
    const { scroll } = this;
    const [top, bottom] = [at * ROW, (at + 2) * ROW];
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (bottom > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = bottom - scroll.clientHeight;
  }

  private onKey(event: KeyboardEvent): void {
    if ((event.target as Element).closest('button, a')) return;
    const { store, hands, order, figure } = this;
    const at = store.selected === null ? -1 : order.indexOf(store.selected);
    const go = (index: number) => {
      const run = order[Math.max(0, Math.min(order.length - 1, index))];
      if (run === undefined) return;
      hands.release();
      hands.choose(run);
      figure.announce(store.nameOf(run));
    };
    runKey(event, {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at < 0 ? order.length - 1 : at - 1),
      PageDown: () => go(at + SEEN),
      PageUp: () => go(at - SEEN),
      Home: () => go(0),
      End: () => go(order.length - 1),
      Enter: () => store.selected !== null && hands.choose(store.selected),
      Escape: () => hands.release(),
    });
  }
}

const isWords = ({ values }: Column) => values.some((value) => typeof value === 'string');
