/** Images [N, height, width, C] of another size, and the gradients. */
import { rule, shared, type ShapeRules } from '../rule';
import { float32, type TensorType } from '../types';

interface Size {
  size: [number, number];
}

const gradient = rule<{ images: unknown }>(({ images }) => float32(images.shape));

export const RESIZE: ShapeRules = {
  // Interpolated values are not whole numbers.
  ResizeBilinear: rule<{ images: unknown }, Size>(({ images }, { size }) => float32(resized(images, size))),
  ResizeNearestNeighbor: rule<{ images: unknown }, Size>(({ images }, { size }) => ({
    ...images,
    shape: resized(images, size),
  })),
  ...shared(gradient, 'ResizeBilinearGrad', 'ResizeNearestNeighborGrad'),
};

function resized({ shape }: TensorType, size: readonly number[]): number[] {
  return [shape[0]!, ...size, shape[3]!];
}
