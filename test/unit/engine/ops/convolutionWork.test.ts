import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolutionWork } from '../../../../kernel/engine/ops/images/convolutionWork';
import { trace } from '../../../../kernel/engine/trace/tracer';
import { useWasm } from '../backends';

beforeAll(useWasm);

/** The work of a function of x [2, 9, 7, 4] and its gradient by a filter of this shape. */
function workOf(
  shape: number[],
  f: (x: tf.Tensor4D, filter: tf.Tensor) => tf.Tensor,
): { all: number; forward: number } {
  const filter = tf.variable(tf.randomNormal(shape));
  const type = (of: number[]) => ({ shape: of, dtype: 'float32' as const });
  const both = trace(
    ({ x }) => {
      const { value, grads } = tf.variableGrads(
        () =>
          f(x as tf.Tensor4D, filter)
            .sum()
            .asScalar(),
        [filter],
      );
      return { value, gradient: Object.values(grads)[0]! };
    },
    { arguments: { x: type([2, 9, 7, 4]) }, variables: { filter }, places: false },
  );
  const calls = both.calls;
  const forward = calls.filter(({ kernel }) => !/Backprop/.test(kernel));
  filter.dispose();
  return { all: convolutionWork(calls), forward: convolutionWork(forward) };
}

describe('the work of convolutions', () => {
  it('is a product for each place of each window, and as many for a gradient', () => {
    // Windows at 5 × 4 places, by strides of 2 with padding.
    const { all, forward } = workOf([3, 3, 4, 6], (x, filter) => tf.conv2d(x, filter as tf.Tensor4D, 2, 'same'));
    expect(forward).toBe(2 * (5 * 4) * 6 * (3 * 3 * 4));
    expect(all).toBe(2 * forward);
  });

  it('is less by the channels where each has filters of its own', () => {
    const { forward } = workOf([3, 3, 4, 2], (x, filter) => tf.depthwiseConv2d(x, filter as tf.Tensor4D, 1, 'valid'));
    expect(forward).toBe(2 * (7 * 5) * (4 * 2) * (3 * 3));
  });

  it('is none of other kernels', () => {
    const { all } = workOf([4], (x, bias) => x.add(bias).relu());
    expect(all).toBe(0);
  });
});
