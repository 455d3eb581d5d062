/** How the figures write numbers: one style for axes, captions, tables and announcements. */
export { evenly } from '../kernel/figures/fitting';
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

/** Euclidean norm. */
export function norm(z: ArrayLike<number>): number {
  return Math.hypot(...Array.from(z));
}
