/**
 * A mixture of Gaussians, p(x) = Σ_k π_k N(x; μ_k, Σ_k), fitted by expectation maximisation (Dempster, Laird and Rubin
 * 1977): coordinate ascent on the evidence lower bound
 *
 *   F(q, θ) = 1/n Σ_i Σ_k q_ik [log π_k N(x_i; μ_k, Σ_k) − log q_ik] ≤ 1/n Σ_i log p(x_i)
 *
 *   E-step  q_ik = π_k N(x_i; μ_k, Σ_k) / p(x_i)      the posterior of the component; F is then the log-likelihood
 *   M-step  π_k = 1/n Σ_i q_ik,  μ_k = Σ_i q_ik x_i / (n π_k),  Σ_k = Σ_i q_ik (x_i − μ_k)(x_i − μ_k)ᵀ / (n π_k)
 *
 * All of it is computed in float64.
 */
import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import type { RandomStream } from '../random';
import { checkCount } from '../samples';
import type { SampleInput } from '../samples';
import { atLeast, GaussianComponent, isDiagonal } from './gaussianComponent';
import type { Covariance } from './gaussianComponent';
import { checkClusters, KMeans } from './kMeans';
import { float64Rows, logSumExp, meanOf, squaredDistance } from './rows';

export interface GaussianMixtureOptions {
  /** K. */
  components: number;
  /** Of each component: variances alone, or a whole matrix. Default `full`. */
  covariance?: 'diagonal' | 'full';
  /** Of k-means, whose clusters are where EM begins. */
  seed?: number;
  /** Steps of EM at most. Default 200. */
  iterations?: number;
  /** It ends when a step gains less than this many nats per sample. Default 1e-6. */
  tolerance?: number;
  /**
   * Least variance of a component along any axis, in squared units of the data: without one, a component that closes in
   * on a single row has an infinite likelihood. Default 1e-6 of the data's mean variance.
   */
  floor?: number;
}

const schema = z.strictObject({
  components: z.int().min(1),
  covariance: z.enum(['diagonal', 'full']).default('full'),
  seed: z.int().default(defaultSeed),
  iterations: z.int().min(1).default(200),
  tolerance: z.number().min(0).default(1e-6),
  floor: z.number().positive().optional(),
});

/** What a mixture is made of: π [K], μ [K, d], and Σ, K times [d] or [d, d]. */
export interface MixtureParameters {
  weights: readonly number[];
  means: readonly (readonly number[])[];
  covariances: readonly Covariance[];
}

export class GaussianMixture implements MixtureParameters {
  readonly weights: readonly number[];
  readonly means: readonly (readonly number[])[];
  readonly covariances: readonly Covariance[];
  /** Mean log-likelihood of the data it was fitted to, in nats per sample: at the start, then after each step of EM. */
  readonly history: readonly number[];
  private readonly gaussians: readonly GaussianComponent[];

