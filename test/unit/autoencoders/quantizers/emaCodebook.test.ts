import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { EMACodebook } from '../../../../kernel/autoencoders/quantizers/emaCodebook';
import type { CodebookConfig } from '../../../../kernel/autoencoders/quantizers/emaCodebook';
import { randomStream } from '../../../../kernel/autoencoders/random';
import { alive, useWasm } from '../../engine/backends';

beforeAll(useWasm);

const CONFIG: CodebookConfig = {
  codebookSize: 4,
  codeDimension: 3,
  decay: 0.99,
  epsilon: 1e-5,
  reviveBelow: 0,
  seed: 2,
};

/** m vectors near four corners, by the index of the corner. */
function clustered(m: number): tf.Tensor2D {
  const noise = randomStream(1, 'clusters').normals(m * 3);
  const corner = (i: number) => [i % 4 === 1 ? 6 : 0, i % 4 === 2 ? 6 : 0, i % 4 === 3 ? 6 : 0];
  return tf.tensor2d(Array.from({ length: m }, (_, i) => corner(i).map((value, j) => value + noise[3 * i + j]!)));
}

const rows = (tensor: tf.Tensor) => tensor.arraySync() as number[][];

function squaredDistance(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}

function nearestByHand(z: number[][], codebook: number[][]): number[] {
  return z.map((row) => {
    const distances = codebook.map((code) => squaredDistance(row, code));
    return distances.indexOf(Math.min(...distances));
  });
}

function set(codebook: EMACodebook, vectors: number[][]): void {
  codebook.vectors.assign(tf.tensor2d(vectors));
  codebook.sums.assign(tf.tensor2d(vectors));
}

const NO_PICKS = () => tf.zeros<tf.Rank.R1>([4]);

