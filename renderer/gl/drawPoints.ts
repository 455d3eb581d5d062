/** The ladder of point drawing: WebGL2, then the 2D canvas with the reason. */
import { drawCanvasPoints } from './canvasPoints';
import type { Area, Mapping, PointBatch } from './points';
import { sharedGl } from './sharedContext';

/** @returns why WebGL was not used, or null when it was */
export function drawPoints(
  paper: CanvasRenderingContext2D,
  batch: PointBatch,
  mapping: Mapping,
  area: Area,
  density: number,
): string | null {
  const gl = sharedGl();
  const reason = gl.unusable ?? attempt(() => gl.draw(paper, batch, mapping, area, density));
  if (reason !== null) drawCanvasPoints(paper, batch, mapping, area);
  return reason;
}

function attempt(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
