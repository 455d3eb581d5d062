/** How well a run is: figures that every training reports, and what models compute theirs from. */
import { numbers, takes, whole } from '../arguments';
import { perplexity } from '../metrics/codebook';

/** The diagnostics of a training at the end of an epoch. */
export interface TrainingDiagnostics {
  /**
   * Euclidean norm of the gradient over all weights, before it is clipped. The mean over the epoch's steps is weighted
   * by their samples.
   */
  gradientNorm: { mean: number; largest: number };
  /** Samples per second over the epoch's steps. Reading data counts, validation does not. */
  samplesPerSecond: number;
  /** Tensors that TensorFlow.js holds: a number that grows from epoch to epoch is a leak. */
  tensorsAlive: number;
  /** The most main memory that this process has had, in MiB. */
  peakMemory: number;
  /** Weight of the Kullback–Leibler divergence over that of the reconstruction; null for losses without a divergence. */
  effectiveBeta: number | null;
  /**
   * What the model last reported of itself: after this epoch, or after an earlier one where reporting would have slowed
   * the training down. Null for a model that reports nothing.
   */
  model: Readonly<Record<string, number | number[]>> | null;
}

/** A sentence for the notes below a loss curve. */
export function diagnosticsText({
  gradientNorm,
  samplesPerSecond,
  tensorsAlive,
  peakMemory,
  ...rest
}: TrainingDiagnostics): string {
  const beta = rest.effectiveBeta === null ? '' : `effective β ${digits(rest.effectiveBeta)}; `;
  const model = Object.entries(rest.model ?? {})
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
    .map(([name, value]) => `${words(name)} ${digits(value)}; `);
  return (
    `Last epoch: ${beta}${model.join('')}gradient norm ${digits(gradientNorm.mean)} on average, at most ` +
    `${digits(gradientNorm.largest)}; ${Math.round(samplesPerSecond).toLocaleString('en-US')} samples a second; ${tensorsAlive} tensors; at most ` +
    `${Math.round(peakMemory)} MiB of memory.`
  );
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** `activeUnits` as `active units`. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Main memory of this process at its highest, in MiB. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** Dimensions with Var_x(E[z|x]) above this are active: Burda, Grosse and Salakhutdinov 2015, section 5.2. */
const ACTIVE = 0.01;

/**
 * The diagnostics of latents with diagonal Gaussian posteriors q(z|x) of some samples and the prior N(0, I).
 *
 * @param mu their means, [n, k] row by row
 * @param logVar the logarithms of their variances, [n, k]
 * @returns `activeUnits`; `klPerDimension`, nats, mean over the samples: [k]; `variancePerDimension`, Var_x(E[z|x]): [k], by
 *   which units are active; `mutualInformation`, nats: the estimate of
 *   I(x; z) = E_x KL(q(z|x) ‖ q(z)) that Hoffman and Johnson 2016 split the divergence with, where q(z) is the mixture of
 *   these n posteriors, at one draw from each; at most ln n; `priorMismatch`, nats: Σ_j KL(N(m_j, v_j) ‖ N(0, 1)) for the
 *   mean and the variance of q(z) in each dimension, 0 where draws from the prior fall where the data are
 * @param draws standard normal, [n, k]
 */
export function latentDiagnostics(
  mu: ArrayLike<number>,
  logVar: ArrayLike<number>,
  k: number,
  draws: ArrayLike<number>,
): {
  activeUnits: number;
  mutualInformation: number;
  priorMismatch: number;
  klPerDimension: number[];
  variancePerDimension: number[];
} {
  takes(
    'latentDiagnostics',
    ['mu', mu, numbers],
    ['logVar', logVar, numbers],
    ['k', k, whole(1)],
    ['draws', draws, numbers],
  );
  const n = mu.length / k;
  const means = new Array<number>(k).fill(0);
  const squares = new Array<number>(k).fill(0);
  const kl = new Array<number>(k).fill(0);
  for (let i = 0; i < n * k; i++) {
    const [j, m, v] = [i % k, mu[i]!, logVar[i]!];
    means[j]! += m / n;
    kl[j]! += (m * m + Math.exp(v) - 1 - v) / 2 / n;
  }
  for (let i = 0; i < n * k; i++) squares[i % k]! += (mu[i]! - means[i % k]!) ** 2 / n;
  const activeUnits = squares.filter((variance) => variance > ACTIVE).length;
  const spread = squares.map((square, j) => square + meanVariance(logVar, k, j));
  const mismatch = means.map((m, j) => (m * m + spread[j]! - 1 - Math.log(spread[j]!)) / 2);
  return {
    activeUnits,
    mutualInformation: mutualInformation(mu, logVar, k, draws),
    priorMismatch: mismatch.reduce((sum, nats) => sum + nats, 0),
    klPerDimension: kl,
    variancePerDimension: squares,
  };
}

/** How many dimensions of the means [n, k], row by row, tell samples apart: Var_x(E[z|x]) > .01 (see above). */
export function activeUnits(mu: ArrayLike<number>, k: number): number {
  const n = mu.length / k;
  const [means, squares] = [new Array<number>(k).fill(0), new Array<number>(k).fill(0)];
  for (let i = 0; i < n * k; i++) means[i % k]! += mu[i]! / n;
  for (let i = 0; i < n * k; i++) squares[i % k]! += (mu[i]! - means[i % k]!) ** 2 / n;
  return squares.filter((variance) => variance > ACTIVE).length;
}

/** Mean over the samples of σ² in dimension j. */
function meanVariance(logVar: ArrayLike<number>, k: number, j: number): number {
  let sum = 0;
  for (let i = j; i < logVar.length; i += k) sum += Math.exp(logVar[i]!);
  return sum / (logVar.length / k);
}

/** Densities so many nats below another change the estimate by less than 1e-10 nats for each of them. */
const NEGLIGIBLE = 25;

/** Mean over i of log q(z_i|x_i) − log (1/n) Σ_j q(z_i|x_j), the constants −½ log 2π left out of both. */
function mutualInformation(
  mu: ArrayLike<number>,
  logVar: ArrayLike<number>,
  k: number,
  draws: ArrayLike<number>,
): number {
  const n = mu.length / k;
  // A sum over these dimensions first is soon too large where posteriors lie apart.
  const order = mostTelling(mu, logVar, k);
  const arranged = (value: (at: number) => number) =>
    Float64Array.from({ length: n * k }, (_, at) => value(at - (at % k) + order[at % k]!));
  const means = arranged((at) => mu[at]!);
  const precision = arranged((at) => Math.exp(-logVar[at]!));
  const z = arranged((at) => mu[at]! + Math.exp(logVar[at]! / 2) * draws[at]!);
  const logDet = Float64Array.from({ length: n }, (_, j) => {
    let sum = 0;
    for (let d = 0; d < k; d++) sum += logVar[j * k + d]!;
    return sum;
  });
  /** log |Σ_j| + (z_i − μ_j)ᵀ Σ_j⁻¹ (z_i − μ_j): −2 log q(z_i|x_j); some number above `limit` where it is above that. */
  const deviance = (i: number, j: number, limit: number): number => {
    let sum = logDet[j]!;
    for (let d = 0; d < k && sum <= limit; d++) {
      const distance = z[i * k + d]! - means[j * k + d]!;
      sum += distance * distance * precision[j * k + d]!;
    }
    return sum;
  };
  let information = 0;
  for (let i = 0; i < n; i++) {
    // q(z_i|x_i) is one of the densities in the mean, so what is negligible beside it is so in the mean.
    const own = deviance(i, i, Infinity);
    const limit = own + 2 * NEGLIGIBLE;
    let sum = 0;
    for (let j = 0; j < n; j++) {
      const other = deviance(i, j, limit);
      if (other <= limit) sum += Math.exp((own - other) / 2);
    }
    information -= Math.log(sum / n) / n;
  }
  return information;
}

/** Dimensions by how far apart they hold samples, farthest first: the variance of their means by that of the posteriors. */
function mostTelling(mu: ArrayLike<number>, logVar: ArrayLike<number>, k: number): number[] {
  const n = mu.length / k;
  const apart = Array.from({ length: k }, (_, d) => {
    let [sum, squares, precision] = [0, 0, 0];
    for (let at = d; at < n * k; at += k) {
      sum += mu[at]!;
      squares += mu[at]! * mu[at]!;
      precision += Math.exp(-logVar[at]!);
    }
    return (squares / n - (sum / n) ** 2) * precision;
  });
  return Array.from(apart.keys()).sort((a, b) => apart[b]! - apart[a]!);
}

/**
 * The diagnostics of a codebook, from the codes that some samples have.
 *
 * @param codes indices into a codebook of this size
 * @returns `codebookUsage`, the share of codes that occur; `codebookPerplexity`, e to the entropy of their frequencies;
 *   `deadCodes`, how many do not occur
 */
export function codebookDiagnostics(
  codes: Iterable<number>,
  size: number,
): { codebookUsage: number; codebookPerplexity: number; deadCodes: number } {
  takes('codebookDiagnostics', ['codes', codes, numbers], ['size', size, whole(1)]);
  const counts = new Int32Array(size);
  for (const code of codes) counts[code]! += 1;
  const deadCodes = counts.filter((count) => count === 0).length;
  return { codebookUsage: 1 - deadCodes / size, codebookPerplexity: perplexity(counts), deadCodes };
}
