import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { booleans, expectSame, lowered, normal, random, whole } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

const ROUNDED = { relative: 2e-6, absolute: 1e-6 };
const ints = (values: number[], shape = [values.length]) => tf.tensor(values, shape, 'int32');

describe('UnsortedSegmentSum', () => {
  it.each([
    { x: [7], segments: 3 },
    { x: [7], segments: 30 },
    { x: [9, 4], segments: 5 },
    { x: [9, 2], segments: 40 },
    { x: [6, 2, 3], segments: 4 },
    { x: [5, 1], segments: 1 },
  ])('adds rows of $x into $segments segments', ({ x, segments }) => {
    const ids = () => whole([x[0]!], 0, segments) as tf.Tensor1D;
    expectSame('UnsortedSegmentSum', () => tf.unsortedSegmentSum(normal(x), ids(), segments), ROUNDED);
    expectSame('UnsortedSegmentSum', () => tf.unsortedSegmentSum(whole(x, -5, 5), ids(), segments));
  });

  it.each([3, 50])('passes over ids out of range, with %d segments', (segments) => {
    const ids = tf.tensor1d([-1, 0, segments, 2, -7, 2], 'int32');
    expectSame('UnsortedSegmentSum', () => tf.unsortedSegmentSum(normal([6, 2]), ids, segments), ROUNDED);
  });

  it('is the gradient of gather', () => {
    const ids = ints([0, 2, 2, 1]);
    const gradient = () => tf.grad((table: tf.Tensor) => tf.gather(table, ids))(normal([3, 2]), normal([4, 2]));
    expectSame('UnsortedSegmentSum', gradient, ROUNDED);
  });

  it('loses no row where very many share a segment, whatever the threads do', () => {
    // Few columns and many segments: the form that adds row by row.
    const [count, segments] = [200_000, 20];
    const ids = Int32Array.from({ length: count }, (_, i) => (i * 7) % 3);
    const sum = {
      kernel: 'UnsortedSegmentSum',
      inputs: {
        x: { shape: [count], dtype: 'float32', elements: new Float32Array(count).fill(1) },
        segmentIds: { shape: [count], dtype: 'int32', elements: ids },
      },
      attrs: { numSegments: segments },
      outputs: [],
    } as const;
    const [found] = lowered(sum, 'cpu');
    const counts = Array.from({ length: segments }, (_, i) => ids.reduce((all, id) => all + Number(id === i), 0));
    expect([...found!.elements]).toEqual(counts);
  });
});

describe.each([
  { shape: [6], indices: [4, 1] },
  { shape: [6], indices: [4] },
  { shape: [4, 3], indices: [5, 1] },
  { shape: [4, 3], indices: [5, 2] },
  { shape: [3, 3, 2], indices: [2, 2, 2] },
  { shape: [50, 1], indices: [9, 1] },
])('at the coordinates $indices of $shape', ({ shape, indices }) => {
  const depth = indices.length === 1 ? 1 : indices.at(-1)!;
  const where = () => whole(indices, 0, 3);
  const rows = indices.length === 1 ? indices : indices.slice(0, -1);
  const updates = [...rows, ...shape.slice(depth)];

  it('ScatterNd adds', () => {
    expectSame('ScatterNd', () => tf.scatterND(where(), normal(updates), shape), ROUNDED);
    expectSame('ScatterNd', () => tf.scatterND(where(), whole(updates, -5, 5), shape));
  });

  it('TensorScatterUpdate writes, the last one to stay', () => {
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      const table = random(shape, dtype);
      expectSame('TensorScatterUpdate', () => tf.tensorScatterUpdate(table, where(), random(updates, dtype)));
    }
  });
});

describe('SparseToDense', () => {
  it('writes values among a default', () => {
    expectSame('SparseToDense', () => tf.sparseToDense(ints([4, 1, 3]), tf.tensor1d([5, 6, 7]), [6], 0.5));
    expectSame('SparseToDense', () => tf.sparseToDense(ints([0, 1, 2, 2], [2, 2]), ints([5, 6]), [3, 3], -1));
  });

  it('writes booleans', () => {
    expectSame('SparseToDense', () => tf.sparseToDense(ints([2, 0]), booleans([2]), [4], false));
  });

  it('writes one value everywhere', () => {
    expectSame('SparseToDense', () => tf.sparseToDense(ints([4, 1]), tf.scalar(2), [6]));
  });
});

describe('bincount', () => {
  const none = () => tf.zeros([0]) as tf.Tensor1D;

  it('counts or weighs values, and passes over those that are too large', () => {
    const x = () => whole([20], 0, 9) as tf.Tensor1D;
    expectSame('Bincount', () => tf.bincount(x(), none(), 7), ROUNDED);
    expectSame('Bincount', () => tf.bincount(x(), normal([20]) as tf.Tensor1D, 12), ROUNDED);
    expectSame('Bincount', () => tf.bincount(x(), whole([20], -3, 4) as tf.Tensor1D, 7));
  });

  it.each([false, true])('counts each row by itself; only whether there is any: %s', (binary) => {
    const x = () => whole([3, 8], 0, 6) as tf.Tensor2D;
    expectSame('DenseBincount', () => tf.denseBincount(x(), tf.zeros([0, 0]) as tf.Tensor2D, 4, binary), ROUNDED);
    expectSame('DenseBincount', () => tf.denseBincount(x(), normal([3, 8]) as tf.Tensor2D, 9, binary), ROUNDED);
    expectSame('DenseBincount', () => tf.denseBincount(x().as1D(), none(), 9, binary), ROUNDED);
  });
});
