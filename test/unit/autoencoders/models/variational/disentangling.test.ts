import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BetaTCVAE,
  ConditionalVAE,
  columnPermutations,
  Dataset,
  densityRatioLoss,
  DiagonalGaussian,
  FactorVAE,
  InfoVAE,
  klParts,
  randomStream,
  VAE,
  VampPriorVAE,
} from '../../../../../kernel/autoencoders/index';
import type { VampPrior } from '../../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { expectFiniteDifferences, leaveKinks } from '../../gradients';

beforeAll(useWasm);

const shape = { input: 6, hidden: [5], latent: 2, activation: 'tanh', seed: 3 } as const;
const mutable = { ...shape, hidden: [...shape.hidden] };
const data = binarySamples(40, 6);
const labelled = Dataset.from(
  Array.from({ length: 40 }, (_, i) => [...data.values.subarray(6 * i, 6 * i + 6)]),
  { labels: Int32Array.from({ length: 40 }, (_, i) => i % 2) },
);

const MODELS = {
  BetaTCVAE: () => new BetaTCVAE({ ...mutable, dataSize: 40, beta: 4 }),
  FactorVAE: () => new FactorVAE({ ...mutable, discriminator: { hidden: [6], activation: 'tanh' } }),
  InfoVAE: () => new InfoVAE({ ...mutable, lambda: 20 }),
  VampPriorVAE: () => new VampPriorVAE({ ...mutable, components: 5 }),
  ConditionalVAE: () => new ConditionalVAE({ ...mutable, classes: 2 }),
} as const;
type Kind = keyof typeof MODELS;
type Tested = Pick<VAE<string>, 'classes' | 'inputs'>;
const LOAD = { BetaTCVAE, FactorVAE, InfoVAE, VampPriorVAE, ConditionalVAE } as const;

function tensorsFor(model: Tested, count = 8): Record<string, tf.Tensor> {
  const x = tf.tensor2d(labelled.values.slice(0, 6 * count), [count, 6]);
  const y = tf.tensor1d(labelled.labels!.slice(0, count), 'int32');
  return { x, ...(model.classes === null ? {} : { y }), ...model.inputs(randomStream(2, 'noise'), count, 0) };
}

const read = (tensor: tf.Tensor) => tensor.dataSync()[0]!;

describe.each(Object.keys(MODELS) as Kind[])('%s', (kind) => {
  it('trains, and goes on from its checkpoint to the last bit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
    const model = MODELS[kind]();
    const before = await model.score(labelled);
    await model.fit(labelled, { epochs: 30, batchSize: 20, learningRate: 0.02 });
    const after = await model.score(labelled);
    expect(after.reconstruction).toBeLessThan(before.reconstruction);
    expect(after.elbo).toBeCloseTo(-after.reconstruction - after.kl, 4);
    await model.save(join(folder, 'model'));
    const loaded = await LOAD[kind].load(join(folder, 'model'));
    for (const one of [model, loaded]) await one.fit(labelled, { epochs: 1, batchSize: 20, learningRate: 0.02 });
    expect(await loaded.score(labelled)).toEqual(await model.score(labelled));
    await rm(folder, { recursive: true });
    for (const one of [model, loaded]) one.dispose();
  });

  it('samples, encodes and decodes, and keeps nothing', () => {
    const model = MODELS[kind]();
    const run = () => {
      const samples = model.sample(4, { seed: 2 });
      expect(samples.shape).toEqual([4, 6]);
      expect(samples.dataSync()).toEqual(tf.tidy(() => model.sample(4, { seed: 2 }).dataSync()));
      const z = model.encode(labelled);
      expect(z.shape).toEqual([40, 2]);
      const xHat = model.reconstruct(labelled);
      expect(xHat.shape).toEqual([40, 6]);
      tf.dispose([samples, z, xHat]);
    };
    run();
    const before = alive();
    run();
    expect(alive()).toEqual(before);
    model.dispose();
  });

  it('explains each weighted term of its loss', () => {
    const model = MODELS[kind]();
    const stated = Object.keys(model.objective.terms);
    const terms = Object.keys(tf.tidy(() => model.losses(tensorsFor(model))));
    const unweighted = terms.filter((term) => model.termWeights[term]?.schedule === 0 && !stated.includes(term));
    expect(terms.filter((term) => !unweighted.includes(term)).toSorted()).toEqual(stated.toSorted());
    expect(String(model.explain())).toContain(model.name);
    model.dispose();
  });
});

