/**
 * Gradients of averages over windows that reach into the padding. The average is taken over the elements inside; tfjs
 * divides the gradient by the places of the whole window.
 */
import * as tf from '@tensorflow/tfjs';
import { pool2D, pool3D, type Describe } from '../ops/images/pooling';
import type { Axis } from '../ops/images/windows';
import { range } from '../ops/range';
import { mend } from './mend';
import { framed } from './padding';

export function mendPooling(): void {
  mendAverage(tf.AvgPool, tf.AvgPoolGrad, pool2D);
  mendAverage(tf.AvgPool3D, tf.AvgPool3DGrad, pool3D);
}

function mendAverage(
  kernel: string,
  gradientKernel: string,
  describe: Describe<tf.AvgPoolAttrs & tf.AvgPool3DAttrs>,
): void {
  mend<tf.AvgPoolAttrs & tf.AvgPool3DAttrs>(kernel, (before) => (given, saved, attrs) => {
    const [dy, x] = [given[0]!, saved[0]!];
    const { axes } = describe(x.shape, attrs);
    if (axes.every(isWhole)) return before(given, saved, attrs);
    return {
      x: () => {
        // Windows that do not reach beyond the input, which is as large as they need: all backends agree on these.
        const reach = axes.map(({ output, stride, filter }) => (output - 1) * stride + filter);
        const input = tf.fill([x.shape[0]!, ...reach, x.shape.at(-1)!], 0);
        const { filterSize, strides } = attrs;
        const padded = tf
          .engine()
          .runKernel(gradientKernel, { dy: tf.mul(dy, shares(axes)), input }, { filterSize, strides, pad: 'valid' });
        // What lies in the input; elements under no window, also those before the first, have the gradient 0.
        return framed(padded as tf.Tensor, [
          [0, 0],
          ...axes.map(({ before, after }) => [-before, -after] as const),
          [0, 0],
        ]);
      },
    };
  });
}

function isWhole({ before, after, filter }: Axis): boolean {
  return filter === 1 || (before <= 0 && after <= 0);
}

/** The places of each window for one that lies in the input: [1, ...output, 1]. A window wholly outside has no share. */
function shares(axes: readonly Axis[]): tf.Tensor {
  const along = axes.map(({ input, output, filter, stride, before }) =>
    range(0, output).map((o) => {
      const first = o * stride - before;
      const count = Math.min(input, first + filter) - Math.max(0, first);
      return count > 0 ? filter / count : 0;
    }),
  );
  const all = along.reduce((outer, own) => outer.flatMap((share) => own.map((more) => share * more)), [1]);
  return tf.tensor(all, [1, ...axes.map(({ output }) => output), 1]);
}
