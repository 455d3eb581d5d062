import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { booleans, expectSame, normal, whole } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

const ROUNDED = { relative: 2e-6, absolute: 1e-6 };

describe.each([
  { exclusive: false, reverse: false },
  { exclusive: true, reverse: false },
  { exclusive: false, reverse: true },
  { exclusive: true, reverse: true },
])('with exclusive $exclusive and reverse $reverse', ({ exclusive, reverse }) => {
  it.each([
    { shape: [7], axis: 0 },
    { shape: [1], axis: 0 },
    { shape: [3, 8], axis: 1 },
    { shape: [5, 3], axis: 0 },
    { shape: [2, 5, 3], axis: 1 },
    { shape: [2, 2, 1, 2, 4], axis: 3 },
    { shape: [2, 0], axis: 0 },
  ])('sums and products run along axis $axis of $shape', ({ shape, axis }) => {
    for (const [kernel, scan] of Object.entries({ Cumsum: tf.cumsum, Cumprod: tf.cumprod })) {
      expectSame(kernel, () => scan(normal(shape), axis, exclusive, reverse), ROUNDED);
      expectSame(kernel, () => scan(whole(shape, -3, 4), axis, exclusive, reverse));
      expectSame(kernel, () => scan(booleans(shape), axis, exclusive, reverse));
    }
  });
});
