/** A figure's numbers as a table: what a screen reader reads, and what the CSV file holds. */
import { counted, count, quantity } from '../numbers';
import { h, setText } from '../dom';
import { button } from './controls';

export type Cell = string | number | null;

/** Rows are made when they are asked for: a scatter has many thousands. */
export interface TableData {
  columns: string[];
  rows: number;
  row(index: number): Cell[];
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
  private readonly pages: HTMLElement;
  private data: TableData = { columns: [], rows: 0, row: () => [] };
  private page = 0;

  constructor() {
    this.back = button('Previous rows', {}, () => this.turn(-1));
    this.next = button('Next rows', {}, () => this.turn(1));
    this.pages = h('div', { class: 'pages' }, this.back, this.next, this.position);
    const table = h('table', {}, this.caption, h('thead', {}, this.head), this.body);
    // Wide tables scroll sideways, so the keyboard must reach them.
    const scroll = h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Data table' }, table);
    this.element.append(scroll, this.pages);
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  set open(value: boolean) {
    this.element.hidden = !value;
    if (value) this.render();
  }

  show(title: string, data: TableData): void {
    setText(this.caption, `${title}: ${counted(data.rows, 'row')}`);
    this.data = data;
    this.page = Math.min(this.page, this.lastPage);
    if (this.open) this.render();
  }

  private get lastPage(): number {
    return Math.max(0, Math.ceil(this.data.rows / PAGE_ROWS) - 1);
  }

  private turn(by: number): void {
    this.page = Math.min(this.lastPage, Math.max(0, this.page + by));
    this.render();
  }

  private render(): void {
    const { columns, rows, row } = this.data;
    const first = this.page * PAGE_ROWS;
    const end = Math.min(rows, first + PAGE_ROWS);
    this.head.replaceChildren(...columns.map((name) => h('th', { scope: 'col' }, name)));
    const body = Array.from({ length: end - first }, (_, i) => row.call(this.data, first + i));
    this.body.replaceChildren(...body.map((cells) => h('tr', {}, ...cells.map((cell) => h('td', {}, format(cell))))));
    this.pages.hidden = rows <= PAGE_ROWS;
    this.back.disabled = this.page === 0;
    this.next.disabled = this.page === this.lastPage;
    setText(this.position, `rows ${count(first + 1)} to ${count(end)} of ${count(rows)}`);
  }
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
