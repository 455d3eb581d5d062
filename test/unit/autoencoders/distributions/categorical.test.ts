import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Categorical } from '../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const P = [0.5, 0.3, 0.2];
const Q = [0.1, 0.1, 0.8];
const of = (...rows: number[][]) => new Categorical(tf.tensor2d(rows.map((row) => row.map((p) => Math.log(p) + 2))));
const kl = (p: number[], q: number[]) => p.reduce((sum, value, i) => sum + value * Math.log(value / q[i]!), 0);

describe('a categorical distribution', () => {
  it('normalises its logits', () => {
    const found = of(P, Q).probabilities().dataSync();
    [...P, ...Q].forEach((p, i) => expect(found[i]).toBeCloseTo(p, 6));
    expect(Array.from(of(P, Q).mode().dataSync())).toEqual([0, 2]);
  });

  it('has log probabilities and an entropy in nats', () => {
    const logs = of(P, Q)
      .logProb(tf.tensor1d([2, 0], 'int32'))
      .dataSync();
    expect(logs[0]).toBeCloseTo(Math.log(0.2), 6);
    expect(logs[1]).toBeCloseTo(Math.log(0.1), 6);
    expect(of(P).entropy().dataSync()[0]).toBeCloseTo(-P.reduce((sum, p) => sum + p * Math.log(p), 0), 6);
    expect(of([0.25, 0.25, 0.25, 0.25]).entropy().dataSync()[0]).toBeCloseTo(Math.log(4), 6);
  });

  it('has a divergence that is not symmetric, and 0 only at equality', () => {
    const [forward, reverse] = [of(P).kl(of(Q)).dataSync()[0]!, of(Q).kl(of(P)).dataSync()[0]!];
    expect(forward).toBeCloseTo(kl(P, Q), 5);
    expect(reverse).toBeCloseTo(kl(Q, P), 5);
    expect(Math.abs(forward - reverse)).toBeGreaterThan(0.01);
    expect(of(P).kl(of(P)).dataSync()[0]).toBeCloseTo(0, 6);
  });

  it('draws each class as often as it should', () => {
    const n = 20_000;
    const draws = new Categorical(tf.tensor2d([P.map(Math.log)]).tile([n, 1])).sample({ seed: 2 }).dataSync();
    P.forEach((p, i) => {
      const share = draws.filter((draw) => draw === i).length / n;
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    });
  });
});
