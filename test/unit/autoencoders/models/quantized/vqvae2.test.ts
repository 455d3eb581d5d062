import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codebookUsage, Dataset, PixelCNN } from '../../../../../kernel/autoencoders/index';
import { VQVAE2 } from '../../../../../kernel/autoencoders/models/quantized/vqvae2';
import type { VQVAE2Config } from '../../../../../kernel/autoencoders/models/quantized/vqvae2';
import { VQVAE2Prior } from '../../../../../kernel/autoencoders/models/autoregressive/vqvae2Prior';
import { randomStream } from '../../../../../kernel/autoencoders/random';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Halved to 7 × 5, 4 × 3, 2 × 2: nothing divides evenly. */
const shape = { kind: 'image', height: 13, width: 10, channels: 1 } as const;
const CONFIG: VQVAE2Config = {
  input: shape,
  channels: 6,
  residualBlocks: 1,
  residualChannels: 4,
  codebookSize: 5,
  codeDimension: 3,
  seed: 2,
};
const data = new Dataset({ values: randomStream(1, 'pixels').uniforms(6 * 130), shape });
const x = data.tensor();

describe('a VQ-VAE-2', () => {
  it('has maps of a quarter and an eighth of the image, rounded up, and with three levels a sixteenth', () => {
    const model = new VQVAE2(CONFIG);
    expect(model.maps).toEqual({
      top: { height: 2, width: 2, codebookSize: 5 },
      bottom: { height: 4, width: 3, codebookSize: 5 },
    });
    const codes = model.codes(data);
    expect([codes.top.shape, codes.bottom.shape, codes.top.dtype]).toEqual([[6, 4], [6, 12], 'int32']);
    const large = { ...shape, height: 28, width: 28 };
    const deep = new VQVAE2({ ...CONFIG, input: large, levels: 3 });
    const grids = Object.entries(deep.maps).map(([level, { height, width }]) => [level, height, width]);
    expect(grids).toEqual([['top', 2, 2], ['middle', 4, 4], ['bottom', 7, 7]]); // prettier-ignore
    expect(deep.reconstruct(deep.decode(deep.encode(tf.zeros([1, 784])))).shape).toEqual([1, 784]);
    model.dispose();
    deep.dispose();
  });

  it('loses what its reconstruction and its vectors differ by: the codes are the nearest of each level', () => {
    const model = new VQVAE2(CONFIG);
    const { reconstruction, topCommitment, bottomCommitment } = model.losses({ x });
    const xHat = model.reconstruct(data);
    expect(reconstruction!.dataSync()[0]).toBeCloseTo(x.sub(xHat).square().sum().dataSync()[0]! / 6, 4);
    expect(topCommitment!.dataSync()[0]).toBeGreaterThan(0);
    expect(bottomCommitment!.dataSync()[0]).toBeGreaterThan(0);
    const { decoded, encoded } = { encoded: model.encode(data), decoded: model.decodeCodes(model.codes(data)) };
    expect(decoded.sub(model.decode(encoded)).abs().max().dataSync()[0]).toBeLessThan(1e-6);
    expect(decoded.sub(xHat).abs().max().dataSync()[0]).toBeLessThan(1e-6);
    model.dispose();
  });

  it('reports how the codes of each level are used, from the top', async () => {
    const model = new VQVAE2(CONFIG);
    const { top, bottom } = model.codes(data);
    const used = [top, bottom].map((codes) => new Set(codes.dataSync()).size);
    const diagnostics = await model.diagnostics(data);
    expect(diagnostics['deadCodes']).toEqual(used.map((count) => 5 - count));
    diagnostics['codebookUsage']!.forEach((usage, l) => expect(usage).toBeCloseTo(used[l]! / 5, 10));
    diagnostics['codebookPerplexity']!.forEach((perplexity, l) => {
      expect(perplexity).toBeGreaterThanOrEqual(1);
      expect(perplexity).toBeLessThanOrEqual(used[l]! + 1e-9);
    });
    expect(() => model.decodeCodes({ top: [[0, 1, 2, 0.5]], bottom: [new Array<number>(12).fill(0)] })).toThrow(
      'found 0.5',
    );
    model.dispose();
  });

  it('quantises the bottom given the codes of the top', () => {
    const model = new VQVAE2({ ...CONFIG, codebookSize: 40 });
    const top = model.state['codebook.top.vectors']!;
    const before = model.codes(data);
    // Other vectors for the top's codes, in the same places by their nearness: all lengthened alike.
    top.assign(tf.tidy(() => top.mul(30)));
    const after = model.codes(data);
    const changed = after.bottom.notEqual(before.bottom).sum().dataSync()[0]!;
    expect(changed).toBeGreaterThan(0);
    model.dispose();
  });

  it('trains every network of it, and its codebooks follow', async () => {
    const model = new VQVAE2(CONFIG);
    const start = Object.entries({ ...model.parameters, ...model.state }).map(
      ([name, variable]) => [name, variable.clone()] as const,
    );
    const before = await model.score(data);
    await model.fit(data, { epochs: 8, batchSize: 6, learningRate: 0.01 });
    const after = await model.score(data);
    expect(after['reconstruction']).toBeLessThan(0.9 * before['reconstruction']!);
    for (const [name, old] of start) {
      const now = model.parameters[name] ?? model.state[name]!;
      expect(now.sub(old).abs().max().dataSync()[0], name).toBeGreaterThan(1e-5);
    }
    const usage = await codebookUsage(model.coder('top'), data);
    expect([usage.samples, usage.positions]).toEqual([6, 4]);
    expect(usage.counts.reduce((a, b) => a + b)).toBe(24);
    model.dispose();
  });

  it('says which codes it takes', () => {
    const model = new VQVAE2(CONFIG);
    const top = [[0, 1, 2, 3]];
    expect(() => model.decodeCodes({ top, bottom: [[1]] })).toThrow(
      'expects rows of 12 codes from 0 to 4 at the bottom; found 1 values at row 0',
    );
    expect(() => model.decodeCodes({ top: [[0, 1, 2, 5]], bottom: [[]] })).toThrow('at the top; found 5');
    expect(() => model.coder('middle')).toThrow('coder takes as "level" "top" or "bottom"; found the text "middle"');
    expect(() => new VQVAE2({ ...CONFIG, input: { ...shape, height: 7 } })).toThrow('at least 8 × 8 pixels');
    model.dispose();
  });
});

