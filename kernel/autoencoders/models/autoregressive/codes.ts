/** Codes as data: rows of whole numbers from 0 to K − 1. */
import * as tf from '@tensorflow/tfjs';
import { object, rowInput, takes } from '../../arguments';
import { Dataset } from '../../data/index';
import { perplexity } from '../../metrics/index';
import type { CodeMap } from '../../networks/causal/codeContext';
import type { Samples } from '../../samples';
import { DataError } from '../../data/checkData';

/** Rows of codes: [n, P]. */
export type Codes = tf.Tensor2D | number[][];

/** Options of {@link codesDataset}. */
export interface CodesOptions {
  /** Codes of the maps that these are conditioned on, in the order of the prior's `conditions`: [n, P'] each. */
  conditions?: Codes[];
  /** Class of each sample, for priors with `classes`. */
  labels?: ArrayLike<number> | null;
  name?: string;
}

/**
 * Codes as a data set that a prior can be fitted to: each row holds the codes of the conditions, one map after the
 * other, and then the map's own, all row by row. Reads tensors back and leaves them alive.
 *
 * @throws {DataError} when there are not as many rows of each
 */
export async function codesDataset(codes: Codes, options: CodesOptions = {}): Promise<Dataset> {
  takes('codesDataset', ['codes', codes, rowInput], ['options', options, object()]);
  const { conditions = [], labels = null, name = 'codes' } = options;
  const maps = await Promise.all([...conditions, codes].map((map) => rowsOfCodes(map)));
  const own = maps.at(-1)!;
  const other = maps.find(({ length }) => length !== own.length);
  if (other) throw new DataError(`${name}: ${own.length} rows of codes, but ${other.length} of a condition`);
  const rows = own.map((_, i) => maps.flatMap((map) => map[i]!));
  const features = Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => `c${i + 1}`);
  const values = Float32Array.from(rows.flat());
  return new Dataset({ name, values, shape: { kind: 'vector', features }, labels: labels && Int32Array.from(labels) });
}

/**
 * Entropy of the distribution of single codes, whatever their position, in nats per code: what a code costs when
 * nothing is known of the others. A prior has to stay below it.
 */
export async function unigramEntropy(codes: Codes): Promise<number> {
  takes('unigramEntropy', ['codes', codes, rowInput]);
  const flat = (await rowsOfCodes(codes)).flat();
  const counts = new Array<number>(1 + flat.reduce((most, code) => Math.max(most, code), 0)).fill(0);
  for (const code of flat) counts[code]! += 1;
  return Math.log(perplexity(counts));
}

/**
 * @param first row that the values begin with
 * @throws {DataError} at the first value that is no code of its map
 */
export function checkCodes(
  { name, values, width }: Pick<Samples, 'name' | 'values' | 'width'>,
  maps: readonly CodeMap[],
  first = 0,
): void {
  const sizes = maps.flatMap(({ height, width: columns, codebookSize }) => {
    return new Array<number>(height * columns).fill(codebookSize);
  });
  values.forEach((value, i) => {
    const K = sizes[i % width]!;
    if (Number.isInteger(value) && value >= 0 && value < K) return;
    const place = `row ${first + Math.floor(i / width)}, column ${i % width} (both counted from 0)`;
    throw new DataError(`${name || 'The data'}: ${value} at ${place} is no code; expected a whole number from 0 to ${K - 1}`); // prettier-ignore
  });
}

async function rowsOfCodes(codes: Codes): Promise<number[][]> {
  return codes instanceof tf.Tensor ? ((await codes.array()) as number[][]) : codes;
}
