/** Images [N, height, width, C] of another size, and the gradients. Each axis is multiplied by a constant matrix. */
import type { ResizeBilinearAttrs } from '@tensorflow/tfjs';
import { range } from '../../ops/range';
import { alongAxes, matrixOf, transposed, type Matrix } from './alongAxes';
import { asFloat } from './elementwise';
import { lowering, type Lowering, type Lowerings } from './lowering';

type Corners = Pick<ResizeBilinearAttrs, 'alignCorners' | 'halfPixelCenters'>;
/** [to, from]: how an axis of `from` elements becomes one of `to`. */
type Interpolation = (from: number, to: number, corners: Corners) => Matrix;

export const RESIZE: Lowerings = {
  ResizeBilinear: resize(linear),
  ResizeBilinearGrad: resizeGradient(linear),
  ResizeNearestNeighbor: resize(nearest),
  ResizeNearestNeighborGrad: resizeGradient(nearest),
};

function resize(interpolation: Interpolation): Lowering {
  return lowering<{ images: unknown }, ResizeBilinearAttrs>({
    nodes(g, { images }, { size, ...corners }, { dtype }) {
      const matrices = size.map((to, i) => interpolation(images.shape[1 + i]!, to, corners));
      const resized = alongAxes(g, asFloat(g, images), images.shape, matrices);
      return dtype === 'float32' ? resized : g.cast(resized, dtype);
    },
  });
}

function resizeGradient(interpolation: Interpolation): Lowering {
  return lowering<{ images: unknown; dy: unknown }, ResizeBilinearAttrs>({
    nodes(g, { images, dy }, { alignCorners }) {
      // tfjs's gradients know no half-pixel centres; eager steps and traced ones are to agree.
      const corners = { alignCorners, halfPixelCenters: false };
      const axes = [1, 2].map((axis) => [images.shape[axis]!, dy.shape[axis]!] as const);
      const matrices = axes.map(([from, to]) => transposed(interpolation(from, to, corners)));
      return alongAxes(g, asFloat(g, dy), dy.shape, matrices);
    },
  });
}

/** Input elements an output element. */
function scale(from: number, to: number, { alignCorners }: Corners): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

function linear(from: number, to: number, corners: Corners): Matrix {
  const ratio = scale(from, to, corners);
  const weights = range(0, to).flatMap((i) => {
    const source = corners.halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
    const low = Math.max(0, Math.floor(source));
    const high = Math.min(from - 1, Math.ceil(source));
    const fraction = source - low;
    return [[i, low, 1 - fraction] as const, [i, Math.max(0, high), fraction] as const];
  });
  return matrixOf(to, from, weights);
}

function nearest(from: number, to: number, corners: Corners): Matrix {
  const ratio = scale(from, to, corners);
  const weights = range(0, to).map((i) => {
    const source = ratio * (corners.halfPixelCenters ? i + 0.5 : i);
    const whole = corners.alignCorners ? Math.round(source) : Math.floor(source);
    return [i, Math.min(from - 1, whole), 1] as const;
  });
  return matrixOf(to, from, weights);
}
