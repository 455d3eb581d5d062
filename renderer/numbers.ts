/** How the figures write numbers: one style for axes, captions, tables and announcements. */
export {
  alike,
  coordinate,
  count,
  counted,
  duration,
  measured as reading,
  percent,
  quantity,
} from '../kernel/views/wording';

/** How many stand in a row, of so many that fit, that all rows are as long, or the last a little shorter. */
export function evenly(count: number, most: number): number {
  const fitting = Math.max(1, most);
  return Math.max(1, Math.ceil(count / Math.ceil(count / fitting)) || 1);
}

/** Euclidean norm. */
export function norm(z: ArrayLike<number>): number {
  return Math.hypot(...Array.from(z));
}
