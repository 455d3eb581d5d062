/** Places of a script and of the source that it was compiled from, both ways, as plain numbers that threads can exchange. */
import type { Place } from '../compile/rewrite';

/** Four numbers an entry, in the order of the script: its line and column, then the source's; all from 1. */
export type PlaceTable = Int32Array;

const WIDTH = 4;
const TOKEN = /[\w$]+|[^\s\w$]/g;

/** @param origin a place in the script as one in its source */
export function placeTable(code: string, origin: (place: Place) => Place): PlaceTable {
  const entries: number[] = [];
  code.split('\n').forEach((text, index) => {
    let last: Place & { at: number } = { line: 0, column: 0, at: 0 };
    for (const { index: at } of text.matchAll(TOKEN)) {
      const { line, column } = origin({ line: index + 1, column: at + 1 });
      // What goes on as it was needs no entry.
      if (line === last.line && column - last.column === at - last.at) continue;
      entries.push(index + 1, at + 1, line, column);
      last = { line, column, at };
    }
  });
  return Int32Array.from(entries);
}

export class ScriptPlaces {
  constructor(private readonly table: PlaceTable) {}

  /** The place in the source that a place in the script comes from. */
  origin({ line, column }: Place): Place {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      const isBefore = this.at(middle, 0) < line || (this.at(middle, 0) === line && this.at(middle, 1) <= column);
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    const entry = low - 1;
    if (entry < 0) return { line, column };
    const along = this.at(entry, 0) === line ? column - this.at(entry, 1) : 0;
    return { line: this.at(entry, 2), column: this.at(entry, 3) + along };
  }

  /**
   * The first place in the script that comes from a line of the source, from a column on; where nothing comes from the
   * line (a type, a comment), from the next one that something comes from.
   */
  inScript(line: number, column = 1): Place | undefined {
    let best = -1;
    for (let entry = 0; entry < this.count; entry++) {
      if (!this.isAtOrBehind(entry, line, column)) continue;
      const nearer = best < 0 || this.at(entry, 2) < this.at(best, 2);
      if (nearer) best = entry;
    }
    if (best < 0) return undefined;
    const sameLine = this.at(best, 2) === line && column > this.at(best, 3);
    const along = sameLine ? column - this.at(best, 3) : 0;
    return { line: this.at(best, 0), column: this.at(best, 1) + along };
  }

  private isAtOrBehind(entry: number, line: number, column: number): boolean {
    const from = this.at(entry, 2);
    if (from !== line) return from > line;
    if (this.at(entry, 3) >= column) return true;
    // The column may lie in what this entry begins.
    const next = entry + 1;
    const goesOn = next < this.count && this.at(next, 0) === this.at(entry, 0);
    return !goesOn || this.at(entry, 3) + this.at(next, 1) - this.at(entry, 1) > column;
  }

  private get count(): number {
    return this.table.length / WIDTH;
  }

  private at(entry: number, field: number): number {
    return this.table[entry * WIDTH + field]!;
  }
}
