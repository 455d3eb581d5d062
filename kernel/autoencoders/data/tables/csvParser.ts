/**
 * Reads rows of numbers out of bytes of text. Libraries make a text or a JavaScript array of each row first: of a table of
 * 300,000 × 20, udsv 0.7.3 takes 2.3 times the processor time of this one, and papaparse 5.7.1 3.3 times.
 */
import { DataError } from '../checkData';
import { UNKNOWN } from '../classes';
import { cut } from '../words';
import { isTruthText, numberOf } from './cells';
import { LABEL } from './head';
import { RowSink } from './rowSink';
import type { TablePart } from './source';
import { textOfBytes } from './textBytes';

const LINE_FEED = 10;
const RETURN = 13;
const BLANK = 32;
const TAB = 9;
const QUOTE = 34;
/** The zero's code; code ^ ZERO is a digit's value, and more than 9 for all that is none. */
const ZERO = 48;

/** Whole numbers up to here are exact, and so are these powers of ten: their quotient is rounded once. */
const EXACT = 2 ** 53;
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** More than the rounding of a mantissa of up to 30 digits and of its quotient, as a part of it. */
const ROUNDING = 2 ** -47;
/** The end of a row is not among the bytes. */
const INCOMPLETE = -1;
/** No byte. */
const NONE = -1;
const DECIMAL_COMMA = /^[-+]?\d+,\d+$/;

export interface CsvSyntax {
  /** What stands between two values; a blank: any number of blanks and tabs. */
  delimiter: string;
}

/** Text of a table, cut into rows and cells. */
export class CsvText {
  /** The line that the next row starts in, counted from 1. */
  line = 1;
  /** Whether a cell of the row under way holds ends of lines. */
  private spans = false;
  private readonly delimiter: Buffer;
  private readonly first: number;
  private readonly blanks: boolean;
  /** Where the cell that was read last ends. */
  private end = 0;

  constructor(
    private readonly name: string,
    syntax: CsvSyntax,
  ) {
    this.delimiter = Buffer.from(syntax.delimiter);
    this.first = this.delimiter[0]!;
    this.blanks = syntax.delimiter === ' ';
  }

  /**
   * The cells of the row at `at`, and where the next begins; null when its end is not among the bytes.
   *
   * @param bytes with a line feed at `end`
   * @param last whether the text ends there
   */
  cells(bytes: Buffer, at: number, end: number, last: boolean): { cells: string[]; next: number } | null {
    const cells: string[] = [];
    for (let start = at; ;) {
      const cell = this.cell(bytes, start, end, last);
      if (cell === null) return null;
      cells.push(cell);
      const next = this.behind(bytes, this.end, end, last);
      if (next === INCOMPLETE) return null;
      if (next >= 0) return { cells, next };
      start = cellAt(next);
    }
  }

  /**
   * Where something stands that is no empty line; −1 when there may be more of one, `end` when there is nothing.
   * Counts the lines that it passes over.
   */
  filled(bytes: Buffer, at: number, end: number, last: boolean): number {
    for (let start = at; ;) {
      let here = start;
      while (this.isBlank(bytes[here]!)) here += 1;
      const byte = bytes[here]!;
      if (byte !== LINE_FEED && byte !== RETURN) return this.blanks ? here : start;
      if (here >= end) return last || start === end ? end : INCOMPLETE;
      const next = this.newLine(bytes, here, end, last);
      if (next < 0) return INCOMPLETE;
      this.line += 1;
      start = next;
    }
  }

  /** The text of a cell, without blanks around it; null when its end is not among the bytes. */
  cell(bytes: Buffer, at: number, end: number, last: boolean): string | null {
    let start = at;
    while (this.isBlank(bytes[start]!)) start += 1;
    if (bytes[start] === QUOTE) return this.quoted(bytes, start, end, last);
    let stop = start;
    while (!this.isEnd(bytes, stop)) stop += 1;
    if (stop === end && !last) return null;
    this.end = stop;
    while (stop > start && this.isBlank(bytes[stop - 1]!)) stop -= 1;
    return textOfBytes(bytes.subarray(start, stop));
  }

