/** Deterministic autoencoders as compositions: which parts go together, what is your own, and what is saved of it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ContractiveAutoencoder,
  convolutional,
  decoderDecay,
  defineLoss,
  definePenalty,
  DenoisingAutoencoder,
  DeterministicAutoencoder,
  KSparseAutoencoder,
  masking,
  mlp,
  network,
  RegularizedAutoencoder,
  residual,
  SparseAutoencoder,
  sparsity,
} from '../../../../../kernel/autoencoders/index';
import { randomStream } from '../../../../../kernel/autoencoders/random';

const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const maps = { encoder: convolutional({ channels: [4, 6] }), decoder: convolutional({ channels: [6, 4] }) };

function rows(n: number, width: number): tf.Tensor2D {
  return tf.tensor2d(randomStream(2, 'x').uniforms(n * width), [n, width]);
}

let folder: string;

beforeEach(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'parts-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('a denoising autoencoder of convolutions', () => {
  it('learns to give back what was masked, and is loaded as what it was', async () => {
    const x = rows(12, 64);
    const model = new DenoisingAutoencoder({
      input: image,
      latent: 8,
      ...maps,
      corruption: masking({ rate: 0.2 }),
      seed: 3,
    });
    const before = (await model.score(x))['reconstruction']!;
    await model.fit(x, { epochs: 60, batchSize: 12, learningRate: 0.01 });
    expect((await model.score(x))['reconstruction']).toBeLessThan(before / 2);
    expect(Object.keys(model.parameters)).toContain('encoder.0.kernel');
    expect(model.parameters['encoder.0.kernel']!.shape).toEqual([3, 3, 1, 4]);

    await model.save(join(folder, 'model'));
    const loaded = await DenoisingAutoencoder.load(join(folder, 'model'));
    expect(loaded).toBeInstanceOf(DenoisingAutoencoder);
    expect(loaded.denoise(x).arraySync()).toEqual(model.denoise(x).arraySync());
    expect(loaded.corrupt(x).arraySync()).toEqual(model.corrupt(x).arraySync());
    for (const one of [model, loaded]) one.dispose();
  });

  it('is loaded from a configuration that names its corruption as earlier ones did', async () => {
    const model = new DenoisingAutoencoder({ input: 4, latent: 2, hidden: [3], corruption: masking({ rate: 0.7 }) });
    await model.save(join(folder, 'model'));
    const file = join(folder, 'model', 'checkpoint.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as { config: Record<string, unknown> };
    json.config['corruption'] = { corruption: 'masking', rate: 0.7 };
    json.config['loss'] = 'squaredError';
    await writeFile(file, JSON.stringify(json));
    const loaded = await DenoisingAutoencoder.load(join(folder, 'model'));
    const x = rows(30, 4);
    expect(loaded.corrupt(x).arraySync()).toEqual(model.corrupt(x).arraySync());
    for (const one of [model, loaded]) one.dispose();
  });
});

describe('a deterministic autoencoder', () => {
  it('is loaded from a checkpoint of the class Autoencoder, as it was named before', async () => {
    const model = new DeterministicAutoencoder({ input: 4, latent: 2, hidden: [3] });
    await model.save(join(folder, 'model'));
    const file = join(folder, 'model', 'checkpoint.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"DeterministicAutoencoder"', '"Autoencoder"'));
    const loaded = await DeterministicAutoencoder.load(join(folder, 'model'));
    expect(loaded.encode(rows(2, 4)).arraySync()).toEqual(model.encode(rows(2, 4)).arraySync());
    await expect(SparseAutoencoder.load(join(folder, 'model'))).rejects.toThrow(
      'holds a DeterministicAutoencoder, expected a SparseAutoencoder; use DeterministicAutoencoder.load.',
    );
    for (const one of [model, loaded]) one.dispose();
  });

  it('scores −log p(x|z) of a Gaussian likelihood, with the means as reconstruction', async () => {
    const model = new DeterministicAutoencoder({
      input: 5,
      latent: 2,
      hidden: [4],
      likelihood: 'gaussian',
      sigma: 0.5,
    });
    const x = rows(6, 5);
    const xHat = model.reconstruct(x).arraySync();
    const nats = x
      .arraySync()
      .flatMap((row, n) =>
        row.map((value, i) => 0.5 * ((value - xHat[n]![i]!) / 0.5) ** 2 + Math.log(0.5) + 0.5 * Math.log(2 * Math.PI)),
      );
    const expected = nats.reduce((sum, value) => sum + value, 0) / 6;
    expect((await model.score(x))['reconstruction']).toBeCloseTo(expected, 4);
    expect(model.unit).toBe('nats per sample');
    model.dispose();
  });

  it('takes a loss and a penalty of your own, which explain, save and load', async () => {
    const absolute = defineLoss('absolute', () => ({
      unit: 'absolute error',
      words: 'absolute error',
      formula: (input) => `\\|x - f(g(${input}))\\|_1`,
      of: (x, xHat) => x.sub(xHat).abs().sum(1),
      reconstruction: (xHat) => xHat,
    }));
    const lasso = definePenalty('lasso', ({ weight = 1 }: { weight?: number }) => ({
      terms: ({ z }) => ({
        lasso: { value: z.abs().sum(1).mean(), weight: { symbol: 'λ', schedule: weight }, formula: '\\|z\\|_1' },
      }),
    }));
    const x = rows(6, 5);
    const config = { input: 5, latent: 2, hidden: [4], loss: absolute(), penalties: [lasso({ weight: 0.3 })] };
    const model = new DeterministicAutoencoder<'lasso'>(config);
    const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + Math.abs(value), 0);
    const score = await model.score(x);
    expect(score['reconstruction']).toBeCloseTo(sum(x.sub(model.reconstruct(x)).dataSync()) / 6, 4);
    expect(score['lasso']).toBeCloseTo(sum(model.encode(x).dataSync()) / 6, 4);
    expect(score['total']).toBeCloseTo(score['reconstruction']! + 0.3 * score['lasso']!, 4);
    expect(model.explain().formula).toBe('\\|x - f(g(x))\\|_1 + \\lambda\\,\\|z\\|_1');

    await model.save(join(folder, 'model'));
    const loaded = await DeterministicAutoencoder.load(join(folder, 'model'));
    expect(await loaded.score(x)).toEqual(score);
    for (const one of [model, loaded]) one.dispose();
  });

  it('corrupts nothing without a corruption', () => {
    const model = new DeterministicAutoencoder({ input: 5, latent: 2, hidden: [] });
    const x = rows(3, 5);
    expect(model.corrupt(x).arraySync()).toEqual(x.arraySync());
    model.dispose();
  });

  it('applies the activation of the code to what an encoder of its own gives', () => {
    const x = rows(3, 64);
    const plain = new DeterministicAutoencoder({ input: image, latent: 2, ...maps, seed: 1 });
    const squashed = new DeterministicAutoencoder({ input: image, latent: 2, ...maps, seed: 1, code: 'sigmoid' });
    const expected = plain.encode(x).sigmoid().dataSync();
    squashed.encode(x).dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6)); // prettier-ignore
    for (const one of [plain, squashed]) one.dispose();
  });
});

describe('the penalties', () => {
  it('of sparsity is that of the code where encoder and decoder are not dense', async () => {
    const model = new SparseAutoencoder({ input: image, latent: 4, ...maps, sparsity: 0.2 });
    const x = rows(9, 64);
    const means = Array.from(model.encode(x).mean(0).dataSync());
    const expected = means.map((mean) => 0.2 * Math.log(0.2 / mean) + 0.8 * Math.log(0.8 / (1 - mean)));
    expect((await model.score(x))['sparsity']).toBeCloseTo(
      expected.reduce((sum, value) => sum + value, 0),
      4,
    );
    model.dispose();
  });

  it('of decoder decay are the squares of every kernel of convolutions', async () => {
    const model = new RegularizedAutoencoder({ input: image, latent: 4, ...maps });
    const kernels = Object.entries(model.parameters).filter(([name]) => /^decoder.*kernel$/.test(name));
    expect(kernels.length).toBe(4);
    const squares = kernels.flatMap(([, kernel]) => Array.from(kernel.dataSync(), (value) => value ** 2));
    const found = (await model.score(rows(2, 64)))['decoder']!;
    expect(found / squares.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    model.dispose();
  });

  const small = { input: 6, latent: 3 };
  const identity = network({ apply: (x) => x.slice([0, 0], [-1, 3]) });
  const padded = network({ apply: (z) => tf.pad(z, [[0, 0], [0, 3]]) }); // prettier-ignore

  it.each([
    [
      'a contraction over convolutions',
      () => new ContractiveAutoencoder({ input: image, latent: 3, ...maps }),
      'ContractiveAutoencoder: the penalty contraction is the closed form of the Jacobian of dense layers, and the encoder has others',
    ],
    [
      'a contraction over residual blocks',
      () => new ContractiveAutoencoder({ input: image, latent: 3, encoder: residual(), tied: false }),
      'the closed form of the Jacobian of dense layers',
    ],
    [
      'the transpose of convolutions',
      () => new DeterministicAutoencoder({ input: image, latent: 3, encoder: maps.encoder, tied: true }),
      '"tied" is true, and the encoder has layers that are not dense',
    ],
    [
      'a transposed decoder for two numbers for each value',
      () => new DeterministicAutoencoder({ ...small, tied: true, likelihood: 'gaussian', sigma: 'perPixel' }),
      'the loss needs 2 numbers for each value',
    ],
    [
      'a transposed decoder beside another',
      () => new DeterministicAutoencoder({ ...small, tied: true, decoder: mlp([4]) }),
      '"tied" is true, allowed only without "decoder"',
    ],
    [
      'sparsity of units without bounds',
      () => new DeterministicAutoencoder({ ...small, penalties: [sparsity()] }),
      'the penalty sparsity needs hidden units between 0 and 1',
    ],
    [
      'decay of a decoder without kernels',
      () => new DeterministicAutoencoder({ ...small, encoder: identity, decoder: padded, penalties: [decoderDecay()] }),
      'the penalty decoderDecay needs a decoder with kernels of its own',
    ],
    [
      'hidden layers beside both networks',
      () => new DenoisingAutoencoder({ input: image, latent: 3, ...maps, hidden: [4] }),
      'DenoisingAutoencoder: "hidden" is [4], allowed only without "encoder" and "decoder", which decide it themselves.',
    ],
    [
      'a loss beside a likelihood',
      () => new DeterministicAutoencoder({ ...small, loss: 'squaredError', likelihood: 'gaussian' }),
      '"loss" is "squaredError", allowed only without "likelihood"',
    ],
    [
      'dead units that predict by convolutions',
      () => new KSparseAutoencoder({ input: image, units: 9, active: 2, ...maps, auxiliary: {} }),
      '"auxiliary" lets dead units predict the remainder by the transposed kernel',
    ],
  ])('refuses %s, and says why', (_, create, message) => {
    expect(create).toThrow(message);
  });

  it('name their terms apart', () => {
    const model = () => new DeterministicAutoencoder({ ...small, penalties: [decoderDecay(), decoderDecay()] });
    expect(() => model().losses({ x: rows(2, 6) })).toThrow('two of its terms are named "decoder"');
  });
});
