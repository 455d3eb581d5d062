/** How an axis of an image becomes one of another size, as a matrix [to, from]. */
import type { ResizeBilinearAttrs } from '@tensorflow/tfjs';
import { range } from '../../ops/range';
import { matrixOf, type Matrix } from './matrices';

type Corners = Pick<ResizeBilinearAttrs, 'alignCorners' | 'halfPixelCenters'>;
export type Interpolation = (from: number, to: number, corners: Corners) => Matrix;

export const linear: Interpolation = (from, to, corners) => {
  const ratio = scale(from, to, corners);
  const weights = range(0, to).flatMap((i) => {
    const source = corners.halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
    const low = Math.max(0, Math.floor(source));
    const high = Math.min(from - 1, Math.ceil(source));
    const fraction = source - low;
    return [[i, low, 1 - fraction] as const, [i, Math.max(0, high), fraction] as const];
  });
  return matrixOf(to, from, weights);
};

export const nearest: Interpolation = (from, to, corners) => {
  const ratio = scale(from, to, corners);
  const weights = range(0, to).map((i) => {
    const source = ratio * (corners.halfPixelCenters ? i + 0.5 : i);
    const whole = corners.alignCorners ? Math.round(source) : Math.floor(source);
    return [i, Math.min(from - 1, whole), 1] as const;
  });
  return matrixOf(to, from, weights);
};

/** Input elements an output element. */
function scale(from: number, to: number, { alignCorners }: Corners): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}
