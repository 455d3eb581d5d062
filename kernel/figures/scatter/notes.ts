/** What stands below a latent scatter: what its plane cannot show itself. */
import { count, counted } from '../../views/wording';
import type { Space } from './spaces';

const DENSITY_NOTE =
  'Where points are dense, each pixel has their mean colour, stronger the more points there are (logarithmic)';

/** How many points there are, and how many cannot be seen: what they are in is seen. */
export function captionOf({ points, d }: { points: ArrayLike<number>; d: number }, total: number): string {
  const n = points.length / d;
  const all = `${counted(total, 'point')}${d > 2 ? ` in ${count(d)} dimensions` : ''}`;
  const sample = n < total ? [`this view keeps a random sample of ${count(n)}`] : [];
  let broken = 0;
  for (let k = 0; k < n; k++) if (!isFinitePoint(points, k, d)) broken++;
  const lost = broken > 0 ? [`${counted(broken, 'point')} with coordinates that are not finite, left out`] : [];
  return `${[all, ...sample, ...lost].join('; ')}.`;
}

function isFinitePoint(points: ArrayLike<number>, k: number, d: number): boolean {
  for (let j = 0; j < d; j++) if (!Number.isFinite(points[k * d + j])) return false;
  return true;
}

export interface ShownPlane {
  /** Latent dimensions. */
  d: number;
  space: Pick<Space, 'kind'>;
  /** Points too far away to show with the others. */
  outliers: number;
  isDensity: boolean;
}

/** @param isStill whether it is a picture, in which nobody zooms */
export function planeNotes({ d, space, outliers, isDensity }: ShownPlane, isStill: boolean): string[] {
  const notes: string[] = [];
  if (isDensity) notes.push(`${DENSITY_NOTE}${isStill ? '' : '; zoom in to see single points'}.`);
  if (outliers > 0) {
    const lie = `${counted(outliers, 'point')} ${outliers === 1 ? 'lies' : 'lie'} too far away to show with the others`;
    notes.push(`${lie}${isStill ? '' : '; “All” shows every one'}.`);
  }
  if (d === 1) notes.push('One latent dimension: the height of a point has no meaning.');
  if (space.kind === 'umap')
    notes.push('UMAP keeps neighbours together; distances and areas between groups mean little.');
  return notes;
}
