/**
 * The ladder of point drawing: WebGL2, then the 2D canvas with the reason. Crowds are added up by the GPU where there is
 * one, and by the processor where WebGL is a program too, or missing.
 */
import { drawCanvasPoints } from './canvasPoints';
import { crowdIn, isMany } from '../../kernel/figures/scatter/crowd';
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

export const isDrawnAlike = (one: PointsDrawn, other: PointsDrawn) =>
  one.reason === other.reason && one.isDensity === other.isDensity;

export function drawPoints(
  paper: CanvasRenderingContext2D,
  batch: PointBatch,
  mapping: Mapping,
  area: Area,
  density: number,
): PointsDrawn {
  const gl = sharedGl();
  let reason = gl.unusable;
  const isCrowd = isMany(batch.shapes.length);
  const most = isCrowd ? crowdIn(batch.crowd(), mapping, batch.radius) / density ** 2 : 0;
  const isDensity = most > 0;
  if (reason === null && !(isDensity && gl.isSoftware)) {
    const isPart = gl.isSoftware && isCrowd;
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
  else drawCanvasPoints(paper, isCrowd ? visiblePart(batch, mapping, area) : batch, mapping, area);
  return { reason, isDensity };
}