  /**
   * @throws RangeError when weights do not sum to 1, a covariance is not positive definite, or sizes do not agree
   */
  constructor({ weights, means, covariances }: MixtureParameters, history: readonly number[] = []) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!weights.every((weight) => weight >= 0) || Math.abs(total - 1) > 1e-6) {
      throw new RangeError(`GaussianMixture: expected weights ≥ 0 that sum to 1; found [${weights.join(', ')}].`);
    }
    const [k, d] = [weights.length, means[0]?.length];
    if (means.length !== k || covariances.length !== k || means.some((mean) => mean.length !== d)) {
      throw new RangeError(
        `GaussianMixture: expected as many means of one length, and covariances, as the ${k} weights; found ${means.length} and ${covariances.length}.`,
      );
    }
    this.weights = weights;
    this.means = means;
    this.covariances = covariances;
    this.history = history;
    this.gaussians = means.map((mean, j) => new GaussianComponent(mean, covariances[j]!));
  }

  /**
   * Fits to data [n, d]: k-means, then EM until it gains nothing.
   *
   * @throws {ConfigurationError} naming the option that is wrong
   * @throws {DataError} at a value that is not finite
   * @throws RangeError when there are fewer different rows than components
   */
  static async fit(data: SampleInput, options: GaussianMixtureOptions): Promise<GaussianMixture> {
    const checked = checkedConfig('GaussianMixture.fit', schema, options);
    const rows = float64Rows(data, 'GaussianMixture.fit');
    checkClusters('GaussianMixture.fit', 'components', checked.components, rows);
    const floor = checked.floor ?? defaultFloor(rows);
    let mixture = GaussianMixture.fromClusters(rows, checked, floor);
    let expectation = mixture.expectation(rows);
    const history = [expectation.logLikelihood];
    for (let step = 0; step < checked.iterations; step++) {
      mixture = mixture.maximized(rows, expectation.responsibilities, floor);
      expectation = mixture.expectation(rows);
      const gain = expectation.logLikelihood - history.at(-1)!;
      history.push(expectation.logLikelihood);
      if (gain < checked.tolerance) break;
      await otherWork();
    }
    return new GaussianMixture(mixture, history);
  }

  /** K. */
  get components(): number {
    return this.weights.length;
  }

  /** log p(x) of each row, in nats: [n, d] → [n], float64. */
  logProb(x: SampleInput): Float64Array {
    return Float64Array.from(this.rows(x, 'logProb'), (row) => logSumExp(this.joint(row)));
  }

  /** Mean of log p(x) over the rows, in nats per sample. */
  logLikelihood(x: SampleInput): number {
    return this.expectation(this.rows(x, 'logLikelihood')).logLikelihood;
  }

  /** The E-step: p(k|x) of each row, [n, d] → [n, K]. */
  responsibilities(x: SampleInput): number[][] {
    return this.expectation(this.rows(x, 'responsibilities')).responsibilities;
  }

  /**
   * The M-step: the mixture of the same kind that maximises F(q, ·) for these q [n, K]. A component that no row is left
   * to keeps its place, with weight 0.
   *
   * @param options.floor least variance along any axis; see {@link GaussianMixtureOptions}
   */
  maximize(x: SampleInput, q: readonly (readonly number[])[], { floor = 0 } = {}): GaussianMixture {
    const rows = this.rows(x, 'maximize');
    if (q.length !== rows.length || q.some((row) => row.length !== this.components)) {
      throw new RangeError(
        `GaussianMixture: maximize expects ${rows.length} rows of ${this.components} responsibilities; found ${q.length} rows.`,
      );
    }
    return this.maximized(rows, q, floor);
  }

  /** F(q, θ) for any q [n, K] whose rows sum to 1, in nats per sample. */
  evidenceLowerBound(x: SampleInput, q: readonly (readonly number[])[]): number {
    const rows = this.rows(x, 'evidenceLowerBound');
    const bound = (row: Float64Array, n: number) =>
      this.joint(row).reduce(
        (sum, joint, k) => sum + (q[n]![k]! > 0 ? q[n]![k]! * (joint - Math.log(q[n]![k]!)) : 0),
        0,
      );
    return rows.reduce((sum, row, n) => sum + bound(row, n), 0) / rows.length;
  }

  /** Draws: a component from π, then x from it; [count, d]. */
  sample(count: number, { seed = defaultSeed() }: { seed?: number } = {}): tf.Tensor2D {
    checkCount('GaussianMixture.sample', count);
    const stream = randomStream(seed, 'Gaussian mixture');
    const d = this.means[0]!.length;
    const draws = Array.from({ length: count }, () => this.gaussians[this.draw(stream)]!.at(stream.normals(d)));
    return tf.tensor2d(draws, [count, d]);
  }

  /**
   * Schwarz's (1978) Bayesian information criterion of the rows, −2 Σ_i log p(x_i) + P log n in nats, with P free
   * parameters: of mixtures with several K the one with the least is to be preferred.
   */
  bic(x: SampleInput): number {
    const values = this.logProb(x);
    const logLikelihood = values.reduce((sum, value) => sum + value, 0);
    return -2 * logLikelihood + this.freeParameters * Math.log(values.length);
  }

  /** P: K − 1 weights, K·d means, and K·d or K·d(d + 1)/2 variances and covariances. */
  get freeParameters(): number {
    const d = this.means[0]!.length;
    const covariances = this.covariances.map((one) => (isDiagonal(one) ? d : (d * (d + 1)) / 2));
    return this.components - 1 + this.components * d + covariances.reduce((sum, count) => sum + count, 0);
  }

  /** log π_k N(x; μ_k, Σ_k), [K]. */
  private joint(row: Float64Array): number[] {
    return this.gaussians.map((gaussian, k) => Math.log(this.weights[k]!) + gaussian.logProb(row));
  }

  private expectation(rows: readonly Float64Array[]): { responsibilities: number[][]; logLikelihood: number } {
    let logLikelihood = 0;
    const responsibilities = rows.map((row) => {
      const joint = this.joint(row);
      const evidence = logSumExp(joint);
      logLikelihood += evidence / rows.length;
      return joint.map((value) => Math.exp(value - evidence));
    });
    return { responsibilities, logLikelihood };
  }

  private maximized(rows: readonly Float64Array[], q: readonly (readonly number[])[], floor: number): GaussianMixture {
    const parts = this.covariances.map((covariance, k) => {
      const moments = weightedMoments(rows, (n) => q[n]![k]!, isDiagonal(covariance));
      if (!moments) return { weight: 0, mean: this.means[k]!, covariance };
      return { ...moments, covariance: atLeast(floor, moments.covariance) };
    });
    return new GaussianMixture({
      weights: parts.map(({ weight }) => weight),
      means: parts.map(({ mean }) => mean),
      covariances: parts.map(({ covariance }) => covariance),
    });
  }

  /** Each cluster of k-means as a component. */
  private static fromClusters(
    rows: readonly Float64Array[],
    { components, covariance, seed }: z.output<typeof schema>,
    floor: number,
  ): GaussianMixture {
    const numbers = rows.map((row) => [...row]);
    const clusters = KMeans.fit(numbers, { clusters: components, seed, iterations: 20 });
    const [centres, assignments] = [clusters.centres, clusters.assign(numbers)];
    const d = rows[0]!.length;
    const identity = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0)));
    const start = new GaussianMixture({
      weights: centres.map(() => 1 / components),
      means: centres,
      covariances: centres.map(() => (covariance === 'diagonal' ? identity.map(() => 1) : identity)),
    });
    const share = (n: number, k: number) => SHARED / components + (assignments[n] === k ? 1 - SHARED : 0);
    const q = rows.map((_, n) => centres.map((_, k) => share(n, k)));
    return start.maximized(rows, q, floor);
  }

  private draw(stream: RandomStream): number {
    let left = stream.uniform();
    const found = this.weights.findIndex((weight) => (left -= weight) < 0);
    return found >= 0 ? found : this.weights.findLastIndex((weight) => weight > 0);
  }

  private rows(x: SampleInput, verb: string): Float64Array[] {
    return float64Rows(x, `GaussianMixture: ${verb}`, this.means[0]!.length);
  }
}

