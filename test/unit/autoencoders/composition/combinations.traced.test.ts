import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  bernoulli,
  categorical,
  continuousBernoulli,
  convolutional,
  densityRatio,
  diagonalGaussian,
  evidenceLowerBound,
  fullGaussian,
  gaussian,
  gaussianMixture,
  importanceWeighted,
  laplace,
  logisticMixture,
  maximumMeanDiscrepancy,
  mlp,
  residual,
  standardNormal,
  totalCorrelation,
  VAE,
  vampPrior,
} from '../../../../kernel/autoencoders/index';
import type { VAEConfig } from '../../../../kernel/autoencoders/index';
import type { OptimizerOptions } from '../../../../kernel/engine/index';
import { describeTracedSteps } from '../../engine/tracedIsEager';
import type { Common } from '../../engine/tracedIsEager';

const input = { kind: 'image', height: 4, width: 4, channels: 1 } as const;
const K = 3;

/** A model of layers from rows to rows; its weights are set by the name of each, since tfjs draws them at random. */
function layers(from: number[], to: number): tf.LayersModel {
  const model = tf.sequential({ layers: [] });
  if (from.length > 1) model.add(tf.layers.flatten({ name: 'flatten', inputShape: from }));
  const first = { name: 'hidden', units: 5, ...(from.length === 1 && { inputShape: from }) };
  model.add(tf.layers.dense({ ...first, activation: 'tanh' }));
  model.add(tf.layers.layerNormalization({ name: 'norm' }));
  model.add(tf.layers.dropout({ name: 'dropout', rate: 0.25 }));
  model.add(tf.layers.dense({ name: 'out', units: to }));
  const weights = model.getWeights().map((weight, i) => {
    const values = Array.from({ length: weight.size }, (_, j) => 0.3 * Math.sin(1 + i + 2.3 * j) + (i > 1 ? 0.5 : 0));
    return tf.tensor(values, weight.shape);
  });
  model.setWeights(weights);
  return model;
}

const NETWORKS = {
  mlp: () => ({ encoder: mlp([6]), decoder: mlp([6]) }),
  convolutional: () => ({
    encoder: convolutional({ channels: [3], norm: 'group' }),
    decoder: convolutional({ channels: [3] }),
  }),
  residual: () => ({
    encoder: residual({ channels: [2], blocks: 1 }),
    decoder: residual({ channels: [2], blocks: 1 }),
  }),
  layersModel: (heads: number, perValue: number) => ({
    encoder: layers([4, 4, 1], heads),
    decoder: layers([K], 16 * perValue),
  }),
};
const POSTERIORS = { diagonal: diagonalGaussian, full: fullGaussian };
const PRIORS = {
  standardNormal: () => standardNormal(),
  vampPrior: () => vampPrior({ components: 3 }),
  gaussianMixture: () => gaussianMixture(2),
};
const LIKELIHOODS = {
  bernoulli: () => bernoulli(),
  continuousBernoulli: () => continuousBernoulli(),
  gaussian: () => gaussian(),
  perPixel: () => gaussian({ sigma: 'perPixel' }),
  categorical: () => categorical(4),
  logisticMixture: () => logisticMixture({ components: 2, levels: 8 }),
  laplace: () => laplace(),
};
const OBJECTIVES = {
  evidenceLowerBound: () => evidenceLowerBound({ beta: 2 }),
  capacity: () => evidenceLowerBound({ capacity: { max: 2, steps: 4 } }),
  freeBits: () => evidenceLowerBound({ freeBits: 0.1 }),
  importanceWeighted: () => importanceWeighted(3),
  doublyReparameterized: () => importanceWeighted({ draws: 2, encoderGradient: 'doublyReparameterized' }),
  totalCorrelation: () => totalCorrelation({ beta: 6 }),
  densityRatio: () => densityRatio({ discriminator: { hidden: [4] } }),
  maximumMeanDiscrepancy: () => maximumMeanDiscrepancy({ beta: 0.5 }),
};

const AXES = [NETWORKS, POSTERIORS, PRIORS, LIKELIHOODS, OBJECTIVES].map((axis) => Object.keys(axis));
type Choice = readonly [
  keyof typeof NETWORKS,
  keyof typeof POSTERIORS,
  keyof typeof PRIORS,
  keyof typeof LIKELIHOODS,
  keyof typeof OBJECTIVES,
];

