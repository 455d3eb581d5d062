import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerZeroGradients } from '../../../../kernel/engine/gradients/zero';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerZeroGradients();
  registerZeroGradients();
});

describe('the gradient passes by what is flat', () => {
  it('a comparison that chooses: that of |w| by where is the sign', () => {
    const w = tf.tensor1d([-2, 3]);
    const gradient = tf.grad((v: tf.Tensor) => tf.where(v.greater(0), v, v.neg()).sum())(w);
    expect([...gradient.dataSync()]).toEqual([-1, 1]);
  });

  it('the index of the nearest code: the codebook alone gets one', () => {
    const z = tf.tensor2d([[0.9], [0.2]]);
    const codebook = tf.tensor2d([[0], [1]]);
    const [dz, dCodebook] = tf.grads((v: tf.Tensor, codes: tf.Tensor) => {
      const distance = v.sub(codes.transpose()).square();
      return tf
        .gather(codes, distance.argMin(1))
        .mul(tf.tensor2d([[5], [7]]))
        .sum();
    })([z, codebook]);
    expect([...dz!.dataSync()]).toEqual([0, 0]);
    expect([...dCodebook!.dataSync()]).toEqual([7, 5]);
  });

  it('logic and rounding questions', () => {
    const w = tf.tensor1d([0.5, 2]);
    const inside = (v: tf.Tensor) => v.greater(1).logicalAnd(v.less(3)).logicalOr(v.equal(9)).logicalNot();
    const gradient = tf.grad((v: tf.Tensor) => v.mul(inside(v).cast('float32')).sum())(w);
    expect([...gradient.dataSync()]).toEqual([1, 0]);
  });
});