  /** What comes behind a cell that ends at `at`: where the next row begins, the next cell ({@link cellAt}), or INCOMPLETE. */
  behind(bytes: Buffer, at: number, end: number, last: boolean): number {
    const byte = bytes[at]!;
    if (byte === LINE_FEED || byte === RETURN) {
      if (at >= end) return last ? end : INCOMPLETE;
      return this.newLine(bytes, at, end, last);
    }
    if (!this.blanks) return cellAt(at + this.delimiter.length);
    let next = at;
    while (this.isBlank(bytes[next]!)) next += 1;
    return bytes[next] === LINE_FEED || bytes[next] === RETURN ? this.behind(bytes, next, end, last) : cellAt(next);
  }

  /** Where the line behind the line's end at `at` begins; −1 when a line feed may follow. */
  newLine(bytes: Buffer, at: number, end: number, last: boolean): number {
    if (bytes[at] === LINE_FEED) return at + 1;
    if (at + 1 === end && !last) return INCOMPLETE;
    return bytes[at + 1] === LINE_FEED && at + 1 < end ? at + 2 : at + 1;
  }

  isBlank(byte: number): boolean {
    return byte === BLANK || (byte === TAB && this.first !== TAB);
  }

  /** Whether a delimiter or a line's end stands here. */
  isEnd(bytes: Buffer, at: number): boolean {
    const byte = bytes[at]!;
    if (byte === LINE_FEED || byte === RETURN) return true;
    if (this.blanks) return byte === BLANK || byte === TAB;
    return byte === this.first && this.isDelimiter(bytes, at);
  }

  private isDelimiter(bytes: Buffer, at: number): boolean {
    const { delimiter } = this;
    for (let i = 1; i < delimiter.length; i++) if (bytes[at + i] !== delimiter[i]) return false;
    return true;
  }

  private quoted(bytes: Buffer, start: number, end: number, last: boolean): string | null {
    let stop = bytes.indexOf(QUOTE, start + 1);
    while (stop >= 0 && stop < end && bytes[stop + 1] === QUOTE) stop = bytes.indexOf(QUOTE, stop + 2);
    if (stop < 0 || stop >= end) {
      if (!last) return null;
      throw new DataError(`${this.name}, line ${this.line}: a quote opens here and does not close`);
    }
    let behind = stop + 1;
    while (this.isBlank(bytes[behind]!) && !this.blanks) behind += 1;
    if (behind === end && !last) return null;
    if (!this.isEnd(bytes, behind)) {
      const found = cut(textOfBytes(bytes.subarray(start, Math.min(end, behind + 8))), 40);
      throw new DataError(`${this.name}, line ${this.line}: found ${found}; a quote within quotes is written twice`);
    }
    this.end = behind;
    const feed = bytes.indexOf(LINE_FEED, start);
    this.spans ||= (feed >= 0 && feed < stop) || bytes.subarray(start, stop).includes(RETURN);
    return textOfBytes(bytes.subarray(start + 1, stop)).replaceAll('""', '"');
  }

  /** Counts the lines of a row that was read. */
  pass(bytes: Buffer, at: number, next: number, end: number): void {
    this.line += this.spans ? linesIn(bytes, at, next, end) : 1;
    this.spans = false;
  }

  /** Where the cell that was read last ends. */
  get cellEnd(): number {
    return this.end;
  }
}

/** One pass over a table of text: takes pieces of it, and gives parts of the table. */
export class CsvParser {
  private readonly text: CsvText;
  private readonly sink: RowSink;
  /** The delimiter, where it is one byte and no blank. */
  private readonly single: number;
  /** Bytes that are not yet read, and how many they are; there is room for one more. */
  private held: Buffer = Buffer.alloc(0);
  private length = 0;
  /** Bytes that have to be there before it is worth to look for a whole row again. */
  private needed = 0;
  private points = false;
  private comma: { cell: string; place: string } | undefined;

  constructor(
    private readonly syntax: CsvSyntax,
    head: RowSink['head'],
    pass: RowSink['pass'],
    /** Rows that come before the first of numbers: the names of the columns. */
    private header: number,
    /** Rows that a part has room for; default: what fills some MB. */
    capacity?: number,
  ) {
    this.text = new CsvText(head.name, syntax);
    this.sink = new RowSink(head, pass, capacity);
    const plain = syntax.delimiter.length === 1 && syntax.delimiter !== ' ' && syntax.delimiter < '\x80';
    this.single = plain ? syntax.delimiter.charCodeAt(0) : NONE;
  }

