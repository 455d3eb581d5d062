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
import { matrix, matrixOf, numbers, object, sampleInput, takes, whole } from '../arguments';
import { checkedConfig } from '../config';
import { defaultSeed, randomStream } from '../random';
import type { RandomStream } from '../random';
import { checkCount } from '../samples';
import type { SampleInput } from '../samples';
import { atLeast, GaussianComponent, isDiagonal } from './gaussianComponent';
import type { Covariance } from './gaussianComponent';
import { checkClusters } from './kMeans';
import { firstCentres, Lloyd } from './lloyd';
import { otherWork, turns } from './otherWork';
import { flatRows, logSumExp, meanOf, squaredDistanceAt } from './rows';
import type { FlatRows } from './rows';

/** Options of {@link GaussianMixture.fit}. */
export interface GaussianMixtureOptions {
  /** K. */
  components: number;
  /** The covariance of each component: variances alone, or a whole matrix. Default `full`. */
  covariance?: 'diagonal' | 'full';
  /** The seed of k-means, whose clusters EM begins with. */
  seed?: number;
  /** The most steps of EM. Default 200. */
  iterations?: number;
  /** EM ends when a step gains less than this many nats per sample. Default 1e-6. */
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
  /** π [K]; they sum to 1. */
  weights: readonly number[];
  /** μ [K, d]. */
  means: readonly (readonly number[])[];
  /** Σ: variances [K, d], or matrices [K, d, d]. */
  covariances: readonly Covariance[];
}

/** A mixture of Gaussians, fitted by expectation maximisation in float64 (Dempster, Laird and Rubin 1977). */
export class GaussianMixture implements MixtureParameters {
  /** π [K]. */
  readonly weights: readonly number[];
  /** μ [K, d]. */
  readonly means: readonly (readonly number[])[];
  /** Σ: [K, d] where diagonal, [K, d, d] where full. */
  readonly covariances: readonly Covariance[];
  /** Mean log-likelihood of the data it was fitted to, in nats per sample: at the start, then after each step of EM. */
  readonly history: readonly number[];
  private readonly gaussians: readonly GaussianComponent[];

