import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Autoencoder,
  convolutional,
  Dataset,
  defineLikelihood,
  defineModel,
  defineNetwork,
  defineObjective,
  definePosterior,
  definePrior,
  DiagonalGaussian,
  initial,
  mlp,
  network,
  normal,
  randomStream,
  VAE,
} from '../../../../kernel/autoencoders/index';
import type { Given } from '../../../../kernel/autoencoders/index';
import { useWasm } from '../../engine/backends';
import { binarySamples } from '../data';
import { expectFiniteDifferences } from '../gradients';

beforeAll(useWasm);

const data = binarySamples(40, 6);
const options = { epochs: 3, batchSize: 20, learningRate: 0.02 };
const base = { input: 6, latent: 2, seed: 4 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
});
afterAll(() => rm(folder, { recursive: true }));

const number = (tensor: tf.Tensor) => tensor.dataSync()[0]!;

describe('a network of your own', () => {
  const linear = defineNetwork('testLinear', ({ scale = 1 }: { scale?: number }) => ({
    parameters: ({ from, to, perValue }) => ({
      W: initial.glorot([from[0]!, to[0]! * perValue]),
      b: initial.zeros([to[0]! * perValue]),
    }),
    apply: (x, { W, b }) => x.matMul(W!).add(b!).mul(scale),
  }));

  it('is what its function says, with the gradient of finite differences', () => {
    const model = new VAE({ ...base, encoder: linear(), decoder: linear({ scale: 2 }) });
    expect(Object.keys(model.parameters)).toEqual(['encoder.W', 'encoder.b', 'decoder.W', 'decoder.b']);
    const x = tf.tensor2d(data.values.slice(0, 36), [6, 6]);
    const q = model.posterior(x);
    const mu = x.matMul(model.parameters['encoder.W'] as tf.Tensor2D).slice([0, 0], [-1, 2]);
    expect(q.mu.dataSync()).toEqual(mu.dataSync());
    const given = { x, ...model.inputs(randomStream(1, 'noise'), 6) };
    expectFiniteDifferences(model.parameters, () => tf.addN(Object.values(model.losses(given))).asScalar(), 5e-3);
    model.dispose();
  });

  it('is trained on, saved and loaded, and starts as the seed says', async () => {
    const [one, other] = [1, 2].map(() => new VAE({ ...base, encoder: linear() }));
    expect(one!.parameters['encoder.W']!.dataSync()).toEqual(other!.parameters['encoder.W']!.dataSync());
    await one!.fit(data, options);
    await one!.save(join(folder, 'network'));
    const loaded = await VAE.load(join(folder, 'network'));
    for (const model of [one!, loaded]) await model.fit(data, options);
    expect(await loaded.score(data)).toEqual(await one!.score(data));
    for (const model of [one!, other!, loaded]) model.dispose();
  });

  it('that has no name trains, and says why it cannot be saved', async () => {
    const unnamed = network({
      parameters: ({ from, to }) => ({ W: initial.he([from[0]!, to[0]!]) }),
      apply: (x, { W }) => x.matMul(W!),
    });
    const model = new VAE({ ...base, encoder: unnamed });
    await model.fit(data, options);
    await expect(model.save(join(folder, 'unnamed'))).rejects.toThrow(
      'VAE: "encoder" is a network without a name, which a checkpoint cannot store; define it with a name: defineNetwork(',
    );
    model.dispose();
  });

  it('that gives another number of values names what is expected', () => {
    const wrong = network({ apply: (x) => x.slice([0, 0], [-1, 3]) });
    const model = new VAE({ ...base, encoder: wrong });
    expect(() => model.encode(data)).toThrow('The network of the encoder gives [40, 3], expected [40, 4].');
    model.dispose();
  });

  it('gets images as images, and is what a convolution of tfjs is', () => {
    const shape = { kind: 'image', height: 4, width: 4, channels: 2 } as const;
    const seen: number[][] = [];
    const encoder = network({
      parameters: () => ({ K: initial.he([4, 4, 2, 4]) }),
      apply: (x, { K }) => {
        seen.push(x.shape);
        return tf.conv2d(x as tf.Tensor4D, K as tf.Tensor4D, 1, 'valid').reshape([-1, 4]);
      },
    });
    const model = new VAE({ input: shape as never, latent: 2, encoder });
    model.encode(tf.zeros([3, 32])).dispose();
    expect(seen[0]).toEqual([3, 4, 4, 2]);
    model.dispose();
  });
});

