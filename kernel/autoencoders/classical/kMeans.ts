/**
 * k-means (Lloyd 1982): K centres that minimise the mean squared distance from each row to its nearest centre,
 *
 *   1/n Σ_i min_k ‖x_i − c_k‖²
 *
 * by turns: every row goes to its nearest centre, every centre to the mean of its rows. Neither can raise the error. It
 * is EM of a Gaussian mixture with equal weights and covariances σ²I as σ → 0.
 */
import { z } from 'zod';
import { matrix, matrixOf, object, sampleInput, takes } from '../arguments';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import type { SampleInput } from '../samples';
import { firstCentres, Lloyd } from './lloyd';
import { otherWork } from './otherWork';
import { flatRows, float64Rows, squaredDistance } from './rows';
import type { FlatRows } from './rows';

/** Options of {@link KMeans.fit}. */
export interface KMeansOptions {
  /** K. */
  clusters: number;
  /** The seed of the first centres, which k-means++ chooses (Arthur and Vassilvitskii 2007). */
  seed?: number;
  /** The most iterations; fitting ends earlier when no centre moves. Default 100. */
  iterations?: number;
}

const schema = z.strictObject({
  clusters: z.int().min(1),
  seed: z.int().default(defaultSeed),
  iterations: z.int().min(1).default(100),
});

/** k-means: centres and the assignment to the nearest of them, by Lloyd’s iterations (Lloyd 1982). */
export class KMeans {
  private constructor(
    /** [K, d]. */
    readonly centres: readonly (readonly number[])[],
    /** Mean squared distance to the nearest centre, after each iteration. */
    readonly history: readonly number[],
    /** Whether the centres had come to rest when fitting ended. */
    readonly converged: boolean,
  ) {}

  /**
   * Fits to data [n, d], in float64. Interrupts and views are answered meanwhile.
   *
   * @throws {ConfigurationError} naming the option that is wrong
   * @throws RangeError when there are fewer different rows than clusters
   */
  static async fit(data: SampleInput, options: KMeansOptions): Promise<KMeans> {
    takes('KMeans.fit', ['data', data, sampleInput], ['options', options, object('clusters')]);
    const { clusters, seed, iterations } = checkedConfig('KMeans.fit', schema, options);
    const rows = flatRows(data, 'KMeans.fit');
    checkClusters('KMeans.fit', 'clusters', clusters, rows);
    const lloyd = new Lloyd(rows, await firstCentres(rows, clusters, randomStream(seed, 'k-means')));
    await lloyd.assign();
    const history: number[] = [];
    let moved = true;
    while (moved && history.length < iterations) {
      moved = lloyd.move();
      await lloyd.assign();
      history.push(lloyd.error);
      await otherWork();
    }
    const centres = Array.from({ length: clusters }, (_, k) => [
      ...lloyd.centres.subarray(k * rows.d, (k + 1) * rows.d),
    ]);
    return new KMeans(centres, history, !moved);
  }

  /** Mean squared distance of the rows to their nearest centre. */
  error(data: SampleInput): number {
    return lloydStep(this.rows(data, 'error'), this.centres).error;
  }

  /** Index of the nearest centre of each row: [n, d] → [n]. */
  assign(data: SampleInput): Int32Array {
    return lloydStep(this.rows(data, 'assign'), this.centres).assignments;
  }

  private rows(data: SampleInput, verb: string): Float64Array[] {
    return float64Rows(data, `KMeans: ${verb}`, this.centres[0]!.length);
  }
}

/** One iteration of Lloyd’s: the assignment to the nearest centres, and the means of what was assigned. */
export interface LloydStep {
  /** [K, d]: the mean of the rows of each centre; a centre without rows stays. */
  centres: number[][];
  /** [n]: the index of the nearest of the old centres, or of the first where several are equally near. */
  assignments: Int32Array;
  /** Mean squared distance to the old centres. */
  error: number;
}

/** One step of Lloyd's algorithm in float64, for rows [n, d] and centres [K, d]. */
export function lloydStep(rows: readonly ArrayLike<number>[], centres: readonly ArrayLike<number>[]): LloydStep {
  takes('lloydStep', ['rows', rows, matrix], ['centres', centres, matrix]);
  const d = centres[0]!.length;
  takes('lloydStep', ['rows', rows, matrixOf(rows.length, d)]);
  const sums = centres.map(() => new Array<number>(d).fill(0));
  const counts = centres.map(() => 0);
  const assignments = new Int32Array(rows.length);
  let error = 0;
  rows.forEach((row, n) => {
    const distances = centres.map((centre) => squaredDistance(row, centre));
    const least = Math.min(...distances);
    const nearest = distances.indexOf(least);
    error += least / rows.length;
    assignments[n] = nearest;
    counts[nearest]!++;
    for (let i = 0; i < d; i++) sums[nearest]![i]! += row[i]!;
  });
  const moved = sums.map((sum, k) =>
    counts[k]! > 0 ? sum.map((value) => value / counts[k]!) : Array.from(centres[k]!),
  );
  return { centres: moved, assignments, error };
}

/**
 * @throws RangeError when there are fewer different rows than clusters or components: one would be left without rows
 */
export function checkClusters(caller: string, what: string, count: number, { values, n, d }: FlatRows): void {
  if (count > n) {
    throw new RangeError(`${caller}: found ${count} ${what} for ${n} samples; take at most ${n}, or more data.`);
  }
  const different = new Set<string>();
  for (let row = 0; row < values.length; row += d) {
    different.add(values.subarray(row, row + d).join());
    if (different.size >= count) return;
  }
  throw new RangeError(
    `${caller}: found ${count} ${what}, but only ${different.size} of the ${n} samples differ; take at most ${different.size}.`,
  );
}