  /**
   * @throws RangeError when weights do not sum to 1, a covariance is not positive definite, or sizes do not agree
   */
  constructor(parameters: MixtureParameters, history: readonly number[] = []) {
    takes(
      'GaussianMixture',
      ['parameters', parameters, object('weights', 'means', 'covariances')],
      ['history', history, numbers],
    );
    const { weights, means, covariances } = parameters;
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
   * Fits to data [n, d]: k-means, then EM until it gains nothing. Interrupts and views are answered meanwhile.
   *
   * @throws {ConfigurationError} naming the option that is wrong
   * @throws {DataError} at a value that is not finite
   * @throws RangeError when there are fewer different rows than components
   */
  static async fit(data: SampleInput, options: GaussianMixtureOptions): Promise<GaussianMixture> {
    takes('GaussianMixture.fit', ['data', data, sampleInput], ['options', options, object('components')]);
    const checked = checkedConfig('GaussianMixture.fit', schema, options);
    const rows = flatRows(data, 'GaussianMixture.fit');
    checkClusters('GaussianMixture.fit', 'components', checked.components, rows);
    const floor = checked.floor ?? defaultFloor(rows);
    let mixture = await GaussianMixture.fromClusters(rows, checked, floor);
    const q = new Float64Array(rows.n * checked.components);
    const history = [await mixture.expect(rows, q)];
    for (let step = 0; step < checked.iterations; step++) {
      mixture = await mixture.maximized(rows, q, floor);
      history.push(await mixture.expect(rows, q));
      if (history.at(-1)! - history.at(-2)! < checked.tolerance) break;
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
    return this.expectation(this.rows(x, 'logProb')).logProbs;
  }

  /** Mean of log p(x) over the rows, in nats per sample. */
  logLikelihood(x: SampleInput): number {
    const { logProbs } = this.expectation(this.rows(x, 'logLikelihood'));
    return logProbs.reduce((sum, value) => sum + value, 0) / logProbs.length;
  }

  /** The E-step: p(k|x) of each row, [n, d] → [n, K]. */
  responsibilities(x: SampleInput): number[][] {
    const { components: K } = this;
    const { q } = this.expectation(this.rows(x, 'responsibilities'));
    return Array.from({ length: q.length / K }, (_, n) => [...q.subarray(n * K, (n + 1) * K)]);
  }

  /**
   * The M-step: the mixture of the same kind that maximises F(q, ·) for these q [n, K]. A component without any rows
   * keeps its place, with weight 0.
   *
   * @param options.floor least variance along any axis; see {@link GaussianMixtureOptions}
   */
  maximize(x: SampleInput, q: readonly (readonly number[])[], options: { floor?: number } = {}): GaussianMixture {
    takes('GaussianMixture.maximize', ['x', x, sampleInput], ['q', q, matrix], ['options', options, object()]);
    const { floor = 0 } = options;
    const rows = this.rows(x, 'maximize');
    const { n } = rows;
    if (q.length !== n || q.some((row) => row.length !== this.components)) {
      throw new RangeError(
        `GaussianMixture: maximize expects ${n} rows of ${this.components} responsibilities; found ${q.length} rows.`,
      );
    }
    const shares = Float64Array.from(q.flat());
    return this.fromMoments((k, diagonal) => finished(weightedMoments(rows, { q: shares, k, diagonal })), floor);
  }

  /** F(q, θ) for any q [n, K] whose rows sum to 1, in nats per sample. */
  evidenceLowerBound(x: SampleInput, q: readonly (readonly number[])[]): number {
    takes('GaussianMixture.evidenceLowerBound', ['x', x, sampleInput]);
    const rows = this.rows(x, 'evidenceLowerBound');
    const { components: K } = this;
    takes('GaussianMixture.evidenceLowerBound', ['q', q, matrixOf(rows.n, K)]);
    const joint = new Float64Array(rows.n * K);
    this.joint(rows, joint, 0, rows.n);
    let sum = 0;
    for (let n = 0; n < rows.n; n++) {
      q[n]!.forEach((share, k) => (sum += share > 0 ? share * (joint[n * K + k]! - Math.log(share)) : 0));
    }
    return sum / rows.n;
  }

  /** Draws: a component from π, then x from it; [count, d]. */
  sample(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    takes('GaussianMixture.sample', ['count', count, whole(1)], ['options', options, object()]);
    const { seed = defaultSeed() } = options;
    checkCount('GaussianMixture.sample', count);
    const stream = randomStream(seed, 'Gaussian mixture');
    const d = this.means[0]!.length;
    const draws = Array.from({ length: count }, () => this.gaussians[this.draw(stream)]!.at(stream.normals(d)));
    return tf.tensor2d(draws, [count, d]);
  }

  /**
   * Schwarz's (1978) Bayesian information criterion of the rows, −2 Σ_i log p(x_i) + P log n in nats, with P free
   * parameters: among mixtures with several K, prefer the one with the least.
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

  /** log π_k N(x; μ_k, Σ_k) of rows start to end, into their places in [n, K]. */
  private joint({ values, d }: FlatRows, joint: Float64Array, start: number, end: number): void {
    const { components: K, gaussians, weights } = this;
    for (let k = 0; k < K; k++) {
      const logWeight = Math.log(weights[k]!);
      const gaussian = gaussians[k]!;
      for (let n = start; n < end; n++) joint[n * K + k] = logWeight + gaussian.logProb(values, n * d);
    }
  }

  /** The E-step of rows start to end: q into its places in [n, K]; log p(x) into [n]. */
  private expectBlock(rows: FlatRows, q: Float64Array, logProbs: Float64Array, start: number, end: number): void {
    const { components: K } = this;
    this.joint(rows, q, start, end);
    for (let n = start; n < end; n++) {
      const row = q.subarray(n * K, (n + 1) * K);
      const evidence = logSumExp(row);
      for (let k = 0; k < K; k++) row[k] = Math.exp(row[k]! - evidence);
      logProbs[n] = evidence;
    }
  }

  private expectation(rows: FlatRows): { q: Float64Array; logProbs: Float64Array } {
    const [q, logProbs] = [new Float64Array(rows.n * this.components), new Float64Array(rows.n)];
    this.expectBlock(rows, q, logProbs, 0, rows.n);
    return { q, logProbs };
  }

  /** Writes the E-step into q [n, K], with pauses for other work, and returns the mean of log p(x). */
  private async expect(rows: FlatRows, q: Float64Array): Promise<number> {
    const logProbs = new Float64Array(rows.n);
    const due = turns();
    for (let start = 0; start < rows.n; start += BLOCK) {
      this.expectBlock(rows, q, logProbs, start, Math.min(rows.n, start + BLOCK));
      if (due()) await otherWork();
    }
    return logProbs.reduce((sum, value) => sum + value, 0) / rows.n;
  }

  /** The M-step, with pauses for other work. */
  private async maximized(rows: FlatRows, q: Float64Array, floor: number): Promise<GaussianMixture> {
    const due = turns();
    const found: (Moments | undefined)[] = [];
    for (const [k, covariance] of this.covariances.entries()) {
      const steps = weightedMoments(rows, { q, k, diagonal: isDiagonal(covariance) });
      let step = steps.next();
      for (; !step.done; step = steps.next()) if (due()) await otherWork();
      found.push(step.value);
    }
    return this.fromMoments((k) => found[k], floor);
  }

  /** The mixture with these moments. A component without any rows keeps its place. */
  private fromMoments(moments: (k: number, diagonal: boolean) => Moments | undefined, floor: number): GaussianMixture {
    const parts = this.covariances.map((covariance, k) => {
      const found = moments(k, isDiagonal(covariance));
      if (!found) return { weight: 0, mean: this.means[k]!, covariance };
      return { ...found, covariance: atLeast(floor, found.covariance) };
    });
    return new GaussianMixture({
      weights: parts.map(({ weight }) => weight),
      means: parts.map(({ mean }) => mean),
      covariances: parts.map(({ covariance }) => covariance),
    });
  }

  /** Each cluster of k-means as a component. */
  private static async fromClusters(
    rows: FlatRows,
    { components: K, covariance, seed }: z.output<typeof schema>,
    floor: number,
  ): Promise<GaussianMixture> {
    const { n, d } = rows;
    const lloyd = new Lloyd(rows, await firstCentres(rows, K, randomStream(seed, 'k-means')));
    await lloyd.assign();
    for (let step = 0; step < 20 && lloyd.move(); step++) await lloyd.assign();
    const means = Array.from({ length: K }, (_, k) => [...lloyd.centres.subarray(k * d, (k + 1) * d)]);
    const identity = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0)));
    const start = new GaussianMixture({
      weights: means.map(() => 1 / K),
      means,
      covariances: means.map(() => (covariance === 'diagonal' ? identity.map(() => 1) : identity)),
    });
    const q = new Float64Array(n * K).fill(SHARED / K);
    lloyd.assignments.forEach((k, row) => (q[row * K + k]! += 1 - SHARED));
    return start.maximized(rows, q, floor);
  }

  private draw(stream: RandomStream): number {
    let left = stream.uniform();
    const found = this.weights.findIndex((weight) => (left -= weight) < 0);
    return found >= 0 ? found : this.weights.findLastIndex((weight) => weight > 0);
  }

  private rows(x: SampleInput, verb: string): FlatRows {
    return flatRows(x, `GaussianMixture: ${verb}`, this.means[0]!.length);
  }
}

