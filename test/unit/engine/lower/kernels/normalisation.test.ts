import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { expectSame, normal } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

const ROUNDED = { relative: 2e-6, absolute: 2e-6 };

describe('FusedBatchNorm', () => {
  const positive = (shape: number[]) => tf.randomUniform(shape, 0.1, 2, 'float32', 7);

  it.each([[[6, 3]], [[2, 4, 3]], [[2, 4, 5, 3]]])('scales and moves each channel of %j', (shape) => {
    const x = () => normal(shape) as tf.Tensor4D;
    const [mean, variance] = [normal([3], 2) as tf.Tensor1D, positive([3]) as tf.Tensor1D];
    const [offset, scale] = [normal([3], 4) as tf.Tensor1D, normal([3], 5) as tf.Tensor1D];
    expectSame('FusedBatchNorm', () => tf.batchNorm(x(), mean, variance, offset, scale, 0.01), ROUNDED);
    expectSame('FusedBatchNorm', () => tf.batchNorm(x(), mean, variance, offset, undefined), ROUNDED);
    expectSame('FusedBatchNorm', () => tf.batchNorm(x(), mean, variance, undefined, scale), ROUNDED);
    expectSame('FusedBatchNorm', () => tf.batchNorm(x(), mean, variance), ROUNDED);
  });

  it('takes statistics of the shape of x', () => {
    const shape = [2, 3, 1, 2];
    const [mean, variance] = [normal(shape, 2) as tf.Tensor4D, positive(shape) as tf.Tensor4D];
    expectSame('FusedBatchNorm', () => tf.batchNorm(normal(shape), mean, variance), ROUNDED);
  });

  it('keeps its digits where the mean is large', () => {
    const mean = tf.tensor1d([1e4, -1e4]);
    expectSame('FusedBatchNorm', () => tf.batchNorm(normal([5, 2]).add(mean), mean, tf.tensor1d([1, 2])), ROUNDED);
  });
});

describe.each([
  { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 },
  { depthRadius: 2, bias: 2, alpha: 0.3, beta: 0.75 },
  { depthRadius: 9, bias: 0.5, alpha: 1e-2, beta: 1 },
  { depthRadius: 0, bias: 1, alpha: 2, beta: 0.5 },
])('LRN with radius $depthRadius', ({ depthRadius, bias, alpha, beta }) => {
  const lrn = (x: tf.Tensor) => tf.localResponseNormalization(x as tf.Tensor4D, depthRadius, bias, alpha, beta);

  it('divides by the neighbouring channels', () => {
    expectSame('LRN', () => lrn(normal([2, 3, 2, 7])), ROUNDED);
    expectSame('LRN', () => lrn(normal([2, 3, 1])), ROUNDED);
  });

  it('has the gradient of tfjs', () => {
    expectSame('LRNGrad', () => tf.grad(lrn)(normal([2, 3, 2, 7]), normal([2, 3, 2, 7], 8)), ROUNDED);
  });
});
