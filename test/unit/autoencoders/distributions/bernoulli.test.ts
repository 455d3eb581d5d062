import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Bernoulli } from '../../../../kernel/autoencoders/index';
import { useWasm } from '../../engine/backends';
import { mean } from '../data';

beforeAll(useWasm);

const logits = [
  [0.5, -3, 8],
  [0, 40, -90],
];
const bernoulli = () => new Bernoulli(tf.tensor2d(logits));

/** log(1 + e^l) in float64, without overflow. */
const softplus = (l: number) => Math.max(l, 0) + Math.log1p(Math.exp(-Math.abs(l)));

describe('independent Bernoulli variables', () => {
  it('have the log probability of float64, also at logits where a probability rounds to 0 or 1', async () => {
    const x = [
      [1, 0, 0],
      [0, 0, 1],
    ];
    const found = await bernoulli().logProb(tf.tensor2d(x)).data();
    x.forEach((row, n) => {
      const expected = row.reduce((sum, value, i) => sum + value * logits[n]![i]! - softplus(logits[n]![i]!), 0);
      expect(found[n]! / expected).toBeCloseTo(1, 5);
    });
  });

  it('give minus the cross-entropy for grey values', async () => {
    const [p, x] = [0.3, 0.6];
    const found = await new Bernoulli(tf.tensor2d([[Math.log(p / (1 - p))]])).logProb(tf.tensor2d([[x]])).data();
    expect(found[0]).toBeCloseTo(x * Math.log(p) + (1 - x) * Math.log(1 - p), 6);
  });

  it('have a finite gradient at extreme logits', async () => {
    const gradient = tf.grad((l: tf.Tensor) => new Bernoulli(l as tf.Tensor2D).logProb(tf.tensor2d([[1, 0]])).sum());
    expect([...(await gradient(tf.tensor2d([[-100, 100]])).data())]).toEqual([1, -1]);
  });

  it('have the closed-form divergence, 0 from themselves', async () => {
    const probability = (l: number) => 1 / (1 + Math.exp(-l));
    const [p, q] = [probability(0.5), probability(-1.5)];
    const expected = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    const one = new Bernoulli(tf.tensor2d([[0.5]]));
    const other = new Bernoulli(tf.tensor2d([[-1.5]]));
    expect((await one.kl(other).data())[0]).toBeCloseTo(expected, 6);
    expect((await one.kl(one).data())[0]).toBeCloseTo(0, 7);
  });

  it('sample ones as often as their mean says', async () => {
    const n = 20_000;
    const many = new Bernoulli(tf.fill([n, 1], 0.5));
    const draws = (await many.sample({ seed: 2 }).data()) as Float32Array;
    const p = 1 / (1 + Math.exp(-0.5));
    expect(draws.every((value) => value === 0 || value === 1)).toBe(true);
    expect(Math.abs(mean(draws) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    expect((await many.mean().data())[0]).toBeCloseTo(p, 6);
    expect((await many.mode().data())[0]).toBe(1);
  });
});