/** How much of each row all components share at the start, so that none is without rows. */
const SHARED = 1e-3;

/** A component whose shares sum to less than this counts as having no rows: its moments would be rounding errors. */
const LEAST_SHARE = 1e-12;

interface Moments {
  /** π: the mean of the shares. */
  weight: number;
  mean: number[];
  covariance: Covariance;
}

/** Rows between two looks at whether other work is due. */
const BLOCK = 64;

/**
 * Mean and covariance of the rows, row n counted q[n, k] times; undefined if the shares sum to nothing. It pauses after
 * every block of rows.
 */
function* weightedMoments(
  { values, n, d }: FlatRows,
  { q, k, diagonal }: { q: Float64Array; k: number; diagonal: boolean },
): Generator<void, Moments | undefined> {
  const K = q.length / n;
  let total = 0;
  for (let row = 0; row < n; row++) total += q[row * K + k]!;
  if (total < LEAST_SHARE) return undefined;
  const mean = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    const share = q[row * K + k]!;
    if (share === 0) continue;
    for (let i = 0; i < d; i++) mean[i]! += share * values[row * d + i]!;
    if (row % BLOCK === 0) yield;
  }
  for (let i = 0; i < d; i++) mean[i]! /= total;
  const sums = new Float64Array(diagonal ? d : d * d);
  const centred = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    const share = q[row * K + k]!;
    if (share === 0) continue;
    for (let i = 0; i < d; i++) centred[i] = values[row * d + i]! - mean[i]!;
    addProducts(sums, centred, share, diagonal);
    if (row % BLOCK === 0) yield;
  }
  const covariance = diagonal ? Array.from(sums, (sum) => sum / total) : symmetric(sums, d, total);
  return { weight: total / n, mean: [...mean], covariance };
}

/** Adds share · x xᵀ to the sums: its lower half, or its diagonal alone. */
function addProducts(sums: Float64Array, x: Float64Array, share: number, diagonal: boolean): void {
  const d = x.length;
  for (let i = 0; i < d; i++) {
    const part = share * x[i]!;
    if (diagonal) sums[i]! += part * x[i]!;
    else for (let j = 0, at = i * d; j <= i; j++, at++) sums[at]! += part * x[j]!;
  }
}

/** The symmetric matrix [d, d] whose lower half holds these sums, divided by the total. */
function symmetric(sums: Float64Array, d: number, total: number): number[][] {
  const at = (i: number, j: number) => sums[Math.max(i, j) * d + Math.min(i, j)]! / total;
  return Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => at(i, j)));
}

/** Runs a computation that pauses to its end, without the pauses, and returns its result. */
function finished<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The floor for these rows. Where they do not vary at all, any positive floor does. */
function defaultFloor(rows: FlatRows): number {
  const { values, n, d } = rows;
  const mean = meanOf(rows);
  let sum = 0;
  for (let row = 0; row < n; row++) sum += squaredDistanceAt(values, row * d, mean, 0, d);
  return 1e-6 * (sum / (n * d) || 1);
}
