import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codebookUsage } from '../../../../../kernel/autoencoders/metrics/codebook';
import { VQVAE } from '../../../../../kernel/autoencoders/models/quantized/vqvae';
import type { QuantizerConfig } from '../../../../../kernel/autoencoders/quantizers/index';
import { useWasm } from '../../../engine/backends';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import { lowRankSamples } from '../../data';

beforeAll(useWasm);

const CODEBOOK = { codebookSize: 8, codeDimension: 4 };
const COMMON = { input: 6, hidden: [12], positions: 3, seed: 4 };
const data = lowRankSamples(60, 6, 2);

const QUANTIZERS: Record<string, { quantizer: QuantizerConfig; codebookSize?: number; codeDimension?: number }> = {
  'a codebook by gradient': { ...CODEBOOK, quantizer: { kind: 'vector', learning: 'gradient' } },
  'a start by k-means and the rotation trick': {
    ...CODEBOOK,
    quantizer: { kind: 'vector', initialization: 'kmeans', estimator: 'rotation' },
  },
  'cosine codes of fewer dimensions': {
    ...CODEBOOK,
    quantizer: { kind: 'vector', similarity: 'cosine', projection: 2 },
  },
  'three stages': { ...CODEBOOK, quantizer: { kind: 'vector', stages: 3, initialization: 'kmeans' } },
  'an entropy term': { ...CODEBOOK, quantizer: { kind: 'vector', entropyWeight: 0.1 } },
  'finite scalars': { quantizer: { kind: 'finiteScalar', levels: [5, 3] } },
  signs: { quantizer: { kind: 'lookupFree', bits: 4 } },
};

// Trained as one graph, which is faster.
beforeEach(() => setRuntime('cpu'));
afterEach(() => setRuntime('eager'));

describe.each(Object.entries(QUANTIZERS))('a VQ-VAE with %s', (_, options) => {
  it('learns, and takes samples to codes, codes to latents and codes back to samples', async () => {
    const model = new VQVAE({ ...COMMON, ...options });
    const before = await model.score(data);
    const history = await model.fit(data, { epochs: 30, batchSize: 60, learningRate: 0.01 });
    expect((await model.score(data))['reconstruction']).toBeLessThan(0.9 * before['reconstruction']!);
    expect(Object.keys(history.final.train).sort()).toEqual([...Object.keys(model.objective.terms), 'total'].sort());

    const codes = model.codes(data);
    expect([codes.shape, codes.dtype]).toEqual([[60, 3 * model.stages], 'int32']);
    expect(model.codebook.shape[0]).toBe(model.stages * model.codebookSize);
    const again = model.decodeCodes(codes).dataSync();
    model
      .reconstruct(data)
      .dataSync()
      .forEach((value, i) => expect(again[i]).toBeCloseTo(value, 4));
    expect(model.encode(data).shape).toEqual([60, model.latentDimensions]);
    expect(() => model.decodeCodes([new Array<number>(3 * model.stages).fill(model.codebookSize)])).toThrow(
      `from 0 to ${model.codebookSize - 1}; found ${model.codebookSize}`,
    );
    model.dispose();
  });

  it('makes the same model again from its configuration as JSON, which is whole', () => {
    const model = new VQVAE({ ...COMMON, ...options });
    const again = new VQVAE(JSON.parse(JSON.stringify(model.config)) as typeof model.config);
    expect(again.config).toEqual(model.config);
    expect(again.codes(data).dataSync()).toEqual(model.codes(data).dataSync());
    for (const one of [model, again]) one.dispose();
  });
});

describe('a start by k-means', () => {
  const options = { ...CODEBOOK, quantizer: { kind: 'vector', initialization: 'kmeans' } } as const;

  it('happens once, before the first step, at the encoded training data', async () => {
    const model = new VQVAE({ ...COMMON, ...options });
    const drawn = model.codebook;
    await model.fit(data, { epochs: 1, learningRate: 0 });
    // One step with γ = 0.99 moves codes that are means of their vectors by next to nothing.
    const started = model.codebook;
    expect(started.sub(drawn).abs().max().dataSync()[0]).toBeGreaterThan(0.5);
    await model.fit(data, { epochs: 1, learningRate: 0 });
    expect(model.codebook.sub(started).abs().max().dataSync()[0]).toBeLessThan(0.05);
    model.dispose();
  });

  it('refuses data of fewer vectors than codes', async () => {
    const model = new VQVAE({ ...COMMON, ...options, codebookSize: 200 });
    await expect(model.fit(data, { epochs: 1 })).rejects.toThrow(
      'k-means needs at least as many vectors as codes: 200 codes, found 180 vectors',
    );
    model.dispose();
  });
});

