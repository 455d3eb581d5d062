import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { DTYPES, expectSame, normal, random, whole } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

const ints = (values: number[], shape = [values.length]) => tf.tensor(values, shape, 'int32');

describe.each(DTYPES)('of %s', (dtype) => {
  const tensor = (...shape: number[]) => random(shape, dtype);

  it.each([
    { x: [5], indices: [3], axis: 0 },
    { x: [5], indices: [], axis: 0 },
    { x: [5, 3], indices: [4], axis: 0 },
    { x: [3, 5], indices: [4], axis: 1 },
    { x: [2, 5, 3], indices: [2, 2], axis: 1 },
    { x: [2, 3, 5], indices: [0], axis: -1 },
    { x: [2, 5], indices: [2, 3], axis: 1, batchDims: 1 },
    { x: [2, 3, 5, 2], indices: [2, 4], axis: 2, batchDims: 1 },
    { x: [2, 3, 5, 2], indices: [2, 3, 4], axis: 2, batchDims: 2 },
    { x: [2, 3, 5], indices: [2, 3], axis: 2, batchDims: 2 },
  ])('GatherV2 reads $indices positions of $x along $axis, $batchDims axes in batches', (each) => {
    const { x, indices, axis, batchDims } = each;
    expectSame('GatherV2', () => tf.gather(tensor(...x), whole(indices, 0, 5), axis, batchDims));
  });

  it.each([
    { x: [5], indices: [3, 1] },
    { x: [4, 3], indices: [5, 2] },
    { x: [4, 3], indices: [5, 1] },
    { x: [4, 3, 3], indices: [2, 3, 2] },
    { x: [3, 3, 3, 2], indices: [4, 3] },
    { x: [4, 3], indices: [1] },
  ])('GatherNd reads at the coordinates $indices of $x', ({ x, indices }) => {
    expectSame('GatherNd', () => tf.gatherND(tensor(...x), whole(indices, 0, 3) as tf.Tensor));
  });
});

describe('OneHot', () => {
  it.each([{ shape: [] }, { shape: [4] }, { shape: [2, 3] }, { shape: [0] }])('marks positions of $shape', (each) => {
    const indices = () => whole(each.shape, 0, 5);
    for (const dtype of DTYPES) expectSame('OneHot', () => tf.oneHot(indices(), 5, 1, 0, dtype));
    expectSame('OneHot', () => tf.oneHot(indices(), 5, 2.5, -1.5, 'float32'));
    expectSame('OneHot', () => tf.oneHot(indices(), 5, 0, 1, 'bool'));
  });

  it('marks nothing for positions out of range', () => {
    expectSame('OneHot', () => tf.oneHot(ints([-1, 0, 3, 4]), 3, 1, 0, 'float32'));
  });
});

describe('TopK', () => {
  it.each([
    { shape: [6], k: 3 },
    { shape: [3, 6], k: 6 },
    { shape: [2, 3, 5], k: 1 },
    { shape: [3, 6], k: 0 },
  ])('finds the $k largest of $shape, and where', ({ shape, k }) => {
    expectSame('TopK', () => tf.topk(normal(shape), k));
    expectSame('TopK', () => tf.topk(whole(shape, -9, 9), k));
  });

  it('takes equal ones in order', () => {
    expectSame('TopK', () => tf.topk(tf.tensor1d([1, 2, 2, 1, 2, 3]), 4));
  });
});

describe('SearchSorted', () => {
  it.each(['left', 'right'] as const)('finds where values belong: %s', (side) => {
    const sorted = tf.tensor2d([[0, 3, 8, 9, 10], [1, 2, 3, 4, 5]]); // prettier-ignore
    expectSame('SearchSorted', () => tf.searchSorted(sorted, tf.tensor2d([[9.5, 4, 10], [0, 2, 4]]), side)); // prettier-ignore
    expectSame('SearchSorted', () => tf.searchSorted(sorted.toInt(), ints([9, 40, -1, 0, 2, 3], [2, 3]), side));
  });
});
