/** The values of one column, row after row, from page to page and from one group of rows to the next. */
import type { FileHandle } from 'node:fs/promises';
import { DataError } from '../checkData';
import { textOf } from '../files';
import type { ColumnFacts } from '../tables/columnFacts';
import { cut } from '../words';
import { chunksOf, type ParquetColumn, type ParquetFile } from './file';
import { ColumnPages, type Page } from './pages';

/** Where numbers go. */
export interface Target {
  /** [rows, width] */
  values: Float32Array;
  width: number;
  /** Place of the column's first feature. */
  role: number;
  facts: ColumnFacts | null;
  offsets: Float64Array | null;
}

export class ColumnCursor {
  /** Rows that were read. */
  row = 0;
  private readonly groups: ReturnType<typeof chunksOf>;
  private group = 0;
  private pages: ColumnPages | null = null;
  private page: Page | null = null;
  /** Entries of the page that were read, and values of it. */
  private at = 0;
  private taken = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly file: ParquetFile,
    readonly column: ParquetColumn,
    /** Entries of each row. */
    readonly entries = 1,
  ) {
    this.groups = chunksOf(file, column);
  }

  /**
   * Reads numbers of so many rows.
   *
   * @throws {DataError} when the column is damaged or ends early, or a list has another length than the first
   */
  async numbers(rows: number, target: Target): Promise<void> {
    await this.over(rows * this.entries, (page, count, done) => {
      if (page.repetitions) this.checkLists(page, count, done);
      this.put(page, count, done, target);
    });
    this.row += rows;
  }

  /** Reads cells of so many rows: text, numbers, null. */
  async cells(rows: number): Promise<(string | number | null)[]> {
    const cells: (string | number | null)[] = [];
    await this.over(rows, (page, count) => {
      const values = page.texts ?? page.numbers!;
      for (let i = this.at; i < this.at + count; i++) {
        const there = !page.definitions || page.definitions[i] === this.column.maxDefinition;
        cells.push(there ? values[this.taken++]! : null);
      }
    });
    this.row += rows;
    return cells;
  }

  /** Entries of the first row: of lists their length. */
  async firstLength(): Promise<number> {
    let length = 0;
    for (;;) {
      const page = await this.next();
      if (!page) return length;
      for (let i = 0; i < page.count; i++) {
        if (page.repetitions![i] === 0 && length > 0) return length;
        if (page.definitions && page.definitions[i]! < this.column.entry) return 0;
        length += 1;
      }
    }
  }

  private async over(entries: number, use: (page: Page, count: number, done: number) => void): Promise<void> {
    for (let done = 0; done < entries;) {
      while (!this.page || this.at === this.page.count) {
        this.page = await this.next();
        [this.at, this.taken] = [0, 0];
        if (!this.page) throw this.damaged(`it ends after ${this.row + Math.floor(done / this.entries)} of ${this.file.rows} rows`); // prettier-ignore
      }
      const count = Math.min(entries - done, this.page.count - this.at);
      use(this.page, count, done);
      this.at += count;
      done += count;
    }
  }

  private put(page: Page, count: number, done: number, { values, width, role, facts, offsets }: Target): void {
    const { entries, at } = this;
    const { maxDefinition } = this.column;
    const { numbers, definitions, huge } = page;
    if (!numbers) throw new DataError(`${this.title}: found text; expected numbers`);
    const exact = numbers instanceof Float32Array;
    let { taken } = this;
    let missing = 0;
    let firstMissing = 0;
    for (let i = 0; i < count; i++) {
      const value = definitions && definitions[at + i] !== maxDefinition ? NaN : numbers[taken++]!;
      const place = entries === 1 ? 0 : (done + i) % entries;
      if (value !== value) {
        if (missing === 0) firstMissing = i;
        missing += 1;
      } else if (facts && !exact) facts.see(value, role + place, huge);
      const row = entries === 1 ? done + i : (done + i - place) / entries;
      values[row * width + role + place] = offsets ? value - offsets[role + place]! : value;
    }
    this.taken = taken;
    const row = () => this.row + Math.floor((done + firstMissing) / entries);
    if (missing > 0) facts?.seeMissing(missing, () => `row ${row()}, column “${cut(this.column.name)}”`);
  }

  /** @throws {DataError} when a row does not have as many entries as the first */
  private checkLists({ repetitions, definitions }: Page, count: number, done: number): void {
    for (let i = 0; i < count; i++) {
      const begins = (done + i) % this.entries === 0;
      const empty = definitions !== null && definitions[this.at + i]! < this.column.entry;
      if ((repetitions![this.at + i] === 0) === begins && !empty) continue;
      const row = this.row + Math.floor((done + i) / this.entries) - (begins ? 1 : 0);
      throw new DataError(
        `${this.title}, row ${empty && begins ? row + 1 : row}: found a list of another length; expected ${this.entries} entries, as in the first row`,
      );
    }
  }

  private async next(): Promise<Page | null> {
    try {
      for (;;) {
        const page = await this.pages?.next();
        if (page) return page;
        const group = this.groups[this.group];
        if (!group) return null;
        this.group += 1;
        this.pages = group.rows > 0 ? new ColumnPages(this.handle, group) : null;
      }
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw this.damaged(`its values cannot be read (${cut(textOf(error), 120)})`);
    }
  }

  private damaged(what: string): DataError {
    return new DataError(`${this.title}: ${what}; the file is damaged`);
  }

  private get title(): string {
    return `${this.file.name}, column “${cut(this.column.name)}”`;
  }
}
