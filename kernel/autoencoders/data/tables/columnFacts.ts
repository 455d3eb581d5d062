/** What is known of the numbers of a table's columns, and whether float32 holds them. */
import { DataError } from '../checkData';
import { cut, listed } from '../words';

/** Whole numbers up to here are exact in float32, and up to 2^53 in float64. */
const EXACT = 2 ** 24;
/** A column whose values lie within fewer steps of float32 loses what tells them apart. */
const FEW_STEPS = 1024;
/** Whole numbers this many times larger than their spread are instants or ids: little is left of them beside an offset. */
const FAR = 4;
const ID = /(^|[^a-z])(id|uuid|key|hash)$|[a-z](Id|ID|Key)$/;

/** Bits that say which kinds of values float32 rounds. */
const WHOLE = 1;
const FRACTION = 2;
/** A whole number that float64 rounds, too. */
const HUGE = 4;

/** Smallest and largest value of each column, and which kinds of them float32 rounds; grows value by value. */
export class ColumnFacts {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly rounded: Uint8Array;
  /** NaN in all, and where the first is. */
  missing = 0;
  firstMissing = '';
  /** The first text of `true` or `false` in a column, and where it is. */
  readonly truths = new Map<number, { found: string; place: string }>();

  constructor(width: number) {
    this.low = new Float64Array(width).fill(Infinity);
    this.high = new Float64Array(width).fill(-Infinity);
    this.rounded = new Uint8Array(width);
  }

  /** Looks at a number of a column, as float64; `huge` when it was written as a whole number beyond 2^53. */
  see(value: number, column: number, huge = false): void {
    if (value < this.low[column]!) this.low[column] = value;
    if (value > this.high[column]!) this.high[column] = value;
    if (Math.fround(value) !== value) this.seeRounded(value, column, huge);
  }

  seeRounded(value: number, column: number, huge: boolean): void {
    // NaN is not what it is compared with.
    if (value !== value) return;
    this.rounded[column]! |= huge ? WHOLE | HUGE : Number.isInteger(value) ? WHOLE : FRACTION;
  }

  seeTruth(found: string, column: number, place: () => string): void {
    if (!this.truths.has(column)) this.truths.set(column, { found, place: place() });
  }

  seeMissing(count: number, place: () => string): void {
    if (this.missing === 0) this.firstMissing = place();
    this.missing += count;
  }
}

export interface ColumnPlan {
  /** What is subtracted from each value of a column in float64, before it becomes float32; null: nothing from any. */
  offsets: Float64Array | null;
  notices: string[];
}

/**
 * Takes columns whose values float32 would merge less their smallest value.
 *
 * @throws {DataError} for ids that float32 merges nevertheless, and for truth values among other numbers
 */
export function planOf(name: string, features: readonly string[], facts: ColumnFacts, cells: number): ColumnPlan {
  const offsets = new Float64Array(features.length);
  const notices = truthNotices(name, features, facts);
  for (const [column, feature] of features.entries()) {
    const found = faultOf(facts, column, feature);
    const title = `${name}, column “${cut(feature)}”`;
    const range = `from ${facts.low[column]!} to ${facts.high[column]!}`;
    if (found === 'merged') {
      const others = features.filter((one) => one !== feature);
      throw new DataError(
        `${title}: found whole numbers ${range}, which float32 cannot distinguish; if they are ids, leave the column out: { columns: [${listed(others.map((one) => `'${one}'`))}] }`,
      );
    }
    if (found === 'far') offsets[column] = facts.low[column]!;
    if (found === 'far') notices.push(`${title}: its values ${range} lie too close for float32; ${facts.low[column]!} is subtracted from each.`); // prettier-ignore
    if (found === 'rounded')
      notices.push(`${title}: its whole numbers ${range} are rounded to the 24 bits of float32.`);
  }
  if (facts.missing > 0) notices.push(`${name}: ${facts.missing} of ${cells} values are missing (NaN), the first in ${facts.firstMissing}; training refuses them, except for models with missing: true.`); // prettier-ignore
  return { offsets: offsets.some((offset) => offset !== 0) ? offsets : null, notices };
}

/** @throws {DataError} when a column has `true` or `false`, and numbers besides 0 and 1 */
function truthNotices(
  name: string,
  features: readonly string[],
  { truths, low, high, rounded }: ColumnFacts,
): string[] {
  if (truths.size === 0) return [];
  for (const [column, { found, place }] of truths) {
    if (low[column]! >= 0 && high[column]! <= 1 && rounded[column] === 0) continue;
    throw new DataError(
      `${name}, ${place}: found “${cut(found)}” in a column of numbers from ${low[column]!} to ${high[column]!}; expected a number, or 0 and 1 beside true and false`,
    );
  }
  const titles = [...truths.keys()].sort((a, b) => a - b).map((column) => `“${cut(features[column]!)}”`);
  const one = titles.length === 1;
  return [
    `${name}: the column${one ? '' : 's'} ${listed(titles)} hold${one ? 's' : ''} true and false, read as 1 and 0.`,
  ];
}

/** What float32 would do to a column, if anything; readers refuse one that is `merged`. */
export function faultOf(facts: ColumnFacts, column: number, feature: string): 'merged' | 'far' | 'rounded' | null {
  const [low, high, rounded] = [facts.low[column]!, facts.high[column]!, facts.rounded[column]!];
  const spread = high - low;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (rounded === 0 || largest === Infinity) return null;
  // Nanoseconds since 1970 are beyond 2^53, and yet far apart in float64.
  if (rounded & HUGE && !(largest > FAR * spread && spread > FEW_STEPS * stepAt(largest) * 2 ** -29)) return 'merged';
  if (!(spread > 0)) return null;
  if (spread < FEW_STEPS * stepAt(largest)) return 'far';
  if (rounded & FRACTION) return null;
  if (largest > Number.MAX_SAFE_INTEGER && !(rounded & HUGE)) return null;
  if (spread <= EXACT || largest > FAR * spread) return 'far';
  return ID.test(feature) ? 'merged' : 'rounded';
}

/** Between a float32 of this size and the next. */
function stepAt(size: number): number {
  return 2 ** (Math.floor(Math.log2(size)) - 23);
}