describe('a codebook with moving averages', () => {
  it('gives the nearest code of each vector, and looks codes up', () => {
    const codebook = new EMACodebook(CONFIG);
    const z = clustered(40);
    const codes = codebook.nearest(z);
    expect(codes.dtype).toBe('int32');
    expect([...codes.dataSync()]).toEqual(nearestByHand(rows(z), rows(codebook.vectors)));
    const vectors = rows(codebook.vectors);
    expect(rows(codebook.lookup(tf.tensor1d([2, 0, 2], 'int32')))).toEqual([vectors[2], vectors[0], vectors[2]]);
  });

  it('with γ = 0 and a full batch takes one step of Lloyd’s k-means', () => {
    const codebook = new EMACodebook({ ...CONFIG, decay: 0, epsilon: 1e-12 });
    const z = clustered(200);
    // Starts that every cluster is nearest to one of.
    set(codebook, [
      [1, 1, 0],
      [5, 0, 1],
      [0, 4, 0],
      [1, 0, 5],
    ]);
    const codes = codebook.nearest(z);
    const { vectors } = codebook.update(z, codes, NO_PICKS());
    const assignment = codes.dataSync();
    const members = (k: number) => rows(z).filter((_, i) => assignment[i] === k);
    const centroids = [0, 1, 2, 3].map((k) =>
      [0, 1, 2].map((j) => members(k).reduce((sum, row) => sum + row[j]!, 0) / members(k).length),
    );
    rows(vectors).forEach((code, k) =>
      code.forEach((value, j) =>
        expect(Math.abs(value - centroids[k]![j]!)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value))),
      ),
    );
  });

  it('follows the averages of float64, with Laplace smoothing', () => {
    const { decay: gamma, epsilon } = { decay: 0.9, epsilon: 0.01 };
    const codebook = new EMACodebook({ ...CONFIG, decay: gamma, epsilon });
    const z = clustered(30);
    const codes = codebook.nearest(z);
    const assignment = codes.dataSync();
    const start = rows(codebook.vectors);
    const { vectors, counts, sums } = codebook.update(z, codes, NO_PICKS());
    const N = [0, 1, 2, 3].map((k) => gamma + (1 - gamma) * assignment.filter((code) => code === k).length);
    const total = N.reduce((a, b) => a + b);
    [0, 1, 2, 3].forEach((k) => {
      const own = rows(z).filter((_, i) => assignment[i] === k);
      const smoothed = ((N[k]! + epsilon) / (total + 4 * epsilon)) * total;
      expect(counts.dataSync()[k]).toBeCloseTo(N[k]!, 5);
      start[k]!.forEach((value, j) => {
        const m = gamma * value + (1 - gamma) * own.reduce((sum, row) => sum + row[j]!, 0);
        expect(rows(sums)[k]![j]).toBeCloseTo(m, 4);
        expect(rows(vectors)[k]![j]).toBeCloseTo(m / smoothed, 4);
      });
    });
  });

  it('keeps codes that the first batches miss at their place', () => {
    const codebook = new EMACodebook(CONFIG);
    const far = [50, 50, 50];
    set(codebook, [[0, 0, 0], [6, 0, 0], [0, 6, 0], far]);
    for (let t = 0; t < 100; t++) {
      const z = clustered(20);
      const updates = codebook.update(z, codebook.nearest(z), NO_PICKS());
      codebook.vectors.assign(updates.vectors as tf.Tensor2D);
      codebook.counts.assign(updates.counts as tf.Tensor1D);
      codebook.sums.assign(updates.sums as tf.Tensor2D);
    }
    rows(codebook.vectors)[3]!.forEach((value) => expect(value).toBeCloseTo(50, 1));
  });

  it('moves dead codes to vectors of the batch, and no others', () => {
    const codebook = new EMACodebook({ ...CONFIG, reviveBelow: 0.2 });
    set(codebook, [
      [0, 0, 0],
      [6, 0, 0],
      [50, 50, 50],
      [0, 3, 3],
    ]);
    codebook.counts.assign(tf.tensor1d([5, 5, 0.01, 5]));
    const z = clustered(20);
    const picks = tf.tensor1d([0, 0, 0.36, 0]);
    const { vectors, counts } = codebook.update(z, codebook.nearest(z), picks);
    const [revived, kept] = [rows(vectors)[2]!, counts.dataSync()];
    rows(z)[7]!.forEach((value, j) => expect(revived[j]).toBeCloseTo(value, 3));
    expect(kept[0]).toBeGreaterThan(4.9);
    // The mean of what the counts are without it: 5 · .99 three times, .01 · .99, and .01 of the 20 vectors.
    expect(kept[2]).toBeCloseTo((0.99 * 15.01 + 0.2) / 4, 4);
  });

  it('gives a code that it has moved time to be found, however many vectors a batch has for each code', () => {
    const codebook = new EMACodebook({ ...CONFIG, reviveBelow: 0.2 });
    set(codebook, [
      [0, 0, 0],
      [6, 0, 0],
      [50, 50, 50],
      [0, 3, 3],
    ]);
    codebook.counts.assign(tf.tensor1d([20, 20, 0.01, 20]));
    const take = (pick: number) => {
      const z = clustered(80);
      const updates = codebook.update(z, codebook.nearest(z), tf.fill([4], (pick + 0.5) / 80));
      codebook.vectors.assign(updates.vectors as tf.Tensor2D);
      codebook.counts.assign(updates.counts as tf.Tensor1D);
      codebook.sums.assign(updates.sums as tf.Tensor2D);
      return rows(z)[pick]!;
    };
    const first = take(2);
    for (let t = 0; t < 20; t++) take(1);
    expect(squaredDistance(rows(codebook.vectors)[2]!, first)).toBeLessThan(4);
  });

  it('keeps no tensors but the new values', () => {
    const codebook = new EMACodebook({ ...CONFIG, reviveBelow: 0.2 });
    const z = clustered(20);
    const codes = codebook.nearest(z);
    const picks = NO_PICKS();
    const before = alive();
    tf.dispose(codebook.update(z, codes, picks));
    expect(alive()).toEqual(before);
  });

  it('follows vectors in place as updates do, and needs picks where it revives', () => {
    const [codebook, same] = [new EMACodebook(CONFIG), new EMACodebook(CONFIG)];
    const z = clustered(40);
    const { vectors, counts, sums } = same.update(z, same.nearest(z), NO_PICKS());
    const before = alive();
    codebook.follow(z);
    expect(alive()).toEqual(before);
    expect(rows(codebook.vectors)).toEqual(rows(vectors));
    expect(rows(codebook.counts)).toEqual(rows(counts));
    expect(rows(codebook.sums)).toEqual(rows(sums));
    expect(() => new EMACodebook({ ...CONFIG, reviveBelow: 0.2 }).follow(z)).toThrow('needs picks');
  });
});
