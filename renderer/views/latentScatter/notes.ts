/** What stands below a latent scatter beside what its plane cannot show. */
import { planeNotes } from '../../../kernel/figures/scatter/notes';
import type { PointsDrawn } from '../../gl/drawPoints';
import type { LatentData } from './model';
import type { Frames } from './plane/frames';
import type { PlaneView } from './plane/planeView';

export function notesOf({ d }: LatentData, view: PlaneView, drawn: PointsDrawn, frames: Frames | null): string[] {
  const { outliers, space } = view;
  const notes = drawn.reason === null ? [] : [`Points are drawn without WebGL: ${drawn.reason}.`];
  notes.push(...planeNotes({ d, space, outliers, isDensity: drawn.isDensity }, false));
  if (space.isPast && frames) notes.push(frames.note);
  return notes;
}
