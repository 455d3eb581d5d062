import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { VectorQuantizer } from '../../../../kernel/autoencoders/quantizers/vectorQuantizer';
import type { VectorQuantizerConfig } from '../../../../kernel/autoencoders/quantizers/config';
import { drawn } from '../../../../kernel/autoencoders/noise';
import { randomStream } from '../../../../kernel/autoencoders/random';

beforeAll(() => tf.setBackend('cpu'));

const [m, D, K] = [40, 3, 6];

function quantizerWith(options: Partial<VectorQuantizerConfig> = {}, codes: object = {}): VectorQuantizer {
  return new VectorQuantizer({
    kind: 'vector',
    learning: 'ema',
    estimator: 'straight-through',
    initialization: 'normal',
    similarity: 'euclidean',
    projection: null,
    stages: 1,
    entropyWeight: 0,
    temperature: 1,
    codebookSize: K,
    codeDimension: D,
    commitment: 0.25,
    decay: 0.9,
    epsilon: 1e-5,
    reviveBelow: 0,
    seed: 3,
    ...options,
    ...codes,
  });
}

const vectors = (scale = 1) => tf.tensor2d(randomStream(1, 'z').normals(m * D), [m, D]).mul<tf.Tensor2D>(scale);
const stream = () => randomStream(2, 'start');
const square = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
const minus = (a: number[], b: number[]) => a.map((value, i) => value - b[i]!);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const total = (quantizer: VectorQuantizer, z: tf.Tensor2D) => {
  const { terms } = quantizer.quantize(z);
  return Object.fromEntries(Object.entries(terms).map(([name, { value }]) => [name, value.dataSync()[0]!]));
};

/** Codes, sums and squares of what is left, stage after stage, with the codebooks of the quantizer, in float64. */
function byHand(quantizer: VectorQuantizer, z: tf.Tensor2D) {
  const all = quantizer.codes().arraySync();
  return z.arraySync().map((row) => {
    let rest = row;
    const [codes, squares]: [number[], number[]] = [[], []];
    for (let s = 0; s < quantizer.stages; s++) {
      const book = all.slice(s * K, (s + 1) * K);
      const distances = book.map((code) => square(rest, code));
      const k = distances.indexOf(Math.min(...distances));
      codes.push(k);
      squares.push(distances[k]!);
      rest = minus(rest, book[k]!);
    }
    return { codes, squares, quantized: minus(row, rest) };
  });
}

describe.each([1, 3])('a vector quantizer of %i stages', (stages) => {
  it('codes in each stage what the stages before it left', () => {
    const quantizer = quantizerWith({ stages });
    const z = vectors();
    const { quantized, indices } = quantizer.quantize(z);
    const expected = byHand(quantizer, z);
    expect([indices.dtype, indices.arraySync()]).toEqual(['int32', expected.map(({ codes }) => codes)]);
    expect(quantizer.indices(z).arraySync()).toEqual(indices.arraySync());
    const sums = expected.flatMap((row) => row.quantized);
    for (const found of [quantized, quantizer.lookup(indices)]) {
      found.dataSync().forEach((value, i) => expect(value).toBeCloseTo(sums[i]!, 5));
    }
  });

  it('has a commitment summed over dimensions and stages, a mean over vectors', () => {
    const quantizer = quantizerWith({ stages, learning: 'gradient' });
    const z = vectors();
    const expected = mean(byHand(quantizer, z).map(({ squares }) => squares.reduce((a, b) => a + b)));
    const { commitment, codebook } = total(quantizer, z);
    expect(commitment).toBeCloseTo(expected, 4);
    expect(codebook).toBeCloseTo(expected, 4);
  });

  it('moves codes by the codebook term, and no vectors: 2(e − r)/m for each vector that a code was given', () => {
    const quantizer = quantizerWith({ stages, learning: 'gradient' });
    const z = vectors();
    const books = Object.values(quantizer.parameters);
    const found = tf.variableGrads(() => quantizer.quantize(z).terms['codebook']!.value.asScalar(), books).grads;
    const all = quantizer.codes().arraySync();
    const codes = byHand(quantizer, z).map((row) => row.codes);
    books.forEach((variable, s) => {
      const expected = all.slice(s * K, (s + 1) * K).map(() => new Array<number>(D).fill(0));
      z.arraySync().forEach((row, i) => {
        let rest = row;
        for (let before = 0; before < s; before++) rest = minus(rest, all[before * K + codes[i]![before]!]!);
        const k = codes[i]![s]!;
        minus(all[s * K + k]!, rest).forEach((value, j) => (expected[k]![j]! += (2 * value) / m));
      });
      found[variable.name]!.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i]!, 5));
    });
    const ofVectors = tf.grad((at) => quantizer.quantize(at as tf.Tensor2D).terms['codebook']!.value);
    expect(() => ofVectors(z)).toThrow('Cannot compute gradient');
  });
});

