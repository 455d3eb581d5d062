/** A text with pieces replaced, wrapped and moved to its front, and the way back from places in the result. */

/** At one place, what closes a range comes before what opens the next; of two that close, the inner one comes first. */
const enum Phase {
  close,
  open,
  replace,
}

interface Edit {
  start: number;
  end: number;
  text: string;
  phase: Phase;
  order: number;
}

interface Range {
  start: number;
  end: number;
}

/** Both from 1. */
export interface Place {
  line: number;
  column: number;
}

export class Rewrite {
  private readonly edits: Edit[] = [];
  private readonly fronts: Range[] = [];

  constructor(private readonly source: string) {}

  /** @param end where the piece that is replaced ends, exclusive */
  replace(start: number, end: number, text: string): void {
    this.add(start, end, text, Phase.replace);
  }

  /** Ranges that lie in one another are given from outer to inner. */
  wrap({ start, end }: Range, before: string, after: string): void {
    if (before) this.add(start, start, before, Phase.open);
    if (after) this.add(end, end, after, Phase.close);
  }

  /** Moves a range, with its changes, before all that is not moved and after what was moved earlier. */
  toFront(range: Range): void {
    this.fronts.push(range);
  }

  /** @param head what stands before everything */
  finish(head: string): Rewritten {
    this.edits.sort((a, b) => a.start - b.start || a.phase - b.phase || inOrder(a, b));
    const rewritten = new Rewritten(head, this.source);
    for (const range of this.fronts) this.copy(range, rewritten);
    let from = 0;
    for (const { start, end } of [...this.fronts].sort((a, b) => a.start - b.start)) {
      this.copy({ start: from, end: start }, rewritten);
      // What stood on both sides stays apart.
      rewritten.put(';', start);
      from = end;
    }
    this.copy({ start: from, end: this.source.length }, rewritten);
    return rewritten;
  }

  private add(start: number, end: number, text: string, phase: Phase): void {
    this.edits.push({ start, end, text, phase, order: this.edits.length });
  }

  private copy({ start, end }: Range, to: Rewritten): void {
    let at = start;
    for (let i = this.firstAfter(start); i < this.edits.length; i++) {
      const edit = this.edits[i]!;
      if (edit.start > end || (edit.start === end && edit.phase !== Phase.close)) break;
      // Changes inside of what is replaced are lost with it.
      if (edit.start < at) continue;
      to.copy(at, edit.start);
      to.put(edit.text, edit.start);
      at = Math.max(at, edit.end);
    }
    to.copy(at, end);
  }

  /** The first edit that belongs to what begins at an offset. */
  private firstAfter(offset: number): number {
    return firstWhere(this.edits.length, (i) => {
      const { start, phase } = this.edits[i]!;
      return start > offset || (start === offset && (phase !== Phase.close || offset === 0));
    });
  }
}

function inOrder(a: Edit, b: Edit): number {
  return a.phase === Phase.close ? b.order - a.order : a.order - b.order;
}

/** The text that results, and where its pieces come from. */
export class Rewritten {
  private readonly parts: string[];
  private length: number;
  /** For each piece: where it begins here and in the source, and whether it is a copy. */
  private readonly pieces: { at: number; from: number; copied: boolean }[] = [];
  private lines: { here: number[]; source: number[] } | undefined;
  private whole: string | undefined;

  constructor(
    head: string,
    private readonly source: string,
  ) {
    this.parts = [head];
    this.length = head.length;
    this.pieces.push({ at: 0, from: 0, copied: false });
  }

  get text(): string {
    return (this.whole ??= this.parts.join(''));
  }

  copy(start: number, end: number): void {
    if (start < end) this.append(this.source.slice(start, end), start, true);
  }

  put(text: string, from: number): void {
    if (text) this.append(text, from, false);
  }

  /** The place in the source that a place in the text comes from. */
  origin({ line, column }: Place): Place {
    this.lines ??= { here: lineStarts(this.text), source: lineStarts(this.source) };
    const { here, source } = this.lines;
    const at = (here[Math.min(line, here.length) - 1] ?? 0) + column - 1;
    const piece = this.pieces[firstWhere(this.pieces.length, (i) => this.pieces[i]!.at > at) - 1]!;
    return placeOf(source, piece.from + (piece.copied ? at - piece.at : 0));
  }

  private append(text: string, from: number, copied: boolean): void {
    this.pieces.push({ at: this.length, from, copied });
    this.parts.push(text);
    this.length += text.length;
  }
}

/** Offsets at which lines begin, as V8 counts them. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + end.length);
  return starts;
}

/** @param starts of the text's lines, see {@link lineStarts} */
export function placeOf(starts: number[], offset: number): Place {
  const line = firstWhere(starts.length, (i) => starts[i]! > offset);
  return { line, column: offset - starts[line - 1]! + 1 };
}

/** The first index below `count` for which a monotone condition holds; `count` when there is none. */
function firstWhere(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