  *push(piece: Buffer): Generator<TablePart> {
    const length = this.length + piece.length;
    if (length >= this.held.length) {
      const larger = Buffer.allocUnsafeSlow(length + Math.max(piece.length, this.length) + 1);
      this.held.copy(larger, 0, 0, this.length);
      this.held = larger;
    }
    piece.copy(this.held, this.length);
    this.length = length;
    if (length >= this.needed) yield* this.rows(false);
  }

  *end(): Generator<TablePart> {
    yield* this.rows(true);
    if (this.comma && this.points) throw this.commaAmongPoints(this.comma.cell, this.comma.place);
    if (this.sink.rows > 0) yield this.sink.take(true);
  }

  private *rows(last: boolean): Generator<TablePart> {
    const end = this.length;
    if (end === 0) return;
    const bytes = this.held;
    // The line feed at the end spares a look at the length with each byte.
    bytes[end] = LINE_FEED;
    let at = 0;
    while (at < end) {
      const start = this.text.filled(bytes, at, end, last);
      if (start < 0 || start >= end) {
        if (start >= end) at = end;
        break;
      }
      const next = this.header > 0 ? this.passed(bytes, start, end, last) : this.row(bytes, start, end, last);
      if (next < 0) break;
      at = next;
      if (this.sink.full) yield this.sink.take();
    }
    bytes.copyWithin(0, at, end);
    this.length = end - at;
    this.needed = at > 0 ? 0 : 2 * end;
  }

  private passed(bytes: Buffer, at: number, end: number, last: boolean): number {
    const found = this.text.cells(bytes, at, end, last);
    if (!found) return INCOMPLETE;
    this.header -= 1;
    this.text.pass(bytes, at, found.next, end);
    return found.next;
  }

  /** Reads a row into the sink. @returns where the next begins, or INCOMPLETE */
  private row(bytes: Buffer, at: number, end: number, last: boolean): number {
    const { text, sink, single } = this;
    const { roles } = sink.head;
    const count = roles.length;
    const base = sink.rows * sink.width;
    let label: string | undefined;
    let missing = -1;
    let gaps = 0;
    let column = 0;
    let start = at;
    for (;;) {
      const role = column < count ? roles[column]! : LABEL - 1;
      let stop = role >= 0 ? this.number(bytes, start, end, last, role, base) : -1;
      if (stop < 0) {
        const cell = text.cell(bytes, start, end, last);
        if (cell === null) return INCOMPLETE;
        stop = text.cellEnd;
        if (role >= 0) {
          const value = this.textNumber(cell, column);
          if (isTruthText(cell)) this.seeTruth(cell, role, column);
          if (value !== value) {
            gaps += 1;
            if (missing < 0) missing = column;
          }
          this.store(value, role, base, isHugeText(cell, value));
        } else if (role === LABEL) label = cell;
      }
      column += 1;
      if (bytes[stop] === single) {
        start = stop + 1;
        continue;
      }
      const next = text.behind(bytes, stop, end, last);
      if (next === INCOMPLETE) return next;
      start = cellAt(next);
      if (next < 0) continue;
      this.finish(column, label, gaps, missing);
      text.pass(bytes, at, next, end);
      return next;
    }
  }

  private finish(columns: number, label: string | undefined, gaps: number, missing: number): void {
    const { sink } = this;
    const place = () => `line ${this.text.line}`;
    if (columns !== sink.head.columns.length) throw sink.ragged(columns, place());
    if (gaps > 0) sink.pass.facts?.seeMissing(gaps, () => sink.placeOf(place(), missing));
    if (sink.codes) {
      const column = () => sink.head.columns.indexOf(sink.head.label!);
      sink.codes[sink.rows] = label === undefined ? UNKNOWN : sink.pass.classes.add(label, () => sink.placeOf(place(), column())); // prettier-ignore
    }
    sink.rows += 1;
  }

