/** Numbers of a tensor as text of one width, by the rules of numpy's print: the eye can run down a column. */

/** Digits after the point, at most. */
const PRECISION = 4;
/** From here on numbers are written with an exponent, as they are where the least is below the second. */
const LARGE = 1e8;
const SMALL = 1e-4;
/** The same where they are this many times apart. */
const RANGE = 1000;

export type Format = (value: number) => string;

interface Digits {
  sign: string;
  whole: string;
  fraction: string;
  /** With its sign, at least two digits; empty if there is none. */
  exponent: string;
}

/**
 * One precision for all of the numbers: as many digits as distinguish them from other float32 numbers, at most
 * four after the point.
 *
 * @param plus whether positive numbers have their sign
 */
export function floatFormat(values: readonly number[], plus = false): Format {
  const finite = values.filter(Number.isFinite);
  const magnitudes = finite.filter((value) => value !== 0).map(Math.abs);
  const [most, least] = [maximum(magnitudes), -maximum(magnitudes.map((value) => -value))];
  const scientific = magnitudes.length > 0 && (most >= LARGE || least < SMALL || most / least > RANGE);
  const digitsOf = scientific ? scientificDigits : positionalDigits;
  const precision = Math.max(0, maximum(finite.map((value) => digitsOf(value, PRECISION).fraction.length)));
  const exact = (value: number): string => {
    if (!Number.isFinite(value)) return `${value < 0 ? '-' : plus ? '+' : ''}${Number.isNaN(value) ? 'nan' : 'inf'}`;
    const { sign, whole, fraction, exponent } = digitsOf(value, precision);
    const point = `${sign || (plus ? '+' : '')}${whole}.${fraction.padEnd(precision, '0')}`;
    return exponent ? `${point}e${exponent}` : point;
  };
  const texts = new Set(values.map(exact));
  const width = maximum([...texts].map((text) => text.length));
  return (value) => exact(value).padStart(width);
}

export function integerFormat(values: readonly number[]): Format {
  const width = maximum(values.map((value) => String(value).length));
  return (value) => String(value).padStart(width);
}

/** As few digits as tell it apart from every other float32 number. */
export function shortestDigits(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toExponential(digits - 1);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential();
}

function scientificDigits(value: number, precision: number): Digits {
  const shortest = shortestDigits(Math.abs(value));
  const needed = shortest.split('e')[0]!.length - 2;
  const text = needed <= precision ? shortest : Math.abs(value).toExponential(precision);
  const [mantissa = '', exponent = ''] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return {
    sign: signOf(value),
    whole,
    fraction: trimmed(fraction),
    exponent: `${exponent[0]}${exponent.slice(1).padStart(2, '0')}`,
  };
}

function positionalDigits(value: number, precision: number): Digits {
  const shortest = Number(shortestDigits(Math.abs(value)));
  const text = Math.abs(value).toFixed(Math.min(precision, placesOf(shortest)));
  const [whole = '', fraction = ''] = text.split('.');
  return { sign: signOf(value), whole, fraction: trimmed(fraction), exponent: '' };
}

/** Digits after the point of a number below {@link LARGE}. */
function placesOf(value: number): number {
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
}

function trimmed(fraction: string): string {
  return fraction.replace(/0+$/, '');
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : '';
}

/** The largest of any number of values, −∞ of none; `Math.max(...values)` overflows the stack. */
function maximum(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