describe('a posterior, a prior and a likelihood of your own', () => {
  const unitPosterior = definePosterior('testUnit', () => ({
    width: (k) => k,
    of: (rows) => new DiagonalGaussian(rows, tf.scalar(0)),
  }));
  const wide = definePrior('testWide', ({ deviation = 2 }: { deviation?: number }) => ({
    of: () => ({
      logProb: (z) => new DiagonalGaussian(tf.zerosLike(z), tf.scalar(2 * Math.log(deviation))).logProb(z),
      sample: ({ epsilon }) => epsilon.mul(deviation),
    }),
  }));
  const unitGaussian = defineLikelihood('testUnitGaussian', () => ({
    of: (rows) => ({
      mean: () => rows.clone(),
      logProb: (x) => new DiagonalGaussian(rows, tf.scalar(0)).logProb(x),
    }),
  }));
  const create = () =>
    new VAE({
      ...base,
      encoder: mlp([]),
      decoder: mlp([]),
      posterior: unitPosterior(),
      prior: wide({ deviation: 3 }),
      likelihood: unitGaussian(),
    });

  it('are those of the bound and of log p(x): of a linear Gaussian model in closed form', async () => {
    const model = create();
    const W = model.parameters['decoder.0.kernel']!.arraySync() as number[][];
    // x = zW + ε with z ~ N(0, 9 I) and ε ~ N(0, I) has the covariance 9 WᵀW + I.
    const covariance = Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 6 }, (_, j) => 9 * (W[0]![i]! * W[0]![j]! + W[1]![i]! * W[1]![j]!) + (i === j ? 1 : 0)),
    );
    const found = await model.logLikelihood(data, { draws: 20_000, seed: 1 });
    const exact = logDensities(covariance, data.values, 6);
    const mean = exact.reduce((sum, value) => sum + value / exact.length, 0);
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.05);
    model.dispose();
  });

  it('sample from that prior', () => {
    const model = create();
    tf.tidy(() => {
      const { mean, variance } = tf.moments(
        model.prior().sample({ epsilon: tf.randomNormal([5000, 2], 0, 1, 'float32', 3) }),
      );
      expect(Math.abs(number(mean))).toBeLessThan(0.15);
      expect(Math.abs(number(variance) - 9)).toBeLessThan(0.5);
    });
    expect(() => model.sample(2, { values: 'draw' })).toThrow('the likelihood "testUnitGaussian" has no sample()');
    model.dispose();
  });

  it('are loaded by their names, and missed by their names where the cell has not run', async () => {
    const model = create();
    await model.fit(data, options);
    await model.save(join(folder, 'parts'));
    const loaded = await VAE.load(join(folder, 'parts'));
    expect(await loaded.score(data)).toEqual(await model.score(data));
    const strange = definePrior('testStrange', () => ({
      of: () => ({ logProb: (z) => z.sum(1), sample: ({ epsilon }) => epsilon }),
    }));
    const config = JSON.parse(JSON.stringify(new VAE({ ...base, prior: strange() }).config)) as {
      prior: { name: string };
    };
    config.prior.name = 'neverDefined';
    expect(() => new VAE(config as never)).toThrow(
      /VAE: "prior" is .*there is no prior of this name .*define your own with definePrior\('neverDefined', …\), in a cell that you run first/,
    );
    for (const one of [model, loaded]) one.dispose();
  });
});