/** How much of each row all components share at the start, so that none is without rows. */
const SHARED = 1e-3;

/** Below this share of a row, a component has none: its moments would be rounding errors. */
const LEAST_SHARE = 1e-12;

interface Moments {
  /** π: the mean of the shares. */
  weight: number;
  mean: number[];
  covariance: Covariance;
}

/** Mean and covariance of the rows, each counted `share(n)` times; undefined where the shares sum to nothing. */
function weightedMoments(
  rows: readonly Float64Array[],
  share: (n: number) => number,
  diagonal: boolean,
): Moments | undefined {
  const d = rows[0]!.length;
  const total = rows.reduce((sum, _, n) => sum + share(n), 0);
  if (total < LEAST_SHARE) return undefined;
  const mean = new Array<number>(d).fill(0);
  rows.forEach((row, n) => row.forEach((value, i) => (mean[i]! += (share(n) / total) * value)));
  const sums = Array.from({ length: diagonal ? 1 : d }, () => new Array<number>(d).fill(0));
  rows.forEach((row, n) => {
    const part = share(n) / total;
    if (part === 0) return;
    const centred = row.map((value, i) => value - mean[i]!);
    sums.forEach((sum, j) => {
      for (let i = 0; i < d; i++) sum[i]! += part * centred[i]! * (diagonal ? centred[i]! : centred[j]!);
    });
  });
  return { weight: total / rows.length, mean, covariance: diagonal ? sums[0]! : sums };
}

/** For rows that do not vary at all, any positive floor does. */
function defaultFloor(rows: readonly Float64Array[]): number {
  const mean = meanOf(rows);
  const variance = rows.reduce((sum, row) => sum + squaredDistance(row, mean), 0) / (rows.length * mean.length);
  return 1e-6 * (variance || 1);
}

/** Lets messages and interrupts through between two steps. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
