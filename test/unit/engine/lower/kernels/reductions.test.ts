import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LoweringError } from '../../../../../kernel/engine/lower/loweringError';
import { Graph } from '../../../../../kernel/engine/lower/onnx/graph';
import { loweringOf } from '../../../../../kernel/engine/lower/onnx/table';
import { booleans, expectSame, kernelsOf, lowered, normal, whole } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

type Reduce = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const NUMERIC: Record<string, Reduce> = { Sum: tf.sum, Mean: tf.mean, Prod: tf.prod, Max: tf.max, Min: tf.min };
const LOGICAL: Record<string, Reduce> = { All: tf.all, Any: tf.any };
/** Several float32 roundings, and cancellation in sums. */
const ROUNDED = { relative: 2e-6, absolute: 1e-6 };

const shapes: { shape: number[]; axis?: number | number[] }[] = [
  { shape: [] },
  { shape: [5] },
  { shape: [5], axis: -1 },
  { shape: [3, 4], axis: 0 },
  { shape: [3, 4], axis: 1 },
  { shape: [3, 4], axis: [] },
  { shape: [3, 1], axis: 1 },
  { shape: [1, 4], axis: 0 },
  { shape: [2, 3, 4], axis: [0, 1] },
  { shape: [2, 3, 4], axis: [1, 2] },
  { shape: [2, 3, 4], axis: [2, 0] },
  { shape: [2, 3, 4], axis: 1 },
  { shape: [2, 3, 4, 5], axis: [0, -2, 1] },
  { shape: [2, 1, 2, 3, 2], axis: [1, 3] },
  { shape: [2, 3, 1, 2, 2, 2], axis: [0, 5] },
];

describe.each(Object.entries(NUMERIC))('%s', (kernel, reduce) => {
  it.each(shapes)('reduces $shape along $axis', ({ shape, axis }) => {
    for (const keepDims of [false, true]) {
      expectSame(kernel, () => reduce(normal(shape), axis, keepDims), ROUNDED);
      expectSame(kernel, () => reduce(whole(shape, -4, 5), axis, keepDims), ROUNDED);
      expectSame(kernel, () => reduce(booleans(shape), axis, keepDims), ROUNDED);
    }
  });

  it('has no elements in the result where another axis is empty', () => {
    expectSame(kernel, () => reduce(tf.zeros([0, 3]), 1));
  });
});

describe.each(Object.entries(LOGICAL))('%s', (kernel, reduce) => {
  it.each(shapes)('reduces $shape along $axis', ({ shape, axis }) => {
    expectSame(kernel, () => reduce(booleans(shape), axis, false));
    expectSame(kernel, () => reduce(booleans(shape), axis, true));
  });

  it('knows when all are alike', () => {
    expectSame(kernel, () => reduce(tf.tensor2d([[0, 0], [1, 1], [0, 1]], [3, 2], 'bool'), 1)); // prettier-ignore
  });
});

describe('sums of nothing', () => {
  it('are 0, products are 1', () => {
    expectSame('Sum', () => tf.sum(tf.zeros([3, 0]), 1));
    expectSame('Mean', () => tf.mean(tf.zeros([0, 3]), 0));
    expectSame('Prod', () => tf.prod(tf.zeros([3, 0]), 1));
  });

  it('have no largest element: refused', () => {
    const nodes = () => {
      const output = { shape: [3], dtype: 'float32' } as const;
      const x = { edge: 'x', shape: [3, 0], dtype: 'float32' } as const;
      loweringOf('Max')!.nodes(new Graph('cpu'), { x }, { reductionIndices: 1, keepDims: false }, [output]);
    };
    expect(nodes).toThrow(LoweringError);
  });
});

