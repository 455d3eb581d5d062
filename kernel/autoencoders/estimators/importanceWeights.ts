/** Importance-weighted estimates of log p(x), with memory that grows neither with the data nor with the draws. */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { modelWith, object, sampleInput, takes } from '../arguments';
import { checkedConfig } from '../config';
import { randomStream } from '../random';
import { rowRanges, rowsOf, toSamples } from '../samples';
import type { Expected, SampleInput, SampleShape } from '../samples';
import { checkRows } from '../data/checkData';
import type { Support } from '../support';

/** What the estimates need of a model. */
export interface ImportanceSampler {
  readonly name: string;
  readonly seed: number;
  /** Values that the likelihood is defined for; null: any finite number. */
  readonly support: Support | null;
  /** k. */
  readonly latentDimensions: number;
  /** What its samples have to be, for the error that names it. */
  expected(caller: string): Expected;
  /** Parameters of q(z|x) for rows x: [n, d] → [n, …]. */
  posteriorRows(x: tf.Tensor2D): tf.Tensor2D;
  /**
   * log w = log p(x, z) − log q(z|x) of L draws z for each row: [L, n].
   *
   * @param tensors `x` [n, d], `posterior` as {@link posteriorRows} gives it, `epsilon` [L·n, k]: draw by draw
   */
  logWeights(tensors: { x: tf.Tensor2D; posterior: tf.Tensor2D; epsilon: tf.Tensor2D }): tf.Tensor2D;
}

/** How many draws of z an estimate takes for each sample. */
export interface DrawOptions {
  /** L, draws of z for each sample. */
  draws: number;
  /** The seed of the draws. Default: the model's own. */
  seed?: number;
}

/** What the weights of each sample amount to, in float64. */
export interface ImportanceWeights {
  /** log 1/L Σ w. */
  logMeanWeight: Float64Array;
  /** 1/L Σ log w. */
  meanLogWeight: Float64Array;
  /** (Σ w)² / Σ w², from 1 to L: how many draws of equal weight tell as much (Kong 1992). */
  effectiveDraws: Float64Array;
}

/** Rows that pass through the decoder at a time. */
const ROWS = 4096;

/** The shape of rows that belong to no data set. */
const NO_NAMES: SampleShape = { kind: 'vector', features: [] };

const schema = z.strictObject({ draws: z.int().min(1), seed: z.int().optional() });

/**
 * Draws z ~ q(z|x) for every sample and sums their weights w = p(x, z)/q(z|x), some of the draws at a time. If you ask
 * for more draws, the first ones stay the same.
 *
 * @throws {ConfigurationError} if draws is not a whole number ≥ 1
 * @throws {DataError} at the first value that is not finite, or for which the likelihood is not defined
 */
export async function importanceWeights(
  model: ImportanceSampler,
  data: SampleInput,
  options: DrawOptions,
): Promise<ImportanceWeights> {
  takes(
    'importanceWeights',
    ['model', model, modelWith('posteriorRows', 'logWeights')],
    ['data', data, sampleInput],
    ['options', options, object('draws')],
  );
  const { draws, seed = model.seed } = checkedConfig(`${model.name}: draws from the posterior`, schema, options);
  const expected = model.expected(`${model.name}: draws from the posterior`);
  checkRows(await toSamples(data, expected, NO_NAMES), model);
  const ranges = rowRanges(data, expected);
  const sums = new WeightSums(ranges.at(-1)![1]);
  for (const [start, end] of ranges) {
    const n = end - start;
    const [x, posterior] = tf.tidy(() => {
      const rows = rowsOf(data, start, end).clone();
      return [rows, model.posteriorRows(rows)];
    });
    const most = Math.max(1, Math.floor(ROWS / n));
    for (let first = 0; first < draws; first += most) {
      const L = Math.min(most, draws - first);
      const normals = randomStream(seed, `importance/${start}`, first).normals(L * n * model.latentDimensions);
      const logWeights = tf.tidy(() => {
        const epsilon = tf.tensor2d(normals, [L * n, model.latentDimensions]);
        return model.logWeights({ x, posterior, epsilon });
      });
      sums.add(await logWeights.data(), start, n);
      logWeights.dispose();
    }
    tf.dispose([x, posterior]);
  }
  return sums.results(draws);
}

/** Σ w, Σ w² and Σ log w of each sample. The first two are relative to the largest weight, so that none overflows. */
class WeightSums {
  private readonly largest: Float64Array;
  private readonly sum: Float64Array;
  private readonly squares: Float64Array;
  private readonly logs: Float64Array;

  constructor(samples: number) {
    this.largest = new Float64Array(samples).fill(-Infinity);
    this.sum = new Float64Array(samples);
    this.squares = new Float64Array(samples);
    this.logs = new Float64Array(samples);
  }

  /** @param logWeights [L, n] of the samples from `start` on */
  add(logWeights: ArrayLike<number>, start: number, n: number): void {
    for (let i = 0; i < logWeights.length; i++) {
      const sample = start + (i % n);
      const logWeight = logWeights[i]!;
      this.logs[sample]! += logWeight;
      this.raise(sample, logWeight);
      const weight = Math.exp(logWeight - this.largest[sample]!);
      this.sum[sample]! += weight;
      this.squares[sample]! += weight ** 2;
    }
  }

  results(draws: number): ImportanceWeights {
    return {
      logMeanWeight: this.sum.map((sum, i) => this.largest[i]! + Math.log(sum / draws)),
      meanLogWeight: this.logs.map((sum) => sum / draws),
      effectiveDraws: this.sum.map((sum, i) => sum ** 2 / this.squares[i]!),
    };
  }

  private raise(sample: number, logWeight: number): void {
    if (logWeight <= this.largest[sample]!) return;
    const shrunk = Math.exp(this.largest[sample]! - logWeight);
    this.sum[sample]! *= shrunk;
    this.squares[sample]! *= shrunk ** 2;
    this.largest[sample] = logWeight;
  }
}