describe('an objective of your own', () => {
  const own = defineObjective('testOwn', ({ beta = 1 }: { beta?: number }) => ({
    source: 'a test',
    schedules: { C: { schedule: 'linearWarmup', steps: 4, from: 0, to: 2 } },
    terms: ({ logLikelihood, klPerDimension }, { C }) => ({
      reconstruction: logLikelihood.mean().neg(),
      worst: {
        value: klPerDimension!.mean(0).max().sub(C!).abs(),
        weight: { symbol: 'β', schedule: beta },
        formula: '|\\max_j \\mathrm{KL}_j - C|',
        meaning: 'the largest divergence',
      },
    }),
  }));

  it('explains itself without words for what it does not state', () => {
    const plain = defineObjective('plain', () => ({
      terms: ({ logLikelihood, kl }) => ({
        reconstruction: { value: logLikelihood.mean().neg(), meaning: 'minus the log-likelihood' },
        kl: { value: kl.mean(), weight: 2 },
      }),
    }));
    const model = new VAE({ ...base, objective: plain() });
    expect(String(model.explain())).toBe(
      [
        `${model.explain().model} minimises \\mathrm{reconstruction} + 2\\,\\mathrm{kl}`,
        '  reconstruction: minus the log-likelihood; nats per sample; weight 1',
        '  kl: nats per sample; weight 2',
        'Effective β: 2.',
      ].join('\n'),
    );
    expect(inspect(model)).toContain(' · 2 × kl · ');
    model.dispose();
  });

  it('declares each term once, for values, weights and explanation', async () => {
    const model = new VAE({ ...base, objective: own({ beta: 3 }) });
    const explained = model.explain();
    expect(explained.formula).toBe('\\mathrm{reconstruction} + \\beta\\,|\\max_j \\mathrm{KL}_j - C|');
    expect(explained.terms.map(({ name, weight, symbol }) => [name, weight, symbol])).toEqual([
      ['reconstruction', 1, ''],
      ['worst', 3, 'β'],
    ]);
    const history = await model.fit(data, options);
    expect(Object.keys(history.final.train).toSorted()).toEqual(['reconstruction', 'total', 'worst']);
    const score = (await model.score(data)) as Record<string, number>;
    expect(score['total']).toBeCloseTo(score['reconstruction']! + 3 * score['worst']!, 4);
    await model.save(join(folder, 'objective'));
    const loaded = await VAE.load(join(folder, 'objective'));
    expect(await loaded.score(data)).toEqual(score);
    for (const one of [model, loaded]) one.dispose();
  });
});

describe('a model from nothing', () => {
  const Mine = defineModel('TestMine', ({ hidden = 5 }: { hidden?: number }, { network, shape }) => {
    const encoder = network('encoder', mlp([hidden]), { from: shape, to: [2] });
    const decoder = network('decoder', mlp([hidden]), { from: [2], to: shape });
    return {
      latentDimensions: 2,
      unit: 'squared error',
      encode: (x) => encoder.apply(x),
      decode: (z) => decoder.apply(z),
      noise: (n) => ({ epsilon: normal([n, 2]) }),
      terms: ({ x, epsilon }) => ({
        reconstruction: decoder
          .apply(encoder.apply(x).add(epsilon.mul(0.1)))
          .sub(x)
          .square()
          .sum(1)
          .mean(),
      }),
    };
  });

  class Sub extends VAE {
    doubled(): number {
      return 2 * this.latentDimensions;
    }
  }

  class Plain extends Autoencoder {
    readonly latentDimensions = 1;
    private readonly w = this.parameter('w', initial.ones([6, 1]));

    override terms({ x }: Given) {
      return {
        loss: x
          .matMul(this.w as tf.Tensor2D)
          .square()
          .mean(),
      };
    }
  }

  it('trains, encodes and decodes, is saved and loaded, and goes on to the last bit', async () => {
    const model = new Mine({ input: 6, hidden: 4, seed: 2 });
    const before = await model.score(data);
    await model.fit(data, { ...options, epochs: 20 });
    expect((await model.score(data))['total']).toBeLessThan(before['total']!);
    expect([model.encode(data).shape, model.reconstruct(data).shape]).toEqual([[40, 2], [40, 6]]); // prettier-ignore
    expect([model.kind, model.unit]).toEqual(['TestMine', 'squared error per sample']);
    await model.save(join(folder, 'mine'));
    await model.save(join(folder, 'mine.onnx'), { format: 'onnx' });
    const loaded = await Mine.load(join(folder, 'mine'));
    for (const one of [model, loaded]) await one.fit(data, options);
    expect(await loaded.score(data)).toEqual(await model.score(data));
    await expect(VAE.load(join(folder, 'mine'))).rejects.toThrow('holds a TestMine, expected a VAE; use TestMine.load');
    for (const one of [model, loaded]) one.dispose();
  });

  it('is loaded as the class that load is called on', async () => {
    const model = new Sub({ ...base });
    await model.save(join(folder, 'sub'));
    const loaded = await Sub.load(join(folder, 'sub'));
    expect(loaded.doubled()).toBe(4);
    await expect(VAE.load(join(folder, 'sub'))).rejects.toThrow('holds a Sub, expected a VAE');
    for (const one of [model, loaded]) one.dispose();
  });

  it('of terms alone trains, and says what encoding needs', async () => {
    const model = new Plain({ input: 6 });
    await model.fit(data, options);
    expect(() => model.encode(data)).toThrow('Plain has no encodeRows(x: [n, d]): [n, latentDimensions]');
    model.dispose();
  });

  it('says that a name is taken twice', () => {
    class Twice extends Autoencoder {
      readonly latentDimensions = 1;
      readonly first = this.parameter('w', initial.ones([6, 1]));
      readonly second = this.parameter('w', initial.ones([6, 1]));

      override terms({ x }: Given) {
        return { loss: x.mean() };
      }
    }
    expect(() => new Twice({ input: 6 })).toThrow(
      'Twice: two of its parts have a parameter "w"; give them different names.',
    );
  });
});

