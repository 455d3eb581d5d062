/** Rows of data that are selected or pointed at in one view of a page, and are marked in the others that show the same data. */

/** What a view hears of the others. */
export interface RowsListener {
  /** Rows that are selected there; null: nothing is. */
  onSelected?(rows: ReadonlySet<number> | null): void;
  /** The row that is pointed at there; null: none. */
  onPointed?(row: number | null): void;
}

/** What is marked of some data, for views that come later. */
interface Marked {
  listeners: Set<RowsListener>;
  selected: (() => ReadonlySet<number>) | null;
  pointed: number | null;
}

/** Views of one page, by the data that they are of. */
export class LinkedRows {
  private readonly byData = new Map<string, Marked>();

  /**
   * @param data     what data it is of; see `fingerprintOf` in the kernel
   * @param listener hears of other views
   * @returns ends it
   */
  subscribe(data: string, listener: RowsListener): () => void {
    const marked = this.byData.get(data) ?? { listeners: new Set(), selected: null, pointed: null };
    this.byData.set(data, marked);
    marked.listeners.add(listener);
    if (marked.selected) listener.onSelected?.(marked.selected());
    return () => {
      marked.listeners.delete(listener);
      if (marked.listeners.size === 0) this.byData.delete(data);
    };
  }

  /**
   * @param rows gathers them, where somebody listens; null: nothing is selected
   * @param from hears nothing of its own selection
   */
  select(data: string, rows: (() => ReadonlySet<number>) | null, from: RowsListener): void {
    const marked = this.byData.get(data);
    if (!marked) return;
    marked.selected = rows;
    const others = [...marked.listeners].filter((listener) => listener !== from && listener.onSelected);
    if (others.length === 0) return;
    const all = rows && rows();
    for (const listener of others) listener.onSelected?.(all);
  }

  /** @param from hears nothing of what it points at itself */
  point(data: string, row: number | null, from: RowsListener): void {
    const marked = this.byData.get(data);
    if (!marked || marked.pointed === row) return;
    marked.pointed = row;
    for (const listener of [...marked.listeners]) if (listener !== from) listener.onPointed?.(row);
  }
}

/** This page's. */
export const linkedRows = new LinkedRows();

/** One view's end of the links. */
export class LinkedView {
  private data: string | undefined;
  private unlink: () => void = () => undefined;
  private isPointing = false;

  constructor(private readonly listener: RowsListener) {}

  /** @param data what data the view is of; undefined: nobody's but its own */
  follow(data: string | undefined): void {
    if (data === this.data) return;
    this.dispose();
    this.data = data;
    if (data !== undefined) this.unlink = linkedRows.subscribe(data, this.listener);
  }

  select(rows: (() => ReadonlySet<number>) | null): void {
    if (this.data !== undefined) linkedRows.select(this.data, rows, this.listener);
  }

  point(row: number | null): void {
    if (this.data === undefined || (row === null && !this.isPointing)) return;
    this.isPointing = row !== null;
    linkedRows.point(this.data, row, this.listener);
  }

  dispose(): void {
    this.point(null);
    this.unlink();
    this.unlink = () => undefined;
    this.data = undefined;
  }
}
