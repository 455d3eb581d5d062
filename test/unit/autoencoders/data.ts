import { Matrix } from 'ml-matrix';
import { randomStream } from '../../../kernel/autoencoders/index';
import type { Samples } from '../../../kernel/autoencoders/index';

/** Rows as a data set of plain vectors. */
export function samplesOf(rows: number[][], name = 'test data'): Samples {
  const width = rows[0]!.length;
  const features = Array.from({ length: width }, (_, i) => `f${i}`);
  const values = Float32Array.from(rows.flat());
  return { name, values, shape: { kind: 'vector', features }, length: rows.length, width };
}

/** n draws of N(0, I_k) times a fixed random k × d matrix, plus noise: data with k directions that matter. */
export function lowRankSamples(n: number, d: number, k: number, noise = 0.1, seed = 5): Samples {
  const stream = randomStream(seed, 'low rank');
  const draws = (rows: number, columns: number) =>
    Matrix.from1DArray(rows, columns, Array.from(stream.normals(rows * columns)));
  const rows = draws(n, k).mmul(draws(k, d)).add(draws(n, d).mul(noise));
  return samplesOf(rows.to2DArray());
}

/** Rows of zeros and ones, of two kinds. */
export function binarySamples(n: number, d: number, seed = 6): Samples {
  const stream = randomStream(seed, 'binary');
  const row = (kind: number) =>
    Array.from({ length: d }, (_, i) => (stream.uniform() < (i % 2 === kind ? 0.85 : 0.1) ? 1 : 0));
  return samplesOf(Array.from({ length: n }, (_, i) => row(i % 2)));
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of the mean of these draws. */
export function standardError(values: ArrayLike<number>): number {
  const average = mean(values);
  const squares = Array.from(values).map((value) => (value - average) ** 2);
  return Math.sqrt(mean(squares) / (values.length - 1));
}
