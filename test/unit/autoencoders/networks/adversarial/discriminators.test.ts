import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { balancedAccuracy, hinge, logistic, PatchDiscriminator } from '../../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const real = [1.5, -0.3, 0.2];
const fake = [-2, 0.4];
const value = (f: (real: tf.Tensor, fake: tf.Tensor) => tf.Tensor) =>
  f(tf.tensor1d(real), tf.tensor1d(fake)).dataSync()[0]!;
const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

describe('the logistic losses', () => {
  it('are those of the paper, written with probabilities', () => {
    const expected = -mean(real.map((l) => Math.log(sigmoid(l)))) - mean(fake.map((l) => Math.log(1 - sigmoid(l))));
    expect(value((r, f) => logistic.discriminator(r, f))).toBeCloseTo(expected, 6);
    expect(value((_, f) => logistic.generator(f))).toBeCloseTo(-mean(fake.map((l) => Math.log(sigmoid(l)))), 6);
  });

  it('are log 4 and log 2 at chance, and finite where a probability rounds to 0 or 1', () => {
    const zero = tf.zeros([5]);
    expect(logistic.discriminator(zero, zero).dataSync()[0]).toBeCloseTo(Math.log(4), 6);
    expect(logistic.generator(zero).dataSync()[0]).toBeCloseTo(Math.log(2), 6);
    expect(logistic.generator(tf.tensor1d([-300])).dataSync()[0]).toBeCloseTo(300, 3);
  });
});

describe('the hinge losses', () => {
  it('count what is inside the margin alone', () => {
    // max(0, 1 − l): 0, 1.3, 0.8; max(0, 1 + l): 0, 1.4.
    expect(value((r, f) => hinge.discriminator(r, f))).toBeCloseTo(0.5 * (2.1 / 3) + 0.5 * (1.4 / 2), 6);
    expect(value((_, f) => hinge.generator(f))).toBeCloseTo(0.8, 6);
  });
});

describe('the balanced accuracy', () => {
  it('is the mean of the shares that it gets right', () => {
    expect(value((r, f) => balancedAccuracy(r, f))).toBeCloseTo(0.5 * (2 / 3) + 0.5 * (1 / 2), 6);
  });

  it('is one half where it tells nothing apart', () => {
    expect(balancedAccuracy(tf.zeros([3]), tf.zeros([2])).dataSync()[0]).toBeCloseTo(0.5, 6);
  });
});

describe('a patch discriminator', () => {
  const image = { kind: 'image', height: 40, width: 40, channels: 1 } as const;
  // 4 × 4 kernels of strides 2, 2 and 1: 1 + 3 + 6 + 12.
  it('gives one logit for every fourth row and column, each of a patch of 22 × 22 pixels', () => {
    const discriminator = new PatchDiscriminator({ name: 'D', image, channels: [3, 4], seed: 1 });
    expect(discriminator.receptiveField).toBe(22);
    expect(discriminator.logits(tf.zeros([2, 1600])).shape).toEqual([2, 10, 10, 1]);
  });

  it('has logits that change with all rows and columns of their patch and with no pixel outside it', () => {
    const discriminator = new PatchDiscriminator({ name: 'D', image, channels: [3, 4], seed: 1 });
    const logit = (x: tf.Tensor) =>
      discriminator
        .logits(x as tf.Tensor2D)
        .slice([0, 5, 5, 0], [1, 1, 1, 1])
        .sum();
    const gradient = tf
      .grad(logit)(tf.randomUniform([1, 1600], 0, 1, 'float32', 3))
      .reshape([40, 40])
      .arraySync() as number[][];
    const touched = (sums: number[]) => sums.flatMap((sum, i) => (sum === 0 ? [] : [i]));
    const rows = touched(gradient.map((row) => row.reduce((sum, one) => sum + Math.abs(one), 0)));
    const columns = touched(gradient[0]!.map((_, j) => gradient.reduce((sum, row) => sum + Math.abs(row[j]!), 0)));
    for (const found of [rows, columns]) {
      expect(found.length).toBe(22);
      expect(found.at(-1)! - found[0]!).toBe(21);
    }
  });
});
