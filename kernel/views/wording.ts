/** How views write numbers and counts: one style for summaries, captions and axis labels. */

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** About four significant digits: `543.2`, `0.01234`, `1.2 × 10⁻⁵`. */
export function quantity(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-3) return scientific(value);
  if (size >= 1000) return minus(WHOLE.format(value));
  return minus(String(Number(value.toPrecision(4))));
}

/** A measured value to compare with others: four significant digits, closing zeros kept: `29.00`. */
export function measured(value: number): string {
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1000 ? minus(value.toPrecision(4)) : quantity(value);
}

/** Numbers that stand beside each other, with as many decimals as four digits of the greatest leave: `9.49`, `13.70`. */
export function alike(values: readonly number[]): string[] {
  const greatest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  if (greatest < 0.001 || greatest >= 1000) return values.map(measured);
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(greatest)));
  return values.map((value) => (Number.isFinite(value) ? minus(value.toFixed(decimals)) : quantity(value)));
}

/** Two decimals, as for latent coordinates: `−1.31`. */
export function coordinate(value: number): string {
  return minus(value.toFixed(2)).replace(/^−0\.00$/, '0.00');
}

/** Made once: to find the way a language writes numbers takes longer than to write a hundred. */
const COUNTS = new Intl.NumberFormat('en-US');

/** `2,000` */
export function count(value: number): string {
  return COUNTS.format(value);
}

/** `1 point`, `2,000 points`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/**
 * A row of a data set, everywhere a person reads of it, by the index that code takes: `row 3` is `data.values[3]`'s.
 *
 * @param index from 0
 */
export function rowName(index: number): string {
  return `row ${count(index)}`;
}

/** {@link rowName}, and `draw 3` of samples that a model has made from nothing. */
export function sampleName(isDrawn: boolean, index: number): string {
  return isDrawn ? `draw ${count(index)}` : rowName(index);
}

/** `41.2 %`, `5.0 %`: one decimal each, so that shares beside each other have as many. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0 || value === 100) return `${value} %`;
  return value > 0 && value < 0.05 ? '< 0.1 %' : `${value.toFixed(1)} %`;
}

/** `41 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/** The axis name of a latent dimension counted from 1: `z₁`, `z₁₂`. */
export function latentName(dimension: number): string {
  return `z${spell(dimension, SUBSCRIPTS)}`;
}

/** `10⁻⁵` */
export function powerOfTen(exponent: number): string {
  return `10${exponent < 0 ? '⁻' : ''}${spell(Math.abs(exponent), SUPERSCRIPTS)}`;
}

function scientific(value: number): string {
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const mantissa = Number((value / 10 ** exponent).toPrecision(3));
  return minus(`${mantissa} × ${powerOfTen(exponent)}`);
}

function spell(value: number, digits: string): string {
  return [...String(value)].map((digit) => digits[Number(digit)] ?? digit).join('');
}

/** The typographic minus sign for a leading hyphen. */
export function minus(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}
