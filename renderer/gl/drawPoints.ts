/**
 * The ladder of point drawing: WebGL2, then the 2D canvas with the reason. Crowds are added up by the GPU where there is
 * one, and by the processor where WebGL is a program too, or missing.
 */
import { drawCanvasPoints } from './canvasPoints';
import { crowdIn, isMany } from './crowd';
import type { Area, Mapping, PointBatch } from './points';
import { sharedGl } from './sharedContext';
import { drawSummedDensity } from './summedDensity';
import { visiblePart } from './visiblePart';

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
  const most = crowdIn(batch, mapping) / density ** 2;
  const isDensity = most > 0;
  if (reason === null && !(isDensity && gl.isSoftware)) {
    const isPart = gl.isSoftware && isMany(batch);
    const drawn = isPart ? visiblePart(batch, mapping, area) : batch;
    try {
      gl.draw(paper, drawn, mapping, area, density, most);
      return { reason, isDensity };
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    } finally {
      if (isPart) gl.release(drawn);
    }
  }
  if (isDensity) drawSummedDensity(paper, batch, mapping, area, density, most);
  else drawCanvasPoints(paper, isMany(batch) ? visiblePart(batch, mapping, area) : batch, mapping, area);
  return { reason, isDensity };
}
