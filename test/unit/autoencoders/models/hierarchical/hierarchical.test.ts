import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DiagonalGaussian,
  estimate,
  LadderVAE,
  MHVAE,
  productOfGaussians,
  randomStream,
  VAE,
} from '../../../../../kernel/autoencoders/index';
import type { MultivariateGaussian, VAEConfig } from '../../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { expectFiniteDifferences, leaveKinks } from '../../gradients';
import { setChain } from '../../../../../kernel/verify/hierarchical/chain';

beforeAll(useWasm);

const data = binarySamples(6, 8);
const rows = () => tf.tensor2d(data.values, [6, 8]);
const MODELS = { MHVAE, LadderVAE };
const families = Object.entries(MODELS);
const common = { input: 8, hidden: [7], levelHidden: [5], seed: 3 };

function valuesOf(terms: Record<string, tf.Tensor>): Record<string, number> {
  return Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, term.dataSync()[0]!]));
}

describe('an MHVAE with one latent', () => {
  it('is the VAE: weights, noise, terms and draws are the same', () => {
    const config: Omit<VAEConfig, 'latent'> = { input: 8, hidden: [7], seed: 3, likelihood: 'gaussian' };
    const [chain, vae] = [new MHVAE({ ...config, latents: [4] }), new VAE({ ...config, latent: 4 })];
    expect(Object.keys(chain.parameters).sort()).toEqual(Object.keys(vae.parameters).sort());
    for (const [name, variable] of Object.entries(vae.parameters)) {
      expect(chain.parameters[name]!.dataSync()).toEqual(variable.dataSync());
    }
    const noise = vae.inputs(randomStream(1, 'noise'), 6);
    expect(chain.inputs(randomStream(1, 'noise'), 6).epsilon.dataSync()).toEqual(noise.epsilon.dataSync());
    expect(valuesOf(chain.losses({ x: rows(), ...noise }))).toEqual(valuesOf(vae.losses({ x: rows(), ...noise })));
    expect(chain.encode(data).dataSync()).toEqual(vae.encode(data).dataSync());
    expect(chain.sample(3).dataSync()).toEqual(vae.sample(3).dataSync());
    expect(chain.explain().effectiveBeta).toBe(1);
  });
});

describe('a ladder VAE with one latent', () => {
  it('is the VAE whose encoder is its way up', () => {
    const ladder = new LadderVAE({ ...common, latents: [4], features: [6] });
    const vae = new VAE({ input: 8, hidden: [7, 6], latent: 4, seed: 3 });
    const names = { 'bottomUp.1.0': 'encoder.0', 'bottomUp.1.1': 'encoder.1', 'evidence.1': 'encoder.2' };
    for (const [own, other] of Object.entries(names)) {
      for (const part of ['kernel', 'bias']) {
        vae.parameters[`${other}.${part}`]!.assign(ladder.parameters[`${own}.${part}`]!);
      }
    }
    // The decoders differ in their hidden layers: only what the encoder makes is compared.
    const noise = vae.inputs(randomStream(1, 'noise'), 6);
    expect(ladder.encode(data).dataSync()).toEqual(vae.encode(data).dataSync());
    expect(valuesOf(ladder.losses({ x: rows(), ...noise }))['kl']).toBe(
      valuesOf(vae.losses({ x: rows(), ...noise }))['kl'],
    );
  });
});