describe('the gradient', () => {
  it.each(['BetaTCVAE', 'InfoVAE', 'VampPriorVAE', 'ConditionalVAE'] as const)(
    'of %s is that of differences',
    (kind) => {
      const model = MODELS[kind]();
      leaveKinks(model.parameters);
      const tensors = tensorsFor(model);
      expectFiniteDifferences(model.parameters, () => weightedSum(model.losses(tensors)), 5e-3);
      model.dispose();
    },
  );

  it('of FactorVAE’s total correlation reaches the encoder alone, and of its discriminator’s loss the discriminator alone', () => {
    const model = MODELS.FactorVAE();
    const tensors = tensorsFor(model);
    const reached = (term: 'totalCorrelation' | 'discriminator') => {
      const { grads } = tf.variableGrads(() => model.losses(tensors)[term].asScalar(), Object.values(model.parameters));
      return Object.keys(model.parameters).filter((name) => {
        const gradient = grads[model.parameters[name]!.name];
        return gradient && gradient.dataSync().some((value) => value !== 0);
      });
    };
    expect(new Set(reached('totalCorrelation').map((name) => name.split('.')[0]))).toEqual(new Set(['encoder']));
    expect(new Set(reached('discriminator').map((name) => name.split('.')[0]))).toEqual(new Set(['discriminator']));
    model.dispose();
  });
});

describe('β-TC-VAE', () => {
  it('has no β of the whole divergence, in its diagnostics as in its explanation', async () => {
    const model = MODELS.BetaTCVAE();
    const { diagnostics } = await model.fit(labelled, { epochs: 1, batchSize: 20 });
    expect([diagnostics!.effectiveBeta, model.explain().effectiveBeta]).toEqual([null, null]);
    model.dispose();
  });

  it('with weights of 1 is minus the bound of the same draw, for either estimator', () => {
    for (const estimator of ['stratified', 'weighted'] as const) {
      const model = new BetaTCVAE({ ...mutable, dataSize: 1000, estimator });
      const tensors = tensorsFor(model);
      const terms = model.losses(tensors);
      const parts = terms.indexCodeMutualInformation.add(terms.totalCorrelation).add(terms.dimensionWiseKl);
      const q = model.posterior(labelled.take(8)) as DiagonalGaussian;
      const z = q.reparameterize(tensors['epsilon']!);
      const prior = new DiagonalGaussian(tf.zerosLike(z), tf.scalar(0));
      expect(read(parts)).toBeCloseTo(read(q.logProb(z).sub(prior.logProb(z)).mean()), 4);
      model.dispose();
    }
  });
});

describe('the parts of the divergence of a whole data set', () => {
  it('sum to it, and their mean is the closed form', async () => {
    const model = new VAE({ ...mutable });
    const parts = await klParts(model, labelled, { draws: 40, seed: 4 });
    const sum = parts.indexCodeMutualInformation.value + parts.totalCorrelation.value + parts.dimensionWiseKl.value;
    expect(sum).toBeCloseTo(parts.kl.value, 10);
    const { kl } = await model.score(labelled);
    expect(Math.abs(parts.kl.value - kl)).toBeLessThan(4 * parts.kl.standardError);
    expect(parts.indexCodeMutualInformation.value).toBeLessThan(Math.log(40));
    model.dispose();
  });

  it('need independent dimensions', async () => {
    const model = new VAE({ ...mutable, posterior: 'full' });
    await expect(klParts(model, labelled)).rejects.toThrow('klParts needs a diagonal posterior');
    model.dispose();
  });
});

describe('permuted columns', () => {
  it('hold the values of each column in another order', () => {
    const [n, k] = [50, 3];
    const z = Array.from({ length: n }, (_, i) => Array.from({ length: k }, (_, j) => 100 * j + i));
    const permutation = columnPermutations(randomStream(1, 'permutation'), n, k);
    const permuted = tf.gather(tf.tensor2d(z).flatten(), permutation).reshape([n, k]).arraySync() as number[][];
    for (let j = 0; j < k; j++) {
      const column = permuted.map((row) => row[j]!);
      expect(column.toSorted((a, b) => a - b)).toEqual(z.map((row) => row[j]!));
      expect(column).not.toEqual(z.map((row) => row[j]!));
    }
    expect(permuted.map((row) => row[0]! % 100)).not.toEqual(permuted.map((row) => row[1]! % 100));
  });

  it('cost log 2 to a discriminator that knows nothing', () => {
    const z = tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
    const permutation = columnPermutations(randomStream(1, 'permutation'), 3, 2);
    const loss = densityRatioLoss((rows) => tf.zeros([rows.shape[0], 1]), z, permutation);
    expect(read(loss)).toBeCloseTo(Math.LN2, 6);
  });
});