function configured([network, posterior, prior, likelihood, objective]: Choice, common: object): VAEConfig {
  const chosen = LIKELIHOODS[likelihood]();
  const heads = POSTERIORS[posterior]().definition.width(K);
  return {
    ...common,
    input,
    latent: K,
    ...NETWORKS[network](heads, chosen.definition.perValue ?? 1),
    posterior: POSTERIORS[posterior](),
    prior: PRIORS[prior](),
    likelihood: chosen,
    objective: OBJECTIVES[objective](),
  };
}

/** Why a combination makes no sense; undefined if it does. */
function refusal([, posterior, prior, , objective]: Choice): string | undefined {
  if (objective === 'totalCorrelation' && posterior === 'full') return 'needs independent latents';
  if (objective === 'freeBits' && prior !== 'standardNormal') return 'needs the KL divergence of each latent';
  if (prior === 'vampPrior' && posterior === 'full') return 'mixture of diagonal Gaussians';
  return undefined;
}

/** Choices in which every pair of values of two axes occurs that makes sense: each adds as many new pairs as it can. */
function coveringPairs(): Choice[] {
  const all = AXES.reduce<string[][]>(
    (rows, axis) => rows.flatMap((row) => axis.map((value) => [...row, value])),
    [[]],
  );
  const sensible = (all as unknown as Choice[]).filter((choice) => !refusal(choice));
  const pairsOf = (choice: Choice) =>
    choice.flatMap((a, i) => choice.slice(i + 1).map((b, j) => `${i}:${a}/${i + 1 + j}:${b}`));
  const missing = new Set(sensible.flatMap(pairsOf));
  const chosen: Choice[] = [];
  while (missing.size > 0) {
    const gain = (choice: Choice) => pairsOf(choice).filter((pair) => missing.has(pair)).length;
    const best = sensible.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    pairsOf(best).forEach((pair) => missing.delete(pair));
    chosen.push(best);
  }
  return chosen;
}

/**
 * Some of these losses are steep, and a long step would make both sides diverge; and Adam divides gradients that are
 * nearly zero by themselves, which leaves their rounding alone.
 */
function steady(optimizer: OptimizerOptions): OptimizerOptions {
  return { ...optimizer, clipNorm: 1, ...(optimizer.name === 'adam' && { epsilon: 1e-3 }) };
}

describe('combinations of parts', () => {
  const chosen = coveringPairs();

  describeTracedSteps(
    Object.fromEntries(
      chosen.map((choice) => [
        choice.join(', '),
        ({ seed, optimizer }: Common) => new VAE(configured(choice, { seed, optimizer: steady(optimizer) })),
      ]),
    ),
    undefined,
    undefined,
    3,
  );
});

describe('combinations that make no sense', () => {
  it.each([
    [
      ['mlp', 'full', 'standardNormal', 'bernoulli', 'totalCorrelation'],
      'needs independent latents, posterior: diagonalGaussian(); found fullGaussian',
    ],
    [
      ['mlp', 'diagonal', 'vampPrior', 'bernoulli', 'freeBits'],
      'needs the KL divergence of each latent in closed form',
    ],
    [
      ['mlp', 'diagonal', 'gaussianMixture', 'bernoulli', 'freeBits'],
      'which the prior gaussianMixture and the posterior diagonalGaussian do not have',
    ],
    [
      ['mlp', 'full', 'vampPrior', 'bernoulli', 'evidenceLowerBound'],
      'the prior vampPrior needs independent latents, posterior: diagonalGaussian(); found fullGaussian',
    ],
  ] as unknown as [Choice, string][])('%j say why', (choice, message) => {
    expect(() => new VAE(configured(choice, { seed: 1 }))).toThrow(message);
  });

  it('name networks that do not fit the data', () => {
    const rows = { input: 6, latent: 2 };
    expect(() => new VAE({ ...rows, encoder: convolutional() })).toThrow(
      'the encoder is between [6] and [4], expected images',
    );
    expect(() => new VAE({ ...rows, decoder: layers([3], 6) })).toThrow('takes rows of [3], expected [2]');
  });
});
