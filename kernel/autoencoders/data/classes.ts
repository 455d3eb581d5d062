/** Labels: what somebody gave as the class of each sample, as the index of a class, by one rule for every source. */
import * as tf from '@tensorflow/tfjs';
import { DataError } from './checkData';
import { isMissingText } from './tables/cells';
import { cut, listed } from './words';

/** The class of one sample; null, undefined, NaN, an empty text and `NA` say that it is not known. */
export type LabelValue = string | number | bigint | boolean | null | undefined;

/** The class of each sample, or a row for each in which the place of the one 1 is the class (one-hot). */
export type LabelSource = ArrayLike<LabelValue> | ArrayLike<ArrayLike<number | bigint | boolean>> | tf.Tensor;

export interface Classes {
  /** Class index of each sample; −1 where it is not known. */
  labels: Int32Array;
  /** Name of each class; empty where indices were given and no names. */
  classNames: string[];
  /** How many samples have no class, and other things to report. */
  notices: string[];
}

/** The label of a sample whose class is not known. */
export const UNKNOWN = -1;

/** Whole numbers above are taken for ids, not for places in a list of classes. */
const LARGEST_INDEX = 0xffff;

const EXPECTED = 'a class is a whole number or a text, or a row with one 1 and otherwise 0';

/**
 * Whole numbers from 0 on (1.0 and 1n too) are class indices as they stand. Text, whole numbers that are negative or
 * large, and booleans become classes of these names, sorted. Rows with one 1 become the index of its place.
 *
 * @param options.classNames then text has to be among them, and an index below their number
 * @throws {DataError} naming the sample, what was found there and what a class is; or when none has a class
 */
export function classesOf(
  name: string,
  source: LabelSource,
  options: { samples: number; classNames?: readonly string[] },
): Classes {
  const values = flat(name, source);
  if (values.length !== options.samples) {
    throw new DataError(`${name}: found ${values.length} labels for ${options.samples} samples`);
  }
  const hot = isOneHot(name, values);
  const cells = hot ? Array.from(values as ArrayLike<ArrayLike<LabelValue>>, (row, i) => hotPlace(name, row, i)) : (values as ArrayLike<LabelValue>); // prettier-ignore
  const counted = new ClassCounter(name);
  for (let i = 0; i < cells.length; i++) counted.add(cells[i], () => `the label of row ${i}`);
  const width = hot ? (values[0] as ArrayLike<unknown>).length : 0;
  const names = options.classNames?.length ? options.classNames : width > 1 ? numbered(width) : undefined;
  return counted.finish({ names, asIndices: true });
}

/**
 * Takes the class of one sample after the other, and gives each a code in the order of its first coming; the codes become
 * class indices when all are known.
 */
export class ClassCounter {
  /** Samples without a class. */
  missing = 0;
  private readonly codes = new Map<LabelValue, number>();
  /** The cell that each code stands for, in one form: numbers, or text that is none. */
  private readonly cells: (string | number)[] = [];
  private readonly byText = new Map<string, number>();
  private taken = new Int32Array(1024);
  private count = 0;
  private onlyBooleans = true;
  private fraction: { found: string; place: string } | undefined;

  constructor(private readonly name: string) {}

