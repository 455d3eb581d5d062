import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesDataset, unigramEntropy } from '../../../../../kernel/autoencoders/models/autoregressive/codes';
import type { Codes } from '../../../../../kernel/autoencoders/models/autoregressive/codes';
import { PixelCNN } from '../../../../../kernel/autoencoders/models/autoregressive/pixelCnn';
import { PixelSNAIL } from '../../../../../kernel/autoencoders/models/autoregressive/pixelSnail';
import { randomStream } from '../../../../../kernel/autoencoders/random';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const small = { channels: 6, layers: 2, seed: 3 };
const above = { height: 2, width: 3, codebookSize: 3 };
const PRIORS = {
  PixelCNN: (config: Common) => new PixelCNN({ ...small, firstKernel: 3, ...config }),
  PixelSNAIL: (config: Common) =>
    new PixelSNAIL({ ...small, residualLayers: 1, heads: 2, keyChannels: 3, valueChannels: 2, ...config }),
};
interface Common {
  height: number;
  width: number;
  codebookSize: number;
  conditions?: { height: number; width: number; codebookSize: number }[];
  classes?: number;
}

function randomCodes(rows: number, positions: number, K: number): number[][] {
  const stream = randomStream(7, 'codes');
  return Array.from({ length: rows }, () => Array.from({ length: positions }, () => stream.integer(K)));
}

/** A prior that knows another map and a class, and data for it. */
async function conditioned(create: (typeof PRIORS)['PixelCNN'] | (typeof PRIORS)['PixelSNAIL']) {
  const prior = create({ height: 3, width: 5, codebookSize: 4, conditions: [above], classes: 2 });
  const upper = randomCodes(3, 6, 3);
  const data = await codesDataset(randomCodes(3, 15, 4), { conditions: [upper], labels: [0, 1, 1] });
  return { prior, upper, data };
}

