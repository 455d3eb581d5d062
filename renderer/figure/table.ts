/** A figure's numbers as a table: what a screen reader reads, and what the CSV file holds. */
import { counted, count, quantity } from '../numbers';
import { h, setText } from '../dom';
import { button } from './controls';
import { Jump } from './jump';
import type { Cell, TableData } from './tableData';
import { ROW_KEYS, TableRows } from './tableRows';
import type { TableOfRows } from './tableRows';

export type { Cell, TableData } from './tableData';

/** Which column the rows are in the order of, if they are not in their own. */
interface Sorting {
  column: number;
  descending: boolean;
  /** The places of the rows. */
  order: Uint32Array;
}

/** Rows on one page. */
export const PAGE_ROWS = 25;

export class TablePanel {
  readonly element = h('section', { class: 'table', 'aria-label': 'Data table', hidden: true });
  private readonly caption = h('caption', { class: 'visually-hidden' });
  private readonly head = h('tr');
  private readonly body = h('tbody');
  private readonly position = h('span');
  private readonly back: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly first: HTMLButtonElement;
  private readonly last: HTMLButtonElement;
  private readonly pages: HTMLElement;
  private readonly jump = new Jump('row', (value) => this.goTo(value));
  private readonly hands: TableRows;
  private readonly scroll: HTMLElement;
  private data: TableData = { columns: [], rows: 0, row: () => [] };
  private title = '';
  private page = 0;
  private sorting: Sorting | undefined;