describe('the prior of a VQ-VAE-2', () => {
  const small = { channels: 4, layers: 1, seed: 1 };
  const build = (model: VQVAE2) =>
    new VQVAE2Prior(model, {
      top: { kind: 'PixelSNAIL', ...small, residualLayers: 1, heads: 1, keyChannels: 2, valueChannels: 2 },
      bottom: { kind: 'PixelCNN', ...small, firstKernel: 3 },
    });

  it('is of the top, and of the bottom given the top', async () => {
    const model = new VQVAE2(CONFIG);
    const prior = build(model);
    const codes = model.codes(data);
    const rows = await prior.codesOf(data, 'bottom');
    expect(rows.tensor().arraySync()).toEqual(tf.concat([codes.top, codes.bottom], 1).arraySync());
    const score = await prior.score(data);
    const mean = (values: tf.Tensor) => values.mean().dataSync()[0]!;
    const top = -mean(prior.priors.top.logProb(codes.top));
    const bottom = -mean(prior.priors.bottom.logProb(rows));
    expect(score.top.negativeLogLikelihood).toBeCloseTo(top, 4);
    expect(score.negativeLogLikelihood).toBeCloseTo(top + bottom, 4);
    prior.dispose();
    model.dispose();
  });

  it('learns the codes, and draws codes that decode to images', async () => {
    const model = new VQVAE2(CONFIG);
    const prior = build(model);
    const before = await prior.score(data);
    const histories = await prior.fit(data, { epochs: 15, learningRate: 0.02 });
    expect(Object.keys(histories)).toEqual(['top', 'bottom']);
    const after = await prior.score(data);
    expect(after.top.negativeLogLikelihood).toBeLessThan(before.top.negativeLogLikelihood);
    expect(after.bottom.negativeLogLikelihood).toBeLessThan(before.bottom.negativeLogLikelihood);
    const codes = prior.sampleCodes(3, { seed: 4 });
    const images = prior.sample(3, { seed: 4 });
    expect(images.shape).toEqual([3, 130]);
    expect(images.arraySync()).toEqual(model.decodeCodes(codes).arraySync());
    prior.dispose();
    model.dispose();
  });

  it('refuses a prior of other maps', () => {
    const model = new VQVAE2(CONFIG);
    const top = new PixelCNN({ height: 2, width: 3, codebookSize: 5, channels: 2, layers: 1 });
    expect(() => new VQVAE2Prior(model, { top })).toThrow(
      'the prior of the top is for 2 × 3 of 5 codes; expected 2 × 2 of 5 codes',
    );
    top.dispose();
    model.dispose();
  });
});
