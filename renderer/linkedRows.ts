/** Rows of data that are selected in one view of a page and light up in the others that show the same data. */

export type RowsListener = (rows: ReadonlySet<number> | null) => void;

/** Views of one page, by the data that they are of. */
export class LinkedRows {
  private readonly listeners = new Map<string, Set<RowsListener>>();
  /** What is selected, for views that come later. */
  private readonly selected = new Map<string, () => ReadonlySet<number>>();

  /**
   * @param data     what data it is of; see `fingerprintOf` in the kernel
   * @param listener hears of other views' selections; null: nothing is selected
   * @returns ends it
   */
  subscribe(data: string, listener: RowsListener): () => void {
    const all = this.listeners.get(data) ?? new Set();
    this.listeners.set(data, all.add(listener));
    const rows = this.selected.get(data);
    if (rows) listener(rows());
    return () => {
      all.delete(listener);
      if (all.size > 0) return;
      this.listeners.delete(data);
      this.selected.delete(data);
    };
  }

  /**
   * @param rows gathers them, where somebody listens; null: nothing is selected
   * @param from hears nothing of its own selection
   */
  select(data: string, rows: (() => ReadonlySet<number>) | null, from: RowsListener): void {
    if (rows === null) this.selected.delete(data);
    else this.selected.set(data, rows);
    const others = [...(this.listeners.get(data) ?? [])].filter((listener) => listener !== from);
    if (others.length === 0) return;
    const all = rows && rows();
    for (const listener of others) listener(all);
  }
}

/** This page's. */
export const linkedRows = new LinkedRows();
