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
