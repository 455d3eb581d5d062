/** Where the ticks of an axis lie and what they say: one way for every axis of every view, live, saved and printed. */
import { ticks } from 'd3-array';
import { minus } from './wording';

export interface Tick {
  value: number;
  text: string;
}

export interface TickOptions {
  /** Only whole numbers are something on this axis: steps, codes, counts. */
  whole?: boolean;
  /** Characters that a label may have where there is a shorter way to write it. */
  longest?: number;
}

/** Sizes that are written out; beyond them a power of ten is written as `e`. */
const SMALLEST = 1e-3;
const LARGEST = 1e6;
/** Decimals that a written out number may have. */
const DECIMALS = 8;
/** Significant digits that a float64 can tell. */
const DIGITS = 17;

/**
 * Round values from low to high.
 *
 * @param count how many ticks there are room for, about; a range between two whole numbers has none where they are whole
 */
export function linearTicks(low: number, high: number, count: number, options: TickOptions = {}): Tick[] {
  if (!Number.isFinite(high - low) || high < low) return [];
  const all = ticks(low, high, Math.max(1, count));
  // Where the range is as fine as float64 itself, two ticks can be one number, or lie outside by a rounding.
  const values = [...new Set(all)].filter((value) => value >= low && value <= high);
  return labelled(options.whole ? values.filter(Number.isInteger) : values, options.longest);
}

/** Ticks of a logarithmic axis: powers of ten; between them 2 and 5 where there is room; round values inside a decade. */
export function logTicks(low: number, high: number, count: number, options: TickOptions = {}): Tick[] {
  if (!(low > 0 && high >= low && high < Infinity)) return [];
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  if (powers.length < 2) return linearTicks(low, high, count, options);
  const stride = Math.ceil(powers.length / Math.max(2, count));
  const digits = stride > 1 || 3 * powers.length > count ? [1] : [1, 2, 5];
  const decades = [first - 1, ...powers].filter((power) => stride === 1 || (power >= first && power % stride === 0));
  const values = decades
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
    .filter((value) => !options.whole || Number.isInteger(value));
  // Each in its own size: they have no step in common.
  return values.map((value) => ({ value, text: alone(value) }));
}

/** Texts for the ticks of a linear axis: as many digits as tell each from the next, none that says another number. */
export function labelled(values: readonly number[], longest = Infinity): Tick[] {
  const step = smallestGap(values);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tells = (texts: string[]) =>
    texts.every((text, i) => Math.abs(Number(text) - values[i]!) <= 1e-3 * step || Number(text) === values[i]);
  const written = (texts: string[], polish: (text: string) => string) =>
    values.map((value, i) => ({ value, text: minus(polish(texts[i]!)) }));
  const inPowers = (): Tick[] => {
    for (let digits = 0; digits < DIGITS; digits++) {
      const texts = values.map((value) => value.toExponential(digits));
      if (tells(texts)) return written(texts, compact);
    }
    return values.map((value) => ({ value, text: minus(String(value)) }));
  };
  if (largest === 0 || (largest >= SMALLEST && largest < LARGEST)) {
    for (let decimals = 0; decimals <= DECIMALS; decimals++) {
      const texts = values.map((value) => (value + 0).toFixed(decimals));
      if (!tells(texts)) continue;
      const plain = written(texts, grouped);
      if (lengthOf(plain) <= longest) return plain;
      const short = inPowers();
      return lengthOf(short) < lengthOf(plain) ? short : plain;
    }
  }
  return inPowers();
}

const lengthOf = (ticks: Tick[]) => Math.max(0, ...ticks.map(({ text }) => text.length));

function alone(value: number): string {
  return labelled([value])[0]!.text;
}

/** One value alone gives its own size: then every digit of it counts. */
function smallestGap(values: readonly number[]): number {
  const gaps = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  return gaps.length > 0 ? Math.min(...gaps) : 1e-9 * Math.abs(values[0] ?? 0);
}

/** `12345.5` → `12,345.5`; a zero has no sign. */
function grouped(text: string): string {
  const [whole = '', decimals] = text.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const number = decimals === undefined ? separated : `${separated}.${decimals}`;
  return Number(text) === 0 ? number.replace('-', '') : number;
}

/** `1.50e+7` → `1.5e7` */
function compact(text: string): string {
  const [mantissa = '', exponent = ''] = text.split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return Number(text) === 0 ? '0' : `${short}e${minus(exponent.replace('+', ''))}`;
}