describe('values that are missing', () => {
  it('are skipped by the likelihood: a sample without a value scores as one that never had it', async () => {
    const half = binarySamples(40, 3);
    const rows = Array.from({ length: 40 }, (_, i) => [...half.values.subarray(3 * i, 3 * i + 3), NaN, NaN, NaN]);
    const model = new VAE({ ...base, missing: true });
    const terms = tf.tidy(() => {
      const given = { x: tf.tensor2d(rows), ...model.inputs(randomStream(1, 'noise'), 40) };
      return number(model.losses(given).reconstruction);
    });
    const expected = tf.tidy(() => {
      const filled = tf.tensor2d(rows.map((row) => row.map((value) => (Number.isNaN(value) ? 0 : value))));
      const { epsilon } = model.inputs(randomStream(1, 'noise'), 40);
      const p = model.likelihood(model.posterior(filled).reparameterize(epsilon));
      const mean = p.mean().arraySync();
      return -rows.reduce((sum, row, i) => {
        const logs = row.slice(0, 3).map((x, j) => Math.log(x ? mean[i]![j]! : 1 - mean[i]![j]!));
        return sum + logs.reduce((a, b) => a + b, 0) / 40;
      }, 0);
    });
    expect(terms).toBeCloseTo(expected, 4);
    model.dispose();
  });
});

describe('classes that are not known', () => {
  it('are a condition of their own', () => {
    const model = new VAE({ ...base, classes: 2 });
    const [known, unknown] = [1, -1].map((labels) => model.encode(data, { labels }).arraySync());
    expect(known).not.toEqual(unknown);
    model.dispose();
  });

  it('stand once beside the pixels for a network of rows, and as channels for convolutions', () => {
    const images = { input: [4, 4, 1] as number[], latent: 2, classes: 3 };
    const rows = new VAE({ ...images, hidden: [5] });
    expect(rows.parameters['encoder.0.kernel']!.shape).toEqual([16 + 3, 5]);
    const maps = new VAE({ ...images, encoder: convolutional({ channels: [2] }) });
    expect(maps.parameters['encoder.0.kernel']!.shape).toEqual([3, 3, 1 + 3, 2]);
    for (const model of [rows, maps]) model.dispose();
  });

  it('train beside known ones', async () => {
    const labels = Int32Array.from({ length: 40 }, (_, i) => (i % 3) - 1);
    const labelled = new Dataset({ values: data.values, shape: data.shape, labels });
    const model = new VAE({ ...base, classes: 2 });
    const { final } = await model.fit(labelled, options);
    expect(Number.isFinite(final.train['total'])).toBe(true);
    model.dispose();
  });
});

/** log N(x; 0, Σ) of each row, in float64, by Cholesky's factor. */
function logDensities(covariance: number[][], values: Float32Array, d: number): number[] {
  const L = covariance.map((row) => row.map(() => 0));
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i]![j]!;
      for (let k = 0; k < j; k++) sum -= L[i]![k]! * L[j]![k]!;
      L[i]![j] = i === j ? Math.sqrt(sum) : sum / L[j]![j]!;
    }
  }
  return Array.from({ length: values.length / d }, (_, n) => {
    let log = (-d / 2) * Math.log(2 * Math.PI);
    const y: number[] = [];
    for (let i = 0; i < d; i++) {
      let rest = values[n * d + i]!;
      for (let k = 0; k < i; k++) rest -= L[i]![k]! * y[k]!;
      y.push(rest / L[i]![i]!);
      log -= Math.log(L[i]![i]!) + y[i]! ** 2 / 2;
    }
    return log;
  });
}