describe.each(families)('the %s', (_, Family) => {
  let model: MHVAE | LadderVAE;
  beforeAll(() => {
    model = new Family({ ...common, latents: [4, 3, 2] });
  });

  it('has terms whose mean is minus the mean log-weight', () => {
    const repeats = 4000;
    const x = rows().slice([0, 0], [1, 8]).tile([repeats, 1]) as tf.Tensor2D;
    const { epsilon } = model.inputs(randomStream(2, 'noise'), repeats);
    const weights = estimate(model.logWeights(x, epsilon).dataSync());
    const total = Object.values(valuesOf(model.losses({ x, epsilon }))).reduce((sum, value) => sum + value, 0);
    expect(Math.abs(total + weights.value)).toBeLessThan(4 * weights.standardError);
  });

  it('has the gradient that finite differences give', () => {
    leaveKinks(model.parameters);
    const { epsilon } = model.inputs(randomStream(4, 'noise'), 6);
    const x = rows();
    const loss = () => tf.addN(Object.values(model.losses({ x, epsilon }))).asScalar();
    expectFiniteDifferences(model.parameters, loss, 0.01);
  });

  it('gives more nats with more importance-weighted draws, in a labelled bound', async () => {
    const [one, many] = [await model.logLikelihood(data, { draws: 1 }), await model.logLikelihood(data, { draws: 60 })];
    expect([one.kind, many.kind]).toEqual(['evidence lower bound', 'importance-weighted bound']);
    expect(many.mean).toBeGreaterThan(one.mean);
    expect(many.perSample).toHaveLength(data.length);
  });

  it('decodes from every level, along the means', () => {
    const levels = model.encodeLevels(data);
    expect(levels.map(({ shape }) => shape)).toEqual([[6, 4], [6, 3], [6, 2]]); // prettier-ignore
    expect(levels[0]!.dataSync()).toEqual(model.encode(data).dataSync());
    expect(model.decodeFrom(1, levels[0]!).dataSync()).toEqual(model.reconstruct(data).dataSync());
    const z2 = model.prior(2, levels[2]!).mu;
    expect(model.decodeFrom(3, levels[2]!).dataSync()).toEqual(model.decodeFrom(2, z2).dataSync());
    expect(() => model.decodeFrom(4, levels[0]!)).toThrow('a level from 1 to 3; found the number 4');
  });

  it('samples the same for a seed, values that its likelihood can have', () => {
    const draws = model.sample(5, { seed: 2 });
    expect(draws.shape).toEqual([5, 8]);
    expect(draws.dataSync()).toEqual(model.sample(5, { seed: 2 }).dataSync());
    for (const value of draws.dataSync()) expect(value).toSatisfy((p: number) => p > 0 && p < 1);
  });

  it('names each divergence, and the bound in a score', async () => {
    expect(model.explain().terms.map(({ name }) => name)).toEqual(['reconstruction', 'kl1', 'kl2', 'kl3']);
    expect(model.explain().effectiveBeta).toBe(1);
    const { elbo, total } = await model.score(data);
    expect(elbo).toBeCloseTo(-total!, 4);
  });

  it('leaves no tensors behind', async () => {
    await model.score(data);
    await model.logLikelihood(data, { draws: 3 });
    const before = alive();
    tf.dispose([model.encode(data), ...model.encodeLevels(data), model.sample(2)]);
    const above = tf.zeros<tf.Rank.R2>([2, 2]);
    model.prior(2, above).dispose();
    above.dispose();
    await model.logLikelihood(data, { draws: 3 });
    await model.diagnostics(data);
    expect(alive()).toEqual(before);
  });

  it('reports which levels are active, and the effective β, of every epoch', async () => {
    const one = new Family({ ...common, latents: [4, 3, 2], beta: 2 });
    const { diagnostics } = await one.fit(data, { epochs: 1, batchSize: 6 });
    expect(Object.keys(diagnostics!.model!)).toEqual(['activeUnits1', 'activeUnits2', 'activeUnits3']);
    expect([diagnostics!.effectiveBeta, one.explain().effectiveBeta]).toEqual([2, 2]);
    // Without what tells it of x, a level is the same for all samples.
    for (const [name, variable] of Object.entries(one.parameters)) {
      if (/^(inference\.3|evidence\.3)/.test(name)) variable.assign(tf.zerosLike(variable));
    }
    const levels = one.encodeLevels(data).map((z) => tf.moments(z, 0).variance.greater(0.01).sum().dataSync()[0]!);
    expect(Object.values(await one.diagnostics(data))).toEqual(levels);
    expect(levels[2]).toBe(0);
    expect(levels[0]).toBeGreaterThan(0);
    one.dispose();
  });

  it('names what is wrong with a configuration', () => {
    expect(() => new Family({ ...common, latents: [] })).toThrow('"latents" is [], allowed: at least 1 entries');
    expect(() => new Family({ ...common, latents: [2], sigma: 1 })).toThrow('"sigma" is 1, allowed only with');
  });
});

describe('an MHVAE whose inference is the exact reverse of its chain', () => {
  it.each([1, 2, 3, 4, 5])('weighs every draw alike, by the evidence: %i latents', (T) => {
    const model = new MHVAE({
      input: 3,
      latents: new Array<number>(T).fill(1),
      hidden: [],
      levelHidden: [],
      likelihood: 'gaussian',
      sigma: 0.7,
    });
    const evidence: MultivariateGaussian = setChain(model);
    const x = [0.9, -0.4, 1.7];
    const { epsilon } = model.inputs(randomStream(5, 'noise'), 200);
    const weights = model.logWeights(tf.tensor2d(new Array<number[]>(200).fill(x)), epsilon).dataSync();
    for (const weight of weights) expect(weight).toBeCloseTo(evidence.logDensity(x), 4);
    model.dispose();
  });
});

describe('the product of two Gaussians', () => {
  it('is proportional to their densities multiplied', () => {
    const a = new DiagonalGaussian(tf.tensor2d([[0.3, -2]]), tf.tensor2d([[-1, 4]]));
    const b = new DiagonalGaussian(tf.tensor2d([[-1.2, 5]]), tf.tensor2d([[0.5, -3]]));
    const product = productOfGaussians(a, b);
    const logConstant = ([z1, z2]: number[]) => {
      const z = tf.tensor2d([[z1!, z2!]]);
      return a.logProb(z).add(b.logProb(z)).sub(product.logProb(z)).dataSync()[0]!;
    };
    const reference = logConstant([0, 0]);
    for (const z of [[1, 1], [-2, 3], [0.5, 5]]) expect(logConstant(z)).toBeCloseTo(reference, 4); // prettier-ignore
  });

  it('is finite where one variance is far larger than the other', () => {
    const sharp = new DiagonalGaussian(tf.tensor2d([[2]]), tf.tensor2d([[-80]]));
    const flat = new DiagonalGaussian(tf.tensor2d([[-5]]), tf.tensor2d([[80]]));
    for (const product of [productOfGaussians(sharp, flat), productOfGaussians(flat, sharp)]) {
      expect(product.mu.dataSync()[0]).toBe(2);
      expect(product.logVar.dataSync()[0]).toBe(-80);
    }
  });

  it('keeps no tensors but its own two', () => {
    const one = new DiagonalGaussian(tf.zeros([1, 2]), tf.zeros([1, 2]));
    const before = alive();
    productOfGaussians(one, one).dispose();
    expect(alive()).toEqual(before);
  });
});
