/** Gradients of elements that are taken by their places. */
import * as tf from '@tensorflow/tfjs';
import { none, register } from './register';

export function registerIndexing(): void {
  register<object>(tf.GatherNd, { inputs: ['params', 'indices'] }, ([dy], [params, indices]) => ({
    params: () => tf.scatterND(indices!, dy!, params!.shape),
    indices: () => none(indices!),
  }));
  register<object>(tf.ScatterNd, { inputs: ['indices'] }, ([dy], [indices]) => ({
    updates: () => tf.gatherND(dy!, indices!),
    indices: () => none(indices!),
  }));
  register<{ k: number }>(tf.TopK, { inputs: ['x'], outputs: [false, true] }, ([dy], [x, places], { k }) => ({
    x: () => {
      const length = x!.shape.at(-1)!;
      const rows = tf.util.sizeFromShape(x!.shape) / Math.max(1, length);
      const chosen = tf.oneHot(tf.reshape(places!, [rows, k]), length).toFloat();
      return tf.reshape(tf.matMul(tf.reshape(dy!, [rows, 1, k]), chosen), x!.shape);
    },
  }));
}
