/** Gradients of transposed convolutions of volumes. */
import * as tf from '@tensorflow/tfjs';
import { register } from './register';

export function registerVolumes(): void {
  register<tf.Conv3DBackpropInputV2Attrs>(
    tf.Conv3DBackpropInputV2,
    { inputs: ['dy', 'filter'] },
    ([ddx], [dy, filter], { strides, pad }) => ({
      dy: () => tf.conv3d(ddx as tf.Tensor5D, filter as tf.Tensor5D, strides, pad as 'same' | 'valid'),
      filter: () => {
        const attrs = { strides, pad, filterShape: filter!.shape };
        return tf.engine().runKernel(tf.Conv3DBackpropFilterV2, { x: ddx!, dy: dy! }, attrs) as tf.Tensor;
      },
    }),
  );
}
