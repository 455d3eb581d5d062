/** What the caption of a latent scatter says beside what is seen. */
import type { PointsDrawn } from '../../gl/drawPoints';
import { count, counted } from '../../numbers';
import type { LatentData } from './model';
import type { Frames } from './plane/frames';
import type { PlaneView } from './plane/planeView';

const DENSITY_NOTE =
  'Where points are dense, each pixel has their mean colour, stronger the more points there are (logarithmic); ' +
  'zoom in to see single points.';

/** How many points there are, and how many cannot be seen: what they are in is seen. */
export function captionOf({ n, d, points }: LatentData, total: number): string {
  const all = `${counted(total, 'point')}${d > 2 ? ` in ${count(d)} dimensions` : ''}`;
  const sample = n < total ? [`this view keeps a random sample of ${count(n)}`] : [];
  let broken = 0;
  for (let k = 0; k < n; k++) if (!points.subarray(k * d, (k + 1) * d).every(Number.isFinite)) broken++;
  const lost = broken > 0 ? [`${counted(broken, 'point')} with coordinates that are not finite, left out`] : [];
  return `${[all, ...sample, ...lost].join('; ')}.`;
}

export function notesOf({ d }: LatentData, view: PlaneView, drawn: PointsDrawn, frames: Frames | null): string[] {
  const { outliers, space } = view;
  const notes = drawn.reason === null ? [] : [`Points are drawn without WebGL: ${drawn.reason}.`];
  if (drawn.isDensity) notes.push(DENSITY_NOTE);
  if (outliers > 0) {
    const lie = outliers === 1 ? 'lies' : 'lie';
    notes.push(`${counted(outliers, 'point')} ${lie} too far away to show with the others; “All” shows every one.`);
  }
  if (d === 1) notes.push('One latent dimension: the height of a point has no meaning.');
  if (space.isPast && frames) {
    const taken = frames.stride === 1 ? 'each epoch' : `every ${count(frames.stride)} epochs`;
    const sample = frames.points < frames.followed ? `, a sample of the ${count(frames.followed)} followed rows with each class in proportion` : ''; // prettier-ignore
    const kept = `The past keeps ${counted(frames.points, 'point')}${sample}, after ${taken}`;
    notes.push(`${kept}; the axes stay as they are.`);
  }
  if (space.kind === 'umap')
    notes.push('UMAP keeps neighbours together; distances and areas between groups mean little.');
  return notes;
}
