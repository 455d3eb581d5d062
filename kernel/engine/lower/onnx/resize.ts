/** Images [N, height, width, C] of another size, and the gradients. Each axis is multiplied by a constant matrix. */
import type { ResizeBilinearAttrs } from '@tensorflow/tfjs';
import { linear, nearest, type Interpolation } from '../common/interpolation';
import { transposed } from '../common/matrices';
import { alongAxes } from './alongAxes';
import { asFloat } from './elementwise';
import { lowering, type Lowering, type Lowerings } from './lowering';

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