describe.each(Object.entries(PRIORS))('a %s', (kind, create) => {
  it('is a distribution: the probabilities of all maps sum to 1', () => {
    const prior = create({ height: 2, width: 2, codebookSize: 3 });
    const maps = Array.from({ length: 81 }, (_, i) => [27, 9, 3, 1].map((place) => Math.floor(i / place) % 3));
    expect(prior.logProb(maps).exp().sum().dataSync()[0]).toBeCloseTo(1, 5);
    prior.dispose();
  });

  it('scores and draws nothing that is no map of codes', async () => {
    const prior = create({ height: 2, width: 3, codebookSize: 3 });
    const wrong = [[0, 1, 2, 0, 1, 3]];
    const expected = '3 at row 0, column 5 (both counted from 0) is no code; expected a whole number from 0 to 2.';
    await expect(prior.score(wrong)).rejects.toThrow(expected);
    await expect(prior.score(tf.tensor2d(wrong))).rejects.toThrow(expected);
    expect(() => prior.logProb(wrong)).toThrow(expected);
    for (const count of [0, -1, 2.5]) {
      expect(() => prior.sample(count)).toThrow(`draws a whole number of samples, at least 1; found ${count}.`);
    }
    prior.dispose();
  });

  it('scores by the chain rule, in nats a map and bits a code', async () => {
    const prior = create({ height: 2, width: 3, codebookSize: 3 });
    const codes = randomCodes(4, 6, 3);
    const logits = prior.logits(codes).arraySync();
    const logP = codes.map((row, n) =>
      row.reduce((sum, code, i) => {
        const exponentials = logits[n]![i]!.map(Math.exp);
        return sum + Math.log(exponentials[code]! / exponentials.reduce((a, b) => a + b));
      }, 0),
    );
    prior
      .logProb(codes)
      .arraySync()
      .forEach((value, n) => expect(value).toBeCloseTo(logP[n]!, 4));
    const score = await prior.score(codes);
    const mean = -logP.reduce((a, b) => a + b) / 4;
    expect(score.negativeLogLikelihood).toBeCloseTo(mean, 4);
    expect(score.bitsPerCode).toBeCloseTo(mean / 6 / Math.LN2, 4);
    prior.dispose();
  });

  it('gives the same conditionals code by code with caches as in a full pass', async () => {
    const { prior, data } = await conditioned(create);
    const difference = prior.cachedLogits(data).sub(prior.logits(data)).abs().max().dataSync()[0]!;
    expect(prior.logits(data).abs().max().dataSync()[0]).toBeGreaterThan(0.05);
    expect(difference).toBeLessThan(1e-5);
    prior.dispose();
  });

  it('draws the same codes with caches as without', async () => {
    const { prior, upper } = await conditioned(create);
    const options = { seed: 5, condition: upper, label: [0, 1, 0], temperature: 0.7 };
    const cached = prior.sample(3, options).arraySync();
    expect(prior.sample(3, { ...options, cached: false }).arraySync()).toEqual(cached);
    expect(prior.sample(3, { ...options, seed: 6 }).arraySync()).not.toEqual(cached);
    expect(cached.flat().every((code) => Number.isInteger(code) && code >= 0 && code < 4)).toBe(true);
    prior.dispose();
  });

  it('draws from its own conditionals, at temperature T from their T-th roots', () => {
    const prior = create({ height: 1, width: 1, codebookSize: 4 });
    prior.parameters[kind === 'PixelCNN' ? 'head.1.bias' : 'head.bias']!.assign(tf.tensor1d([0, 1, -1, 2]));
    const logits = [...prior.logits([[0]]).dataSync()];
    for (const temperature of [1, 0.5]) {
      const n = 4000;
      const counts = [0, 0, 0, 0];
      for (const code of prior.sample(n, { seed: 1, temperature }).dataSync()) counts[code]! += 1;
      const weights = logits.map((value) => Math.exp(value / temperature));
      const total = weights.reduce((a, b) => a + b);
      counts.forEach((found, k) => {
        const p = weights[k]! / total;
        expect(Math.abs(found / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
      });
    }
    prior.dispose();
  });

  it('looks at what it is conditioned on: every code of the other map, and the class', async () => {
    const { prior, upper, data } = await conditioned(create);
    const own = (condition: Codes, labels: number[]) =>
      codesDataset(randomCodes(3, 15, 4), { conditions: [condition], labels });
    const before = prior.logProb(data).dataSync();
    for (let position = 0; position < 6; position++) {
      const changed = upper.map((row) => row.map((code, i) => (i === position ? (code + 1) % 3 : code)));
      const after = prior.logProb(await own(changed, [0, 1, 1])).dataSync();
      before.forEach((value, n) => expect(after[n]).not.toBe(value));
    }
    const after = prior.logProb(await own(upper, [1, 0, 0])).dataSync();
    before.forEach((value, n) => expect(after[n]).not.toBe(value));
    prior.dispose();
  });

  it('learns codes that follow from those before, below the entropy of single codes', async () => {
    const prior = create({ height: 2, width: 3, codebookSize: 3 });
    // The first code is free; each other is the one before it plus 1.
    const codes = Array.from({ length: 3 }, (_, n) => Array.from({ length: 6 }, (_, i) => (n + i) % 3));
    await prior.fit(codes, { epochs: 60, learningRate: 0.02 });
    const { negativeLogLikelihood } = await prior.score(codes);
    expect(await unigramEntropy(codes)).toBeCloseTo(Math.log(3), 6);
    expect(negativeLogLikelihood).toBeGreaterThan(Math.log(3) - 1e-3);
    expect(negativeLogLikelihood).toBeLessThan(Math.log(3) + 0.3);
    prior.dispose();
  });

  it('says what is wrong with codes, conditions and labels', async () => {
    const { prior, upper, data } = await conditioned(create);
    await expect(prior.fit([[0, 1]], { epochs: 1 })).rejects.toThrow(
      'expects rows of 6 codes of a condition, then 15 codes from 0 to 3; found 2 values at row 0',
    );
    const wrong = data.tensor().arraySync();
    wrong[1]![2] = 3;
    await expect(prior.fit(wrong, { epochs: 1 })).rejects.toThrow(
      '3 at row 1, column 2 (both counted from 0) is no code',
    );
    expect(() => prior.logProb(data.tensor())).toThrow('needs the class of each sample');
    expect(() => prior.sample(3, { label: 1 })).toThrow('expects as "condition" 3 rows of 6 codes; found no rows');
    expect(() => prior.sample(2, { label: 1, condition: upper })).toThrow('found 3 rows');
    expect(() => prior.sample(3, { condition: upper })).toThrow('needs the class of each map: give "label".');
    const strange = upper.map((row, i) => (i === 1 ? row.with(4, 3) : row));
    expect(() => prior.sample(3, { label: 1, condition: strange })).toThrow('"condition": 3 at row 1, column 4');
    expect(() => prior.sample(3, { condition: upper, label: 1, temperature: 0 })).toThrow('temperature is 0');
    prior.dispose();
  });

  it('keeps no tensors but its results', async () => {
    const { prior, upper, data } = await conditioned(create);
    const before = tf.memory().numTensors;
    prior.sample(3, { condition: upper, label: 0 }).dispose();
    tf.dispose([prior.logits(data), prior.cachedLogits(data), prior.logProb(data)]);
    expect(tf.memory().numTensors).toBe(before);
    prior.dispose();
  });
});