describe('long sums', () => {
  it('along leading axes keep 6 digits', () => {
    const x = tf.randomUniform([4, 50, 50, 3], 0, 1, 'float32', 5);
    expectSame('Sum', () => tf.sum(x, [0, 1, 2]), { relative: 5e-6 });
    expectSame('Mean', () => tf.mean(x, [0, 1, 2]), { relative: 5e-6 });
  });

  it('pass on infinities', () => {
    const x = tf.tensor2d([[1, Infinity, -Infinity], [2, 3, Infinity]]); // prettier-ignore
    expectSame('Sum', () => tf.sum(x, 0));
    expectSame('Sum', () => tf.sum(x, 1));
  });
});

describe.each([
  { kernel: 'ArgMax', position: tf.argMax },
  { kernel: 'ArgMin', position: tf.argMin },
])('$kernel', ({ kernel, position }) => {
  it.each([
    { shape: [7], axis: 0 },
    { shape: [3, 4], axis: 0 },
    { shape: [3, 4], axis: 1 },
    { shape: [3, 1], axis: 1 },
    { shape: [2, 3, 4], axis: 1 },
    { shape: [2, 3, 4, 2], axis: -2 },
    { shape: [2, 2, 2, 2, 3], axis: 4 },
  ])('is found in $shape along $axis', ({ shape, axis }) => {
    expectSame(kernel, () => position(normal(shape), axis));
    expectSame(kernel, () => position(whole(shape, -3, 4), axis));
    expectSame(kernel, () => position(booleans(shape), axis));
  });

  it('is the first of equals', () => {
    expectSame(kernel, () => position(tf.tensor2d([[1, 3, 3, 1], [2, 2, 2, 2]]), 1)); // prettier-ignore
  });

  it('compares infinities', () => {
    expectSame(kernel, () => position(tf.tensor1d([1, -Infinity, Infinity, Infinity, -Infinity]), 0));
  });
});

describe('NaN', () => {
  const x = () => tf.tensor2d([[1, NaN, 3], [NaN, 2, 1], [Infinity, 5, -Infinity], [1, 2, NaN]]); // prettier-ignore

  it('is the extreme wherever it is', () => {
    for (const axis of [0, 1, [0, 1]]) {
      expectSame('Max', () => tf.max(x(), axis));
      expectSame('Min', () => tf.min(x(), axis, true));
    }
  });

  it('is no position unless it comes first', () => {
    const [ran] = kernelsOf(() => tf.argMax(x(), 1)).filter(({ kernel }) => kernel === 'ArgMax');
    const [found] = lowered(ran!, 'cpu');
    expect([...found!.elements]).toEqual([...ran!.outputs[0]!.elements]);
    expect([...found!.elements]).toEqual([2, 0, 0, 1]);
    for (const list of [
      [0, 3, 5, NaN, 3],
      [NaN, 1, 2],
    ]) {
      // prettier-ignore
      const [alone] = kernelsOf(() => tf.argMax(tf.tensor1d(list))).filter(({ kernel }) => kernel === 'ArgMax');
      expect([...lowered(alone!, 'cpu')[0]!.elements]).toEqual([...alone!.outputs[0]!.elements]);
    }
  });
});

describe('softmax', () => {
  it.each([[[5]], [[3, 4]], [[2, 3, 4]], [[2, 1, 2, 3]]])('of %j sums to 1 along the last axis', (shape) => {
    expectSame('Softmax', () => tf.softmax(normal(shape).mul(5)), ROUNDED);
  });

  it('does not overflow', () => {
    expectSame('Softmax', () => tf.softmax(tf.tensor1d([1000, 999, -1000])), ROUNDED);
  });

  it('has a logarithm', () => {
    // tfjs composes it: the kernel's own form is compared with that composition.
    const logits = normal([3, 4]).mul(9);
    const [softmax] = kernelsOf(() => tf.softmax(logits as tf.Tensor));
    const [found] = lowered({ ...softmax!, kernel: 'LogSoftmax' }, 'cpu');
    const expected = tf.logSoftmax(logits).dataSync();
    found!.elements.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });
});
