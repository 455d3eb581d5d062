/** Names in configurations: what the types take, and what a message suggests where one is misspelt. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  AdversarialAutoencoder,
  defineLikelihood,
  defineNetwork,
  definePrior,
  DenoisingAutoencoder,
  DeterministicAutoencoder,
  FactorVAE,
  TDVAE,
  VAE,
  VQVAE,
} from '../../../../kernel/autoencoders/index';
import type { LikelihoodConfig } from '../../../../kernel/autoencoders/likelihoods/fields';
import { nearest } from '../../../../kernel/engine/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const base = { input: 6, latent: 2, hidden: [3] };

/** Each is an error of TypeScript, which `tsc` would miss if it were none, and one that suggests the right name. */
const MISSPELT: [() => unknown, string][] = [
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, likelihood: 'gausian' }), '"likelihood" is "gausian", there is no likelihood of this name (did you mean "gaussian"?)'], // prettier-ignore
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, likelihood: 'Bernouli' }), '(did you mean "bernoulli"?)'],
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, prior: 'standardnormal' }), 'there is no prior of this name (did you mean "standardNormal"?)'], // prettier-ignore
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, prior: 'vampprior' }), '(did you mean "vampPrior"?)'],
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, posterior: 'fulGaussian' }), 'there is no posterior of this name (did you mean "fullGaussian"?)'], // prettier-ignore
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, objective: 'totalCorelation' }), '(did you mean "totalCorrelation"?)'],
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, encoder: 'residul' }), 'there is no network of this name (did you mean "residual"?)'],
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, activation: 'rleu' }), '"activation" is "rleu" (did you mean "relu"?), allowed: "relu"'],
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, initializer: 'glorotUnifrom' }), '(did you mean "glorotUniform"?)'],
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, optimizer: 'Adma' }), '"optimizer" is "Adma", expected one of "adam"'],
  // @ts-expect-error a name that there is not
  [() => new VAE({ ...base, optimizer: { name: 'adamW2' } }), '(did you mean "adamw"?)'],
  // @ts-expect-error a name that there is not
  [() => new FactorVAE({ ...base, discriminator: { activation: 'tahn' } }), '"discriminator.activation" is "tahn" (did you mean "tanh"?)'], // prettier-ignore
  // @ts-expect-error a name that there is not
  [() => new DeterministicAutoencoder({ ...base, loss: 'crossentropy' }), 'there is no loss of this name (did you mean "crossEntropy"?)'], // prettier-ignore
  // @ts-expect-error a name that there is not
  [() => new DeterministicAutoencoder({ ...base, penalties: ['sparcity'] }), 'there is no penalty of this name (did you mean "sparsity"?)'], // prettier-ignore
  // @ts-expect-error a name that there is not
  [() => new DeterministicAutoencoder({ ...base, code: 'Sigmiod' }), '(did you mean "sigmoid"?)'],
  // @ts-expect-error a name that there is not
  [() => new DenoisingAutoencoder({ ...base, corruption: 'maskng' }), 'there is no corruption of this name (did you mean "masking"?)'], // prettier-ignore
  // @ts-expect-error a name that there is not
  [() => new AdversarialAutoencoder({ ...base, prior: 'gausian' }), '(did you mean "gaussian"?)'],
  // @ts-expect-error a name that there is not
  [() => new VQVAE({ input: 6, quantizer: { kind: 'vector', estimator: 'rotatoin' } }), '(did you mean "rotation"?)'],
  // @ts-expect-error a field that there is not
  [() => new VAE({ input: 6, latnet: 2 }), 'did you mean "latent"?)'],
  // @ts-expect-error a name that there is not
  [() => new TDVAE({ input: [20, 4], likelihood: 'gausian' }), '(did you mean "gaussian"?)'],
];

