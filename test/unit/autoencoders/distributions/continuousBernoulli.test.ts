import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ContinuousBernoulli } from '../../../../kernel/autoencoders/index';
import { mean, standardError } from '../data';
import { expectFiniteDifferences } from '../gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Around 0, around the edge of the series at 1, and far out. */
const LOGITS = [-40, -8, -2, -1.001, -0.999, -0.3, -1e-3, 0, 1e-6, 0.02, 0.5, 1, 1.0001, 3, 15, 90];

/** Simpson's rule for ∫₀¹ f(x) eˡˣ dx in float64, beside its largest exponent. */
function integral(l: number, f: (x: number) => number): number {
  const n = 20_000;
  const at = (i: number) => f(i / n) * Math.exp(l * (i / n) - Math.max(0, l));
  let sum = at(0) + at(n);
  for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * at(i);
  return sum / (3 * n);
}

const row = (values: number[]) => tf.tensor2d([values]);
const column = (values: number[]) => tf.tensor2d(values, [values.length, 1]);

describe('the continuous Bernoulli distribution', () => {
  it.each(LOGITS)('integrates to 1, with the mean of quadrature, at the logit %d', (l) => {
    const total = integral(l, () => 1);
    const p = new ContinuousBernoulli(row([l]));
    const expected = l * 0.3 - Math.max(0, l) - Math.log(total);
    expect(Math.abs(p.logProb(row([0.3])).dataSync()[0]! - expected)).toBeLessThan(
      1e-6 * Math.max(1, Math.abs(expected)),
    );
    expect(p.mean().dataSync()[0]).toBeCloseTo(integral(l, (x) => x) / total, 6);
  });

  it('has the density of the paper, C(λ) λˣ (1 − λ)¹⁻ˣ, summed over dimensions', () => {
    const [lambdas, xs] = [
      [0.1, 0.35, 0.9],
      [0.2, 1, 0.7],
    ];
    const logs = lambdas!.map((lambda, i) => {
      const C = (2 * Math.atanh(1 - 2 * lambda)) / (1 - 2 * lambda);
      return Math.log(C) + xs![i]! * Math.log(lambda) + (1 - xs![i]!) * Math.log(1 - lambda);
    });
    const p = new ContinuousBernoulli(row(lambdas!.map((lambda) => Math.log(lambda / (1 - lambda)))));
    expect(p.logProb(row(xs!)).dataSync()[0]).toBeCloseTo(
      logs.reduce((sum, value) => sum + value, 0),
      5,
    );
  });

  it('has a gradient everywhere, that of finite differences and x − E[x]', () => {
    const logits = tf.variable(column(LOGITS) as tf.Tensor2D);
    const x = column(LOGITS.map((_, i) => i / LOGITS.length));
    const gradient = tf.variableGrads(() => new ContinuousBernoulli(logits).logProb(x).sum(), [logits]).grads[
      logits.name
    ]!;
    const expected = x.sub(new ContinuousBernoulli(logits).mean());
    expect(gradient.sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-5);
    const middle = tf.variable(column([-3, -0.4, 0, 0.7, 2]) as tf.Tensor2D);
    const loss = () => new ContinuousBernoulli(middle).logProb(column([0.1, 0.9, 0.5, 0.2, 0.6])).sum() as tf.Scalar;
    expectFiniteDifferences({ middle }, loss, 1e-3);
  });

  it.each([-20, -0.6, -0.04, 0, 0.03, 2, 30])('draws by its distribution at the logit %d', (l) => {
    const n = 20_000;
    const p = new ContinuousBernoulli(tf.fill([n, 1], l));
    const draws = p.sample({ seed: 4 }).dataSync();
    expect(draws.every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(Math.abs(mean(draws) - p.mean().dataSync()[0]!)).toBeLessThan(4 * standardError(draws));
    const squares = Array.from(draws, (x) => x ** 2);
    const expected = integral(l, (x) => x ** 2) / integral(l, () => 1);
    expect(Math.abs(mean(squares) - expected)).toBeLessThan(4 * standardError(squares));
  });

  it('has the divergence of quadrature', () => {
    const [l, m] = [1.7, -0.4];
    const [Zl, Zm] = [integral(l, () => 1) * Math.exp(l), integral(m, () => 1)];
    const ratio = (x: number) => (l - m) * x - Math.log(Zl) + Math.log(Zm);
    const expected = (integral(l, ratio) * Math.exp(l)) / Zl;
    const found = new ContinuousBernoulli(row([l])).kl(new ContinuousBernoulli(row([m]))).dataSync()[0];
    expect(found).toBeCloseTo(expected, 5);
  });
});