  /**
   * @param place for messages: `line 7, column “kind”`
   * @returns the code; {@link UNKNOWN} where the class is missing
   * @throws {DataError} for what is no text, number or truth value
   */
  add(cell: unknown, place: () => string): number {
    const code = this.codes.get(cell as LabelValue) ?? this.coded(cell, place);
    if (code === UNKNOWN) this.missing += 1;
    if (this.count === this.taken.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.taken);
      this.taken = larger;
    }
    this.taken[this.count++] = code;
    return code;
  }

  /** Different classes so far. */
  get size(): number {
    return this.cells.length;
  }

  /** Whether all are whole numbers. */
  get whole(): boolean {
    return this.cells.every((cell) => typeof cell === 'number') && !this.fraction;
  }

  /** Class index of each code, and the names; see {@link classesOf}. */
  ranks({ names, asIndices }: { names?: readonly string[]; asIndices: boolean }): {
    ranks: Int32Array;
    names: string[];
  } {
    const { name, cells, onlyBooleans } = this;
    if (cells.length === 0) throw new DataError(`${name}: no sample has a class; ${EXPECTED}`);
    const numbers = cells.every((cell) => typeof cell === 'number');
    if (numbers && this.fraction) {
      const { found, place } = this.fraction;
      throw new DataError(`${name}, ${place}: found ${found}; ${EXPECTED}`);
    }
    const asPlaces = asIndices && !onlyBooleans && cells.every((cell) => isIndex(cell));
    if (asPlaces)
      return { ranks: Int32Array.from(cells as number[]), names: checkedNames(name, cells as number[], names) };
    const texts = cells.map((cell) => (onlyBooleans ? String(cell === 1) : String(cell)));
    const sorted = names ? [...names] : [...texts].sort(byNumberThenText);
    const index = new Map(sorted.map((one, i) => [one, i]));
    const stray = texts.find((text) => !index.has(text));
    if (stray !== undefined) {
      throw new DataError(`${name}: found the class “${cut(stray)}”; its classes are ${listed(sorted)}`);
    }
    return { ranks: Int32Array.from(texts, (text) => index.get(text)!), names: sorted };
  }

  finish(options: { names?: readonly string[]; asIndices: boolean }): Classes {
    const { ranks, names } = this.ranks(options);
    const labels = this.taken.slice(0, this.count);
    for (let i = 0; i < labels.length; i++) if (labels[i] !== UNKNOWN) labels[i] = ranks[labels[i]!]!;
    return { labels, classNames: names, notices: this.notices() };
  }

  notices(): string[] {
    const { missing, count, name } = this;
    if (missing === 0) return [];
    const samples = `${count} sample${count === 1 ? '' : 's'}`;
    const [have, their] = missing === 1 ? ['has', 'its'] : ['have', 'their'];
    return [`${name}: ${missing} of ${samples} ${have} no class; ${their} label is ${UNKNOWN}.`];
  }

  private coded(cell: unknown, place: () => string): number {
    const form = formOf(cell);
    if (form === undefined) throw new DataError(`${this.name}, ${place()}: found ${shown(cell)}; ${EXPECTED}`);
    let code = UNKNOWN;
    if (form !== null) {
      if (typeof form === 'number' && !Number.isInteger(form))
        this.fraction ??= { found: String(form), place: place() };
      if (typeof cell !== 'boolean') this.onlyBooleans = false;
      const text = String(form);
      code = this.byText.get(text) ?? this.cells.push(form) - 1;
      this.byText.set(text, code);
    }
    this.codes.set(cell as LabelValue, code);
    return code;
  }
}

/** One form for what means the same: numbers for all that is one, else trimmed text; null: missing; undefined: no class. */
function formOf(cell: unknown): string | number | null | undefined {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  // 0 and −0 are one class.
  if (typeof cell === 'number') return Number.isNaN(cell) ? null : cell + 0;
  if (typeof cell !== 'string') return undefined;
  const text = cell.trim();
  if (isMissingText(text)) return null;
  // `007` and `1e5` are names; so are whole numbers that a float64 does not hold.
  if (!/^[-+]?(0|[1-9]\d*)(\.\d*)?$/.test(text)) return text;
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number + 0;
}

function flat(name: string, source: LabelSource): ArrayLike<unknown> {
  const values = source instanceof tf.Tensor ? (source.arraySync() as unknown) : source;
  const length = (values as ArrayLike<unknown> | null)?.length;
  if (typeof values === 'object' && typeof length === 'number') return values as ArrayLike<unknown>;
  throw new DataError(`${name}: found ${shown(values)} as labels; expected one for each sample`);
}

function isOneHot(name: string, values: ArrayLike<unknown>): boolean {
  const widths = Array.from(values, (value) => (isRow(value) ? value.length : -1));
  const odd = widths.findIndex((width) => width !== widths[0]);
  if (odd < 0 || !widths.some((width) => width >= 0)) return widths.length > 0 && widths[0]! >= 0;
  throw new DataError(
    `${name}, the label of row ${odd}: found ${shown(values[odd])} where row 0 has ${shown(values[0])}`,
  );
}

function isRow(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** The class that a row says: the place of its one 1; of a row of one number, that number. */
function hotPlace(name: string, row: ArrayLike<LabelValue>, sample: number): LabelValue {
  if (row.length === 1) return row[0];
  const cells = Array.from(row, (cell) => Number(cell));
  const place = cells.indexOf(1);
  if (place >= 0 && cells.every((cell, i) => cell === 0 || i === place)) return place;
  throw new DataError(`${name}, the label of row ${sample}: found ${shown(row)}; expected one 1 and otherwise 0`);
}

function isIndex(cell: string | number): boolean {
  return typeof cell === 'number' && cell >= 0 && cell <= LARGEST_INDEX;
}

function checkedNames(name: string, indices: readonly number[], names: readonly string[] = []): string[] {
  const beyond = indices.find((index) => index >= names.length);
  if (names.length === 0 || beyond === undefined) return [...names];
  throw new DataError(`${name}: found the label ${beyond}, but ${names.length} class names: ${listed(names)}`);
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `“${cut(value)}”`;
  if (isRow(value)) return `[${Array.from(value).slice(0, 8).map(String).join(', ')}${value.length > 8 ? ', …' : ''}]`;
  if (typeof value === 'object' && value !== null) return `an object (${value.constructor?.name ?? 'without a class'})`;
  return typeof value === 'function' ? 'a function' : String(value);
}

/** Numbers by their size, then text. */
function byNumberThenText(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
  if (!Number.isNaN(x) && x !== y) return x - y;
  return a < b ? -1 : Number(a > b);
}
