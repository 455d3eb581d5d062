/** Rows of a table that are rows of data: pointed at and selected by hand and by keys, and marked as other views mark them. */
import { runKey } from '../accessibility';
import { count } from '../numbers';
import { LinkedView } from '../linkedRows';
import { rowName } from '../../kernel/views/wording';

/** The table that the rows are of. A place is that of a row in the order of the table. */
export interface TableOfRows {
  readonly places: number;
  /** The first place of the page. */
  readonly first: number;
  /** The row of the data at a place. */
  rowAt(place: number): number;
  /** Turns to the page that a place is on. */
  turnTo(place: number): void;
  /** What a row says, for those who hear the table. */
  textAt(place: number): string;
  announce(text: string): void;
}

/** What the keys do, for those who hear the table. */
export const ROW_KEYS =
  'Up and down go from row to row, Home and End to the ends, Enter selects a row here and in the other views of the ' +
  'data, with Shift the arrow keys select all on the way, Escape lets go.';

export class TableRows {
  /** The place that was gone to. */
  current: number | undefined;
  /** Keys came last: rows that move below a pointer at rest are not pointed at. */
  private byKeys = false;
  /** Where a selection of several began. */
  private anchor: number | undefined;
  private selected: ReadonlySet<number> | null = null;
  private pointed: number | null = null;
  private data: string | undefined;
  private readonly link = new LinkedView({
    onSelected: (rows) => {
      this.selected = rows;
      this.mark();
    },
    onPointed: (row) => {
      this.pointed = row;
      this.mark();
    },
  });

  /** @param scroll has the focus of the table */
  constructor(
    private readonly body: HTMLElement,
    scroll: HTMLElement,
    private readonly table: TableOfRows,
  ) {
    body.addEventListener('pointerover', (event) => {
      if (!this.byKeys) this.point(this.placeOf(event));
    });
    body.addEventListener('pointermove', (event) => {
      if (!this.byKeys || (event.movementX === 0 && event.movementY === 0)) return;
      this.byKeys = false;
      this.point(this.placeOf(event));
    });
    body.addEventListener('pointerleave', () => {
      if (!this.byKeys) this.point(this.current);
    });
    body.addEventListener('click', (event) => this.onClick(event));
    scroll.addEventListener('keydown', (event) => {
      if (this.isLinked && event.target === scroll) this.onKey(event);
    });
  }

  /** @param data what data the rows are of; undefined: they are no rows of data */
  follow(data: string | undefined): void {
    if (data === this.data) return;
    this.data = data;
    // The view marks the rows of the new data at once.
    this.selected = this.pointed = null;
    this.link.follow(data);
  }

  dispose(): void {
    this.data = undefined;
    this.link.dispose();
  }

  private get isLinked(): boolean {
    return this.data !== undefined;
  }

  /** Other views of the same data mark the row at a place; undefined: none. */
  point(place: number | undefined): void {
    this.link.point(place === undefined || !this.isLinked ? null : this.table.rowAt(place));
  }

  /** Marks what is selected or pointed at, here or elsewhere. */
  mark(): void {
    for (const [i, element] of [...this.body.children].entries()) {
      const place = this.table.first + i;
      const row = this.isLinked ? this.table.rowAt(place) : undefined;
      const isSelected = row !== undefined && (this.selected?.has(row) ?? false);
      element.classList.toggle('selected', isSelected);
      element.classList.toggle('pointed', row !== undefined && row === this.pointed);
      if (isSelected) element.setAttribute('aria-selected', 'true');
      else element.removeAttribute('aria-selected');
      if (place === this.current) element.setAttribute('aria-current', 'true');
      else element.removeAttribute('aria-current');
    }
  }

  /** The place of the row that an event is about. */
  private placeOf({ target }: Event): number | undefined {
    const row = target instanceof Element ? target.closest('tr') : null;
    const at = row === null ? -1 : [...this.body.children].indexOf(row);
    return at < 0 ? undefined : this.table.first + at;
  }

  private onClick(event: MouseEvent): void {
    const place = this.placeOf(event);
    // Who marks the text of a cell, to copy it, selects no row.
    const isText = getSelection()?.isCollapsed === false;
    if (!this.isLinked || place === undefined || (isText && !event.shiftKey)) return;
    this.byKeys = false;
    this.current = place;
    if (event.shiftKey) this.selectTo(place);
    else if (event.ctrlKey || event.metaKey) this.toggle(place);
    else this.selectOnly(place);
  }

  private onKey(event: KeyboardEvent): void {
    const go = (to: number) => {
      const from = this.current;
      const last = this.table.places - 1;
      const place = Math.max(0, Math.min(last, to));
      if (last < 0) return;
      this.anchor = event.shiftKey ? (this.anchor ?? from ?? place) : undefined;
      this.goTo(place);
      if (event.shiftKey) this.selectTo(place);
    };
    const at = this.current ?? this.table.first - 1;
    const toggle = () => {
      if (this.current !== undefined) this.toggle(this.current);
    };
    runKey(event, {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(this.current === undefined ? this.table.first : at - 1),
      Home: () => go(0),
      End: () => go(Infinity),
      Enter: toggle,
      ' ': toggle,
      Escape: () => {
        this.current = this.anchor = undefined;
        this.point(undefined);
        this.setSelected(null);
      },
    });
  }

  private goTo(place: number): void {
    this.byKeys = true;
    this.current = place;
    this.table.turnTo(place);
    this.mark();
    this.body.children[place - this.table.first]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.point(place);
    this.table.announce(this.table.textAt(place));
  }

  private selectOnly(place: number): void {
    const row = this.table.rowAt(place);
    const isOnly = this.selected?.size === 1 && this.selected.has(row);
    this.anchor = place;
    this.setSelected(isOnly ? null : new Set([row]));
  }

  private toggle(place: number): void {
    const row = this.table.rowAt(place);
    const rows = new Set(this.selected);
    if (!rows.delete(row)) rows.add(row);
    this.anchor = place;
    this.setSelected(rows.size === 0 ? null : rows);
    this.table.announce(
      `${rowName(row)} ${rows.has(row) ? 'selected' : 'no longer selected'}, ${count(rows.size)} in all`,
    );
  }

  private selectTo(place: number): void {
    const from = this.anchor ?? place;
    const [first, last] = [Math.min(from, place), Math.max(from, place)];
    this.anchor = from;
    this.setSelected(new Set(Array.from({ length: last - first + 1 }, (_, i) => this.table.rowAt(first + i))));
  }

  private setSelected(rows: ReadonlySet<number> | null): void {
    this.selected = rows;
    this.link.select(rows && (() => rows));
    this.mark();
  }
}