describe('a name that is misspelt', () => {
  it.each(MISSPELT)('%#: is one that TypeScript refuses, and the message suggests another', (make, message) => {
    expect(make).toThrow(message);
  });

  it('is not guessed where nothing is near', () => {
    // @ts-expect-error a name that there is not
    expect(() => new VAE({ ...base, likelihood: 'poisson' })).not.toThrow('did you mean');
    // @ts-expect-error a name that there is not
    expect(() => new VAE({ ...base, likelihood: 'poisson' })).toThrow('there is no likelihood of this name (there are');
  });

  it('may be one of a cell, which is suggested too', () => {
    definePrior('myOwnPrior', () => ({ of: () => ({ logProb: (z) => z.sum(1), sample: ({ epsilon }) => epsilon }) }));
    expect(() => new VAE({ ...base, prior: { name: 'myOwnPriro' } })).toThrow('(did you mean "myOwnPrior"?)');
  });

  it('covers options of functions as well', async () => {
    const model = new VAE(base);
    // @ts-expect-error a format that there is not
    await expect(model.save('/nowhere', { format: 'onxx' })).rejects.toThrow(
      '"format" is "onxx" (did you mean "onnx"?)',
    );
    const data = { values: new Float32Array(12), shape: model.inputShape, width: 6, length: 2, name: 'two' };
    const options = { epochs: 1, validation: data, earlyStopping: { patience: 1, monitor: 'reconstuction' } };
    await expect(model.fit(data, options)).rejects.toThrow('(did you mean "reconstruction"?)');
    model.dispose();
  });
});

describe('a name that there is', () => {
  const likelihoods: Record<Extract<LikelihoodConfig['likelihood'], string>, true> = {
    bernoulli: true,
    continuousBernoulli: true,
    gaussian: true,
    laplace: true,
    categorical: true,
    logisticMixture: true,
  };

  it.each(Object.keys(likelihoods) as (keyof typeof likelihoods)[])('is enough: likelihood %s', (likelihood) => {
    new VAE({ ...base, likelihood }).dispose();
  });

  it.each(['standardNormal', 'gaussianMixture', 'vampPrior'] as const)('is enough: prior %s', (prior) => {
    new VAE({ ...base, prior }).dispose();
  });

  it.each(['diagonal', 'full', 'diagonalGaussian', 'fullGaussian'] as const)('is enough: posterior %s', (posterior) => {
    new VAE({ ...base, posterior }).dispose();
  });

  it.each([
    'evidenceLowerBound',
    'importanceWeighted',
    'totalCorrelation',
    'densityRatio',
    'maximumMeanDiscrepancy',
  ] as const)('is enough: objective %s', (objective) => {
    new VAE({ ...base, objective }).dispose();
  });

  it.each(['mlp', 'residual'] as const)('is enough: network %s', (encoder) => {
    new VAE({ ...base, encoder }).dispose();
  });

  it.each(['contraction', 'sparsity', 'squaredCodes', 'decoderDecay'] as const)('is enough: penalty %s', (penalty) => {
    const code = 'sigmoid' as const;
    new DeterministicAutoencoder({ input: 6, latent: 2, hidden: [], code, penalties: [penalty] }).dispose();
  });

  it.each(['masking', 'gaussian', 'saltAndPepper'] as const)('is enough: corruption %s', (corruption) => {
    new DenoisingAutoencoder({ ...base, corruption }).dispose();
  });

  it('of a part of your own types as the part, or as its name with options', () => {
    const mine = defineLikelihood('namesTest', () => ({
      of: (rows) => ({ mean: () => rows.clone(), logProb: (x) => x.sub(rows).square().sum<tf.Tensor1D>(1) }),
    }));
    const net = defineNetwork('namesTestNetwork', () => ({ apply: (x) => x }));
    new VAE({ ...base, likelihood: mine() }).dispose();
    new VAE({ ...base, likelihood: { name: 'namesTest' } }).dispose();
    new VAE({ input: 6, latent: 3, encoder: net(), decoder: 'mlp' }).dispose();
  });
});

describe('the nearest name', () => {
  it.each([
    ['gausian', 'gaussian'],
    ['ADAM', 'adam'],
    ['sgdd', 'sgd'],
    ['maks', 'mask'],
    ['', undefined],
    ['ask', undefined],
    ['task', undefined],
    ['x', undefined],
    ['something else', undefined],
    [3, undefined],
    [undefined, undefined],
  ])('of %j is %j', (word, expected) => {
    expect(nearest(word, ['adam', 'gaussian', 'mask', 'sgd', 7])).toBe(expected);
  });
});
