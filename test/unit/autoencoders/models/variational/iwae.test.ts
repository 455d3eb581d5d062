import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { IWAE, randomStream, VAE } from '../../../../../kernel/autoencoders/index';
import type { IWAEConfig } from '../../../../../kernel/autoencoders/index';
import { binarySamples, mean, standardError } from '../../data';
import { expectFiniteDifferences } from '../../gradients';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const data = binarySamples(6, 5);
const x = () => tf.tensor2d(data.values, [6, 5]);
const base: IWAEConfig = { input: 5, latent: 2, hidden: [4], activation: 'tanh', seed: 3 };
const number = (tensor: tf.Tensor | undefined) => tensor!.dataSync()[0]!;

/** log w [L, n] of a model by its public parts, in float64 but for the networks. */
function logWeights(model: IWAE, epsilon: tf.Tensor2D, L: number): number[][] {
  const n = epsilon.shape[0] / L;
  return Array.from({ length: L }, (_, l) => {
    const q = model.posterior(data);
    const e = epsilon.slice([l * n, 0], [n, -1]);
    const z = q.reparameterize(e);
    const likelihood = model.likelihood(z).logProb(x()).dataSync();
    const [points, noise] = [z.arraySync(), e.arraySync()];
    const logVar = (q.logVar as tf.Tensor2D).arraySync();
    return points.map((point, i) => {
      const prior = point.reduce((sum, value) => sum - 0.5 * value ** 2, 0);
      const posterior = noise[i]!.reduce((sum, value, j) => sum - 0.5 * (value ** 2 + logVar[i]![j]!), 0);
      return likelihood[i]! + prior - posterior;
    });
  });
}

describe('the importance-weighted bound', () => {
  it('is log 1/L Σ w of float64, averaged over the batch', () => {
    const model = new IWAE({ ...base, draws: 4 });
    const { epsilon } = model.inputs(randomStream(1, 'noise'), 6);
    const logW = logWeights(model, epsilon, 4);
    const bounds = logW[0]!.map((_, i) => Math.log(mean(logW.map((row) => Math.exp(row[i]!)))));
    expect(number(model.losses({ x: x(), epsilon })['importanceWeighted'])).toBeCloseTo(-mean(bounds), 4);
    model.dispose();
  });

  it('with one draw is the evidence lower bound, in expectation', () => {
    const model = new IWAE({ ...base, draws: 1 });
    const differences = Array.from({ length: 100 }, (_, step) => {
      const terms = model.losses({ x: x(), ...model.inputs(randomStream(1, 'noise', step), 6) });
      return number(terms['importanceWeighted']) - number(terms.reconstruction) - number(terms.kl);
    });
    expect(Math.abs(mean(differences))).toBeLessThan(4 * standardError(differences));
    model.dispose();
  });

  it('rises with more draws', async () => {
    const model = new IWAE(base);
    const bounds = [];
    for (const draws of [1, 2000]) bounds.push((await model.logLikelihood(data, { draws })).mean);
    const gains = [];
    for (let seed = 0; seed < 20; seed++) {
      const one = await model.logLikelihood(data, { draws: 1, seed });
      const five = await model.logLikelihood(data, { draws: 5, seed });
      gains.push(five.mean - one.mean);
    }
    expect(mean(gains)).toBeGreaterThan(2 * standardError(gains));
    expect(bounds[1]).toBeGreaterThan(bounds[0]!);
    model.dispose();
  });

  it.each([
    { draws: 3 },
    { draws: 3, posterior: 'full' },
    { draws: 2, beta: 0.4, likelihood: 'continuousBernoulli' },
  ] as const)('has the gradient of finite differences with %j', (config) => {
    const model = new IWAE({ ...base, ...config });
    const noise = model.inputs(randomStream(9, 'noise'), 6);
    const data = x();
    const { beta = 0 } = config as IWAEConfig;
    const loss = () => {
      const { reconstruction, kl, importanceWeighted } = model.losses({ x: data, ...noise });
      return reconstruction
        .add(kl)
        .mul(beta)
        .add(importanceWeighted!.mul(1 - beta))
        .asScalar();
    };
    expectFiniteDifferences(model.parameters, loss, 2e-3);
    model.dispose();
  });
});

describe('the doubly reparameterised gradient', () => {
  const [standard, doubly] = (['standard', 'doublyReparameterized'] as const).map((encoderGradient) => ({
    ...base,
    latent: 1,
    draws: 16,
    encoderGradient,
  }));

  /** The gradient by one weight of the encoder and one of the decoder, for noise of many steps. */
  function gradients(config: IWAEConfig): { encoder: number[]; decoder: number[]; values: number[] } {
    const model = new IWAE(config);
    const [e, d] = [model.parameters['encoder.1.bias']!, model.parameters['decoder.1.bias']!];
    const found = { encoder: [] as number[], decoder: [] as number[], values: [] as number[] };
    for (let step = 0; step < 100; step++) {
      const noise = model.inputs(randomStream(1, 'noise', step), 6);
      const loss = () => model.losses({ x: x(), ...noise })['importanceWeighted'] as tf.Scalar;
      const { value, grads } = tf.variableGrads(loss, [e, d]);
      found.encoder.push(grads[e.name]!.dataSync()[0]!);
      found.decoder.push(grads[d.name]!.dataSync()[0]!);
      found.values.push(number(value));
    }
    model.dispose();
    return found;
  }

  it('has the mean of the standard one, less variance for the encoder, and the same for the decoder', () => {
    const [a, b] = [gradients(standard!), gradients(doubly!)];
    a.values.forEach((value, step) => expect(b.values[step]).toBeCloseTo(value, 4));
    a.decoder.forEach((value, step) => expect(b.decoder[step]).toBeCloseTo(value, 4));
    const differences = a.encoder.map((value, step) => value - b.encoder[step]!);
    expect(Math.abs(mean(differences))).toBeLessThan(4 * standardError(differences));
    expect(standardError(b.encoder)).toBeLessThan(0.7 * standardError(a.encoder));
  });
});

describe('an IWAE', () => {
  it('with β = 1 trains like a VAE', async () => {
    const models = [new IWAE({ ...base, draws: 2, beta: 1 }), new VAE({ ...base, draws: 2 })];
    const weights: ArrayLike<number>[] = [];
    for (const model of models) {
      await model.fit(data, { epochs: 3, batchSize: 4 });
      weights.push(model.parameters['encoder.0.kernel']!.dataSync());
      model.dispose();
    }
    Array.from(weights[0]!).forEach((value, i) => expect(value).toBeCloseTo(weights[1]![i]!, 6));
  });

  it('explains its weights, and scores its bound beside that of a VAE', async () => {
    const model = new IWAE({ ...base, draws: 2, beta: 0.25 });
    expect(model.explain().terms.map(({ name, weight }) => [name, weight])).toEqual([
      ['reconstruction', 0.25],
      ['kl', 0.25],
      ['importanceWeighted', 0.75],
    ]);
    const score = await model.score(data);
    expect(score.elbo).toBeCloseTo(-score.reconstruction - score.kl, 5);
    expect(score.total).toBeCloseTo(-0.25 * score.elbo + 0.75 * score.importanceWeighted, 5);
    expect(new IWAE(base).explain().effectiveBeta).toBeNull();
    model.dispose();
  });
});
