/**
 * Gradients of images of another size. Those of tfjs know no half-pixel centres, and its cpu backend adds some elements
 * of the nearest ones twice and mixes up height and width of the bilinear ones.
 */
import * as tf from '@tensorflow/tfjs';
import { linear, nearest, type Interpolation } from '../lower/common/interpolation';
import { transposed, type Matrix } from '../lower/common/matrices';
import { mend } from './mend';

export function mendResizing(): void {
  mendResize(tf.ResizeBilinear, linear);
  mendResize(tf.ResizeNearestNeighbor, nearest);
}

function mendResize(kernel: string, interpolation: Interpolation): void {
  mend<tf.ResizeBilinearAttrs>(kernel, () => ([dy], [images], attrs) => ({
    images: () => {
      const [n, height, width, channels] = images!.shape as [number, number, number, number];
      const [rows, columns] = dy!.shape.slice(1) as [number, number];
      const back = (from: number, to: number) => transposed(interpolation(from, to, attrs));
      const upright = times(back(height, rows), tf.reshape(dy!, [n, rows, columns * channels]));
      const both = times(back(width, columns), tf.reshape(upright, [n * height, columns, channels]));
      return tf.reshape(both, images!.shape);
    },
  }));
}

function times({ rows, columns, elements }: Matrix, x: tf.Tensor): tf.Tensor {
  return tf.matMul(tf.tensor3d(elements, [1, rows, columns]), x);
}