describe('VampPrior VAE', () => {
  it('starts its pseudo-inputs from the data', async () => {
    const model = new VampPriorVAE({ ...mutable, components: 40 });
    await model.startPriorFrom(labelled, { seed: 2 });
    const rows = (model.parameters['pseudoInputs']!.arraySync() as number[][]).map(String);
    expect(rows.toSorted()).toEqual(Array.from({ length: 40 }, (_, i) => String([...labelled.values.subarray(6 * i, 6 * i + 6)])).toSorted()); // prettier-ignore
    const [prior, q] = [(model.prior() as VampPrior).components, model.posterior(labelled)];
    const sorted = (mu: tf.Tensor2D) => [...mu.dataSync()].toSorted((a, b) => a - b);
    sorted(prior.mu).forEach((value, i) => expect(value).toBeCloseTo(sorted(q.mu)[i]!, 5));
    model.dispose();
  });

  it('says that it has more components than there are data', async () => {
    const model = new VampPriorVAE({ ...mutable, components: 41 });
    await expect(model.startPriorFrom(labelled)).rejects.toThrow(
      '41 pseudo-inputs cannot start from 40 samples; give more data, or use "components" ≤ 40.',
    );
    model.dispose();
  });

  it('reports no divergence from N(0, I), which is not its prior', async () => {
    const model = MODELS.VampPriorVAE();
    expect(Object.keys(await model.diagnostics(labelled))).toEqual([
      'activeUnits',
      'mutualInformation',
      'variancePerDimension',
    ]);
    model.dispose();
  });

  it('with one component draws that posterior', () => {
    const model = new VampPriorVAE({ ...mutable, components: 1 });
    const prior = (model.prior() as VampPrior).components;
    const epsilon = tf.tensor2d([[0.3, -1]]);
    const terms = model.losses({ x: tf.tensor2d(labelled.values.slice(0, 6), [1, 6]), epsilon });
    const q = model.posterior(labelled.take(1)) as DiagonalGaussian;
    const z = q.reparameterize(epsilon);
    expect(read(terms.kl)).toBeCloseTo(read(q.logProb(z).sub(prior.logProb(z))), 4);
    model.dispose();
  });
});

describe('conditional VAE', () => {
  it('keeps nothing of a likelihood that is disposed', () => {
    const model = MODELS.ConditionalVAE();
    const [z, y] = [tf.zeros<tf.Rank.R2>([2, 2]), tf.tensor1d([0, 1], 'int32')];
    const before = alive();
    model.likelihood(z, y).dispose();
    expect(alive()).toEqual(before);
    model.dispose();
  });

  it('of one class is the VAE', async () => {
    const vae = new VAE({ ...mutable });
    const conditional = new ConditionalVAE({ ...mutable, classes: 1 });
    for (const [name, variable] of Object.entries(vae.parameters)) {
      const target = conditional.parameters[name]!;
      // Another row in the first kernels, for the class; at zero it adds nothing.
      target.assign(
        target.shape[0] === variable.shape[0] ? variable : tf.concat([variable, tf.zeros([1, variable.shape[1]!])]),
      );
    }
    const single = new Dataset({ values: labelled.values, shape: labelled.shape, labels: new Int32Array(40) });
    expect(await conditional.score(single, { seed: 5 })).toEqual(await vae.score(single, { seed: 5 }));
    for (const model of [vae, conditional]) model.dispose();
  });

  it('decodes the same latents to each class its own', () => {
    const model = MODELS.ConditionalVAE();
    const [zero, one, both] = [0, 1, [0, 1]].map((labels) => model.decode([[0.5, 1], [0.5, 1]], { labels }).arraySync()); // prettier-ignore
    expect(zero).not.toEqual(one);
    expect(both).toEqual([zero![0], one![1]]);
    model.dispose();
  });

  it('estimates log p(x|y) above its bound', async () => {
    const model = MODELS.ConditionalVAE();
    const bound = await model.logLikelihood(labelled, { draws: 1, seed: 3 });
    const tighter = await model.logLikelihood(labelled, { draws: 200, seed: 3 });
    const { elbo } = await model.score(labelled);
    expect(Math.abs(bound.mean - elbo)).toBeLessThan(0.3);
    expect(tighter.mean).toBeGreaterThan(elbo - 0.05);
    expect(tighter.bitsPerDimension).toBeCloseTo(-tighter.mean / (6 * Math.LN2), 10);
    model.dispose();
  });

  it('says that it needs labels, and which', async () => {
    const model = MODELS.ConditionalVAE();
    const advice = 'needs the class of each sample, and test data has none; give a data set with labels';
    await expect(model.fit(data, { epochs: 1 })).rejects.toThrow(advice);
    await expect(model.score(data)).rejects.toThrow(advice);
    expect(() => model.encode(data)).toThrow(advice);
    expect(() => model.decode([[0, 0]])).toThrow('decode needs the class of each row; give { labels }.');
    expect(() => model.decode([[0, 0]], { labels: 2 })).toThrow('knows classes 0 to 1; found a label 2.');
    expect(() => model.encode(data, { labels: [0, 1] })).toThrow('found 2 labels for 40 rows; give one for each');
    expect(model.encode(data, { labels: 1 }).shape).toEqual([40, 2]);
    model.dispose();
  });
});

it('a configuration error names the field', () => {
  expect(() => new BetaTCVAE({ ...mutable, dataSize: 0 })).toThrow('BetaTCVAE: "dataSize" is 0, allowed: at least 1.');
  expect(() => new InfoVAE({ ...mutable, sigma: 1 })).toThrow('allowed only with likelihood "gaussian"');
  expect(() => new VampPriorVAE({ ...mutable, components: 0 })).toThrow('"components" is 0');
  expect(() => new ConditionalVAE({ ...mutable } as never)).toThrow('"classes" is missing');
});

/** Weights that differ, so that no term hides another. */
function weightedSum(terms: Readonly<Record<string, tf.Tensor>>): tf.Scalar {
  const weighed = Object.values(terms).map((term, i) => term.mul(1 + 0.3 * i));
  return tf.addN(weighed).asScalar();
}