  /** @param sorts whether the reader can sort the rows by a column; @param announce says what has changed */
  constructor(
    private readonly sorts = false,
    private readonly announce: (text: string) => void = () => undefined,
  ) {
    this.back = button('Previous rows', {}, () => this.turn(-1));
    this.next = button('Next rows', {}, () => this.turn(1));
    this.first = button('First rows', {}, () => this.turn(-Infinity));
    this.last = button('Last rows', {}, () => this.turn(Infinity));
    const buttons = sorts ? [this.first, this.back, this.next, this.last] : [this.back, this.next];
    this.pages = h('div', { class: 'pages' }, ...buttons, this.position, this.jump.element);
    const table = h('table', {}, this.caption, h('thead', {}, this.head), this.body);
    // Wide tables scroll sideways, so the keyboard must reach them.
    this.scroll = h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Data table' }, table);
    this.element.append(this.scroll, this.pages);
    this.hands = new TableRows(this.body, this.scroll, this.rows());
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  set open(value: boolean) {
    this.element.hidden = !value;
    if (value) this.refresh();
    else this.hands.dispose();
  }

  dispose(): void {
    this.hands.dispose();
  }

  show(title: string, data: TableData): void {
    this.title = title;
    this.data = data;
    if (this.open) this.refresh();
  }

  /** Looks at the data, which may make its rows only now. */
  private refresh(): void {
    const { data } = this;
    setText(this.caption, `${this.title}: ${counted(data.rows, 'row')}`);
    if (this.sorting && this.sorting.column < data.columns.length)
      this.sortBy(this.sorting.column, this.sorting.descending);
    else this.sorting = undefined;
    this.page = Math.min(this.page, this.lastPage);
    this.hands.follow(data.linked?.data);
    this.scroll.setAttribute('aria-label', data.linked ? `Data table. ${ROW_KEYS}` : 'Data table');
    this.element.classList.toggle('linked-table', data.linked !== undefined);
    this.render();
  }

  /** The table as its rows are gone through. */
  private rows(): TableOfRows {
    const rowOf = (place: number) => this.sorting?.order[place] ?? place;
    const shown = () => this.data;
    const page = () => this.page;
    return {
      get places() {
        return shown().rows;
      },
      get first() {
        return page() * PAGE_ROWS;
      },
      rowAt: (place) => this.data.linked!.rowOf(rowOf(place)),
      turnTo: (place) => {
        const wanted = Math.floor(place / PAGE_ROWS);
        if (wanted === this.page) return;
        this.page = wanted;
        this.render();
      },
      textAt: (place) => {
        const { columns, format: write = format } = this.data;
        return this.data.row(rowOf(place)).map((cell, i) => `${columns[i]} ${write(cell)}`).join(', '); // prettier-ignore
      },
      announce: (text) => this.announce(text),
    };
  }

  /** Shows the row whose first number this is, or where there is none the nearest one. */
  private goTo(value: number): string | null {
    const { rows, row, columns } = this.data;
    let [nearest, distance] = [-1, Infinity];
    for (let at = 0; at < rows && distance > 0; at++) {
      const cell = row(this.sorting?.order[at] ?? at)[0];
      const off = typeof cell === 'number' ? Math.abs(cell - value) : NaN;
      if (off < distance) [nearest, distance] = [at, off];
    }
    if (nearest < 0) return `there is no ${columns[0] ?? 'row'} ${value}`;
    this.hands.current = nearest;
    this.page = Math.floor(nearest / PAGE_ROWS);
    this.render();
    this.hands.point(nearest);
    return distance === 0 ? null : `there is no ${columns[0] ?? 'row'} ${value}; this is the nearest`;
  }

  private get lastPage(): number {
    return Math.max(0, Math.ceil(this.data.rows / PAGE_ROWS) - 1);
  }

  private turn(by: number): void {
    this.page = Math.min(this.lastPage, Math.max(0, this.page + by));
    this.render();
  }

  /** By a column upwards, then downwards, then in their own order again. */
  private sort(column: number): void {
    const { sorting } = this;
    const name = this.data.columns[column]!;
    if (sorting?.column === column && sorting.descending) {
      this.sorting = undefined;
      this.announce('In the order of the value');
    } else {
      this.sortBy(column, sorting?.column === column);
      this.announce(`Sorted by ${name}, ${this.sorting?.descending ? 'descending' : 'ascending'}`);
    }
    this.page = 0;
    this.hands.current = undefined;
    this.render();
    this.head.children[column]?.querySelector('button')?.focus();
  }

  private sortBy(column: number, descending: boolean): void {
    const { rows } = this.data;
    const cells = Array.from({ length: rows }, (_, i) => this.data.row(i)[column] ?? null);
    const order = Uint32Array.from(cells, (_, i) => i);
    order.sort((a, b) => compare(cells[a]!, cells[b]!, descending) || a - b);
    this.sorting = { column, descending, order };
  }

  private render(): void {
    const { columns, rows, words, format: write = format } = this.data;
    const first = this.page * PAGE_ROWS;
    const end = Math.min(rows, first + PAGE_ROWS);
    const kind = (i: number) => (words?.[i] === undefined ? undefined : words[i] ? 'words' : 'numbers');
    this.head.replaceChildren(...columns.map((name, i) => this.headCell(name, i, kind(i))));
    const order = this.sorting?.order;
    const body = Array.from({ length: end - first }, (_, i) => this.data.row(order?.[first + i] ?? first + i));
    const texts = body.map((cells) => cells.map((cell) => write(cell)));
    const places = columns.map((_, i) =>
      kind(i) === 'numbers' ? Math.max(0, ...texts.map((row) => fraction(row[i]!))) : 0,
    );
    const cell = (text: string, i: number) => h('td', { class: kind(i) }, text, ...padding(text, places[i]!));
    this.body.replaceChildren(...texts.map((row) => h('tr', {}, ...row.map(cell))));
    this.hands.mark();
    this.jump.element.hidden = words?.[0] === true || rows === 0 || typeof this.data.row(0)[0] !== 'number';
    this.jump.rename(columns[0] ?? 'row');
    this.pages.hidden = rows <= PAGE_ROWS;
    this.back.disabled = this.first.disabled = this.page === 0;
    this.next.disabled = this.last.disabled = this.page === this.lastPage;
    const pages = `page ${count(this.page + 1)} of ${count(this.lastPage + 1)}`;
    setText(this.position, this.sorts ? pages : `${pages} · ${counted(rows, 'row')}`);
  }

  private headCell(name: string, column: number, kind: string | undefined): HTMLElement {
    if (!this.sorts) return h('th', { scope: 'col', class: kind }, name);
    const { sorting } = this;
    const direction = sorting?.column !== column ? 'none' : sorting.descending ? 'descending' : 'ascending';
    const sign = h('span', { 'aria-hidden': 'true' }, { none: '', ascending: ' ↑', descending: ' ↓' }[direction]);
    const sort = button('', { title: `Sort by ${name}` }, () => this.sort(column));
    sort.append(name, sign);
    return h('th', { scope: 'col', class: kind, 'aria-sort': direction }, sort);
  }
}

/** Characters from the point on. */
function fraction(text: string): number {
  return /^-?\d+(\.\d*)?$/.exec(text)?.[1]?.length ?? 0;
}

/** What keeps the points of a column below each other. */
function padding(text: string, places: number): HTMLElement[] {
  const missing = /^-?\d/.test(text) ? places - fraction(text) : 0;
  if (missing <= 0) return [];
  const digits = '0'.repeat(missing);
  const unseen = missing === places ? `.${digits.slice(1)}` : digits;
  return [h('span', { class: 'unseen', 'aria-hidden': 'true' }, unseen)];
}

/** Numbers before words, and what is missing after all others, whichever way. */
function compare(a: Cell, b: Cell, descending: boolean): number {
  const rank = (cell: Cell) => (cell === null || cell === 'NaN' ? 2 : typeof cell === 'number' ? 0 : 1);
  const [one, other] = [asNumber(a), asNumber(b)];
  const ranks = rank(one) - rank(other);
  if (ranks !== 0 || one === null || other === null) return ranks;
  const way = descending ? -1 : 1;
  if (typeof one === 'number' && typeof other === 'number') return way * (one - other || 0);
  return way * collator.compare(String(one), String(other));
}

const collator = new Intl.Collator('en', { numeric: true });

/** The infinities come as texts. */
function asNumber(cell: Cell): Cell {
  return cell === 'Infinity' || cell === '-Infinity' ? Number(cell) : cell;
}

function format(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  return Number.isInteger(cell) ? count(cell) : quantity(cell);
}

/** RFC 4180, numbers in full precision with a point. */
export function toCsv({ columns, rows, row }: TableData): string {
  const lines = [columns.map(quote).join(',')];
  for (let i = 0; i < rows; i++) {
    lines.push(
      row(i)
        .map((cell) => (cell === null ? '' : typeof cell === 'number' ? String(cell) : quote(cell)))
        .join(','),
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