describe('codebook usage of a residual quantizer', () => {
  it('is that of one stage', async () => {
    const codes = tf.tensor2d([0, 2, 1, 2, 0, 1, 1, 1], [2, 4], 'int32');
    const coder = { codebookSize: 3, stages: 2, codes: () => codes.clone() };
    const first = await codebookUsage(coder, [[0], [0]]);
    expect([[...first.counts], first.positions, first.deadCodes]).toEqual([[2, 2, 0], 2, 1]);
    expect([...(await codebookUsage(coder, [[0], [0]], 1)).counts]).toEqual([0, 2, 2]);
    await expect(codebookUsage(coder, [[0]], 2)).rejects.toThrow('stages are counted from 0 to 1; found 2');
  });
});

describe('a checkpoint', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('from before there were quantizers is read as one of moving averages', async () => {
    const path = join(folder, 'old');
    const model = new VQVAE({ ...COMMON, ...CODEBOOK });
    await model.fit(data, { epochs: 1 });
    await model.save(path);
    const file = join(path, 'checkpoint.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as { config: Record<string, unknown> };
    delete json.config['quantizer'];
    delete json.config['initializer'];
    delete json.config['missing'];
    expect(Object.keys(json.config).sort()).toEqual(
      [
        ...['activation', 'codeDimension', 'codebookSize', 'commitment', 'decay', 'epsilon', 'hidden', 'input'],
        ...['optimizer', 'positions', 'reviveBelow', 'seed'],
      ].sort(),
    );
    await writeFile(file, JSON.stringify(json));
    const loaded = await VQVAE.load(path);
    expect(loaded.config).toEqual(model.config);
    expect(loaded.codes(data).dataSync()).toEqual(model.codes(data).dataSync());
    for (const one of [model, loaded]) one.dispose();
  });

  it('of a residual quantizer goes on as if nothing had happened', async () => {
    const path = join(folder, 'residual');
    const create = () =>
      new VQVAE({ ...COMMON, ...CODEBOOK, quantizer: { kind: 'vector', stages: 2, initialization: 'kmeans' } });
    const [one, other] = [create(), create()];
    for (const model of [one, other]) await model.fit(data, { epochs: 1, batchSize: 30 });
    await other.save(path);
    const loaded = await VQVAE.load(path);
    for (const model of [one, loaded]) await model.fit(data, { epochs: 1, batchSize: 30 });
    expect(loaded.codebook.dataSync()).toEqual(one.codebook.dataSync());
    for (const model of [one, other, loaded]) model.dispose();
  });
});

describe('the configuration of a quantizer', () => {
  it.each([
    [{ codebookSize: 16, quantizer: { kind: 'finiteScalar', levels: [8, 5] } }, '"codebookSize" is 16, allowed only'],
    [{ decay: 0.9, quantizer: { kind: 'vector', learning: 'gradient' } }, '"decay" is 0.9, allowed only with'],
    [{ decay: 0.9, quantizer: { kind: 'lookupFree', bits: 4 } }, '"decay" is 0.9, allowed only with quantizer.kind'],
    [{ quantizer: { kind: 'finiteScalar', levels: [8, 1] } }, '"quantizer.levels.1" is 1, allowed: at least 2'],
    [{ quantizer: { kind: 'finiteScalar', levels: [1024, 2048] } }, 'allowed: levels whose product is at most 1048576'],
    [{ quantizer: { kind: 'lookupFree', bits: 15 } }, '"quantizer.bits" is 15, allowed: at most 14'],
    [
      { quantizer: { kind: 'lookupfree', bits: 3 } },
      'expected { kind: "vector", … }, { kind: "finiteScalar", levels }',
    ],
    [{ quantizer: { kind: 'vector', similarity: 'cosine', stages: 2 } }, 'allowed: 1 beside similarity "cosine"'],
    [{ quantizer: { kind: 'vector', estimator: 'gumbel' } }, 'allowed: "straight-through", "rotation"'],
  ])('names what is wrong with %j', (config, message) => {
    expect(() => new VQVAE({ ...COMMON, ...config } as never)).toThrow(message);
  });
});

describe('what a quantised model explains', () => {
  it('is the objective that it has', () => {
    const model = new VQVAE({
      ...COMMON,
      ...CODEBOOK,
      quantizer: { kind: 'vector', learning: 'gradient', stages: 2, entropyWeight: 0.2 },
    });
    const { formula, terms } = model.explain();
    expect(formula).toBe(
      '\\|x - D(z_q)\\|^2 + \\sum_s \\|\\mathrm{sg}[r_s] - e_{k_s}\\|^2 + \\beta\\,\\sum_s \\|r_s - \\mathrm{sg}[e_{k_s}]\\|^2' +
        ' + \\lambda\\left(\\mathbb E[H(p(k \\mid z_e))] - H(\\mathbb E[p(k \\mid z_e)])\\right)',
    );
    expect(terms.map(({ name, weight, symbol }) => [name, weight, symbol])).toEqual([
      ['reconstruction', 1, ''],
      ['codebook', 1, ''],
      ['commitment', (0.25 * 6) / CODEBOOK.codeDimension, 'β'],
      ['entropy', 0.2, 'λ'],
    ]);
    model.dispose();
  });
});