  /**
   * Reads a plain number into its place.
   *
   * @returns where it ends, or −1 when it is something else: text, a quote, NaN, or more digits than this reads exactly
   */
  private number(bytes: Buffer, at: number, end: number, last: boolean, role: number, base: number): number {
    const { text } = this;
    let here = at;
    if (bytes[here]! <= BLANK) while (text.isBlank(bytes[here]!)) here += 1;
    const sign = bytes[here]!;
    if (sign === 45 || sign === 43) here += 1;
    const first = here;
    let mantissa = 0;
    let digit = bytes[here]! ^ ZERO;
    for (; digit <= 9; digit = bytes[++here]! ^ ZERO) mantissa = mantissa * 10 + digit;
    let digits = here - first;
    let power = 0;
    const whole = bytes[here] !== 46;
    if (!whole) {
      const point = here;
      digit = bytes[++here]! ^ ZERO;
      for (; digit <= 9; digit = bytes[++here]! ^ ZERO) mantissa = mantissa * 10 + digit;
      power = point + 1 - here;
      digits += here - point - 1;
      this.points = true;
    }
    if (digits === 0 || digits > 30) return -1;
    let letter = false;
    if ((bytes[here]! | 32) === 101) {
      letter = true;
      const down = bytes[here + 1] === 45;
      here += down || bytes[here + 1] === 43 ? 2 : 1;
      const start = here;
      let exponent = 0;
      digit = bytes[here]! ^ ZERO;
      for (; digit <= 9; digit = bytes[++here]! ^ ZERO) exponent = exponent * 10 + digit;
      if (here === start) return -1;
      power += down ? -exponent : exponent;
    }
    if (power < -22 || power > 22) return -1;
    const stop = bytes[here] === this.single ? here : this.endOfNumber(bytes, here);
    if (stop < 0 || (stop === end && !last)) return -1;
    const size = power < 0 ? mantissa / POWERS[-power]! : mantissa * POWERS[power]!;
    const value = sign === 45 ? -size : size;
    if (mantissa > EXACT) {
      if (this.sink.pass.offsets && this.sink.pass.offsets[role] !== 0) return -1;
      if (Math.fround(value * (1 - ROUNDING)) !== Math.fround(value * (1 + ROUNDING))) return -1;
    }
    this.store(value, role, base, mantissa > EXACT && whole && !letter);
    return stop;
  }

  private seeTruth(cell: string, role: number, column: number): void {
    const { sink } = this;
    sink.pass.facts?.seeTruth(cell, role, () => sink.placeOf(`line ${this.text.line}`, column));
  }

  /** Where the blanks behind a number end; −1 when it continues as something else. */
  private endOfNumber(bytes: Buffer, at: number): number {
    const { text } = this;
    let stop = at;
    while (text.isBlank(bytes[stop]!)) stop += 1;
    if (text.isEnd(bytes, stop)) return stop;
    // In a table of blanks the next number stands there.
    return text.isEnd(bytes, at) ? at : -1;
  }

  private store(value: number, role: number, base: number, huge: boolean): void {
    const { sink } = this;
    const { facts, offsets } = sink.pass;
    if (facts) facts.see(value, role, huge);
    sink.values[base + role] = offsets ? value - offsets[role]! : value;
  }

  /** The number of a cell that is not plain: missing, infinite, in quotes, with a decimal comma. */
  private textNumber(cell: string, column: number): number {
    const { sink, syntax } = this;
    const value = numberOf(cell);
    if (value !== undefined) return value;
    const place = `line ${this.text.line}`;
    const pointed = withPoint(cell, syntax);
    if (pointed === undefined) throw sink.noNumber(cell, column, place);
    this.comma ??= { cell, place: sink.placeOf(place, column) };
    if (this.points) throw this.commaAmongPoints(cell, sink.placeOf(place, column));
    return Number(pointed);
  }

  private commaAmongPoints(cell: string, place: string): DataError {
    return new DataError(
      `${this.sink.head.name}, ${place}: found “${cut(cell)}” where other numbers have a decimal point; expected one of the two`,
    );
  }
}

function isHugeText(cell: string, value: number): boolean {
  return Math.abs(value) > EXACT && /^[-+]?\d+$/.test(cell);
}

/** A number with a decimal comma as one with a point; undefined for all else, and where commas are between values. */
export function withPoint(cell: string, { delimiter }: CsvSyntax): string | undefined {
  return delimiter !== ',' && DECIMAL_COMMA.test(cell) ? cell.replace(',', '.') : undefined;
}

/** A place, packed so that it differs from the start of a row, and back. */
function cellAt(place: number): number {
  return -2 - place;
}

/** Lines that a row takes: one, and more when quotes hold ends of lines. */
function linesIn(bytes: Buffer, at: number, next: number, end: number): number {
  let lines = 0;
  for (let here = at; here < next && here < end; here++) {
    const byte = bytes[here]!;
    if (byte === LINE_FEED || (byte === RETURN && bytes[here + 1] !== LINE_FEED)) lines += 1;
  }
  return lines;
}
