/** How the figures write numbers: one style for axes, captions, tables and announcements. */
export { alike, percent } from '../kernel/views/wording';

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

/** Four significant digits, none dropped, so that changing values keep their width: `236.0`. */
export function reading(value: number): string {
  const size = Math.abs(value);
  return Number.isFinite(value) && size >= 0.001 && size < 1000 ? minus(value.toPrecision(4)) : quantity(value);
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

/** Two decimals, as for latent coordinates: `−1.31`. */
export function coordinate(value: number): string {
  return minus(value.toFixed(2)).replace(/^−0\.00$/, '0.00');
}

/** How many stand in a row, of so many that fit, that all rows are as long, or the last a little shorter. */
export function evenly(count: number, most: number): number {
  const fitting = Math.max(1, most);
  return Math.max(1, Math.ceil(count / Math.ceil(count / fitting)) || 1);
}

/** `41 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function scientific(value: number): string {
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const mantissa = Number((value / 10 ** exponent).toPrecision(3));
  const digits = [...String(Math.abs(exponent))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit).join('');
  return `${minus(String(mantissa))} × 10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/** The typographic minus sign for a leading hyphen. */
function minus(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}

/** Euclidean norm. */
export function norm(z: ArrayLike<number>): number {
  return Math.hypot(...Array.from(z));
}
