/** The ladder of point drawing: WebGL2, then the 2D canvas with the reason. */
import { drawCanvasPoints } from './canvasPoints';
import type { Area, Mapping, PointBatch } from './points';
import { sharedGl } from './sharedContext';

export interface PointsDrawn {
  /** Why WebGL was not used, or null when it was. */
  reason: string | null;
  /** Whether the points crowd, so that their density is drawn and not each of them. */
  isDensity: boolean;
}

export function drawPoints(
  paper: CanvasRenderingContext2D,
  batch: PointBatch,
  mapping: Mapping,
  area: Area,
  density: number,
): PointsDrawn {
  const gl = sharedGl();
  let reason = gl.unusable;
  if (reason === null) {
    try {
      return { reason, isDensity: gl.draw(paper, batch, mapping, area, density) };
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  drawCanvasPoints(paper, batch, mapping, area);
  return { reason, isDensity: false };
}