describe('k-means as a start', () => {
  it('leaves each code at the mean of the vectors nearest to it, in every stage', async () => {
    const quantizer = quantizerWith({ stages: 2, initialization: 'kmeans' });
    // Four far groups and six codes: Lloyd's steps come to rest.
    const z = vectors(0.05).add<tf.Tensor2D>(tf.tensor2d(Array.from({ length: m }, (_, i) => [4 * (i % 4), i % 2, 0])));
    await quantizer.start(z, stream());
    const rows = z.arraySync();
    const codes = quantizer.codes().arraySync();
    const coded = byHand(quantizer, z);
    for (let k = 0; k < K; k++) {
      const own = rows.filter((_, i) => coded[i]!.codes[0] === k);
      if (own.length === 0) continue;
      codes[k]!.forEach((value, j) => expect(value).toBeCloseTo(mean(own.map((row) => row[j]!)), 4));
    }
    const left = [0, 1].map((s) => mean(coded.map(({ squares }) => squares[s]!)));
    expect(left[1]).toBeLessThan(left[0]!);
    expect(left[0]).toBeLessThan(mean(rows.map((row) => square(row, [0, 0, 0]))));
  });

  it('counts as one vector for each code in the moving averages', async () => {
    const quantizer = quantizerWith({ initialization: 'kmeans' });
    await quantizer.start(vectors(), stream());
    const { state } = quantizer;
    expect([...state['codebook.counts']!.dataSync()]).toEqual(new Array(K).fill(1));
    expect(state['codebook.sums']!.dataSync()).toEqual(state['codebook.vectors']!.dataSync());
  });

  it('wants as many vectors as there are codes', async () => {
    const quantizer = quantizerWith({ initialization: 'kmeans' });
    await expect(quantizer.start(vectors().slice([0, 0], [5, D]), stream())).rejects.toThrow(
      'k-means needs at least as many vectors as codes: 6 codes, found 5 vectors. Give more samples',
    );
  });
});

describe('the default start', () => {
  it('is by k-means where there are as many vectors as codes, and leaves the codes as drawn elsewhere', async () => {
    const [auto, kmeans, normal] = (['auto', 'kmeans', 'normal'] as const).map((initialization) =>
      quantizerWith({ initialization }),
    );
    expect([auto!.startsFrom, normal!.startsFrom]).toEqual([kmeans!.startsFrom, 0]);
    await auto!.start(vectors().slice([0, 0], [5, D]), stream());
    expect(auto!.codes().dataSync()).toEqual(normal!.codes().dataSync());
    for (const quantizer of [auto!, kmeans!]) await quantizer.start(vectors(), stream());
    expect(auto!.codes().dataSync()).toEqual(kmeans!.codes().dataSync());
    expect(auto!.codes().dataSync()).not.toEqual(normal!.codes().dataSync());
  });
});

describe('cosine codes', () => {
  it.each(['ema', 'gradient'] as const)('have norm 1 and the largest cosine, learned by %s', (learning) => {
    const quantizer = quantizerWith({ similarity: 'cosine', learning });
    const z = vectors();
    const codes = quantizer.codes().arraySync();
    codes.forEach((code) => expect(Math.hypot(...code)).toBeCloseTo(1, 5));
    const expected = z.arraySync().map((row) => {
      const cosines = codes.map(
        (code) => row.reduce((sum, value, j) => sum + value * code[j]!, 0) / Math.hypot(...row),
      );
      return [cosines.indexOf(Math.max(...cosines))];
    });
    expect(quantizer.indices(z).arraySync()).toEqual(expected);
    expect(quantizer.indices(z.mul(7)).arraySync()).toEqual(expected);
  });

  it('still have norm 1 after an update and after a start by k-means', async () => {
    const quantizer = quantizerWith({ similarity: 'cosine', initialization: 'kmeans' });
    const norms = (rows: tf.Tensor) => (rows.arraySync() as number[][]).map((row) => Math.hypot(...row));
    const { updates } = quantizer.quantize(vectors());
    const updated = updates(drawn(quantizer.noise(), stream()))['codebook.vectors']!;
    norms(updated).forEach((norm) => expect(norm).toBeCloseTo(1, 5));
    await quantizer.start(vectors(), stream());
    norms(quantizer.codes()).forEach((norm) => expect(norm).toBeCloseTo(1, 5));
  });
});

describe('projected codes', () => {
  it('are looked up in fewer dimensions and mapped back to as many as came in', () => {
    const quantizer = quantizerWith({ projection: 2 });
    const z = vectors();
    const { quantized, indices } = quantizer.quantize(z);
    expect([quantizer.codes().shape, quantized.shape]).toEqual([
      [K, 2],
      [m, D],
    ]);
    const { parameters: p } = quantizer;
    const down = z.matMul(p['quantizer.down.kernel']!).arraySync() as number[][];
    const codes = quantizer.codes().arraySync();
    const nearest = down.map((row) => {
      const distances = codes.map((code) => square(row, code));
      return distances.indexOf(Math.min(...distances));
    });
    expect([...indices.dataSync()]).toEqual(nearest);
    const up = tf.tensor2d(nearest.map((k) => codes[k]!)).matMul(p['quantizer.up.kernel']!);
    quantized.dataSync().forEach((value, i) => expect(value).toBeCloseTo(up.dataSync()[i]!, 5));
  });
});
