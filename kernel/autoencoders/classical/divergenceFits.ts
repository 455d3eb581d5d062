/**
 * The Gaussian q = N(μ, σ²) that is nearest to a mixture p of Gaussians in one dimension, by either Kullback–Leibler
 * divergence (Bishop 2006, section 10.1.2), in float64.
 *
 *   forward  argmin_q KL(p‖q) = argmin_q E_p[log p − log q]: q has the mean and the variance of p, and covers all modes
 *   reverse  argmin_q KL(q‖p) = argmin_q E_q[log q − log p]: q has to be small where p is, and seeks one mode
 */
import { finite, object, positive, takes } from '../arguments';
import { isDiagonal } from './gaussianComponent';
import type { GaussianMixture } from './gaussianMixture';

/** A Gaussian fitted to another distribution, and the divergence that is left, in nats. */
export interface GaussianFit {
  /** μ. */
  mean: number;
  /** σ². */
  variance: number;
  /** In nats: KL(p‖q) of a forward fit, KL(q‖p) of a reverse one. */
  divergence: number;
}

/**
 * argmin KL(p‖q), by moments: μ = Σ π_k μ_k and σ² = Σ π_k (σ_k² + μ_k²) − μ².
 *
 * @throws RangeError for a mixture of more than one dimension
 */
export function forwardFit(p: GaussianMixture): GaussianFit {
  takes('forwardFit', ['p', p, object('weights', 'means', 'covariances')]);
  const parts = oneDimensional(p);
  const mean = sum(parts.map((part) => part.weight * part.mean));
  const variance = sum(parts.map((part) => part.weight * (part.variance + (part.mean - mean) ** 2)));
  return { mean, variance, divergence: forwardDivergence(p, mean, variance) };
}

/** KL(p‖N(mean, variance)) in nats, by quadrature over each component of p. */
export function forwardDivergence(p: GaussianMixture, mean: number, variance: number): number {
  takes(
    'forwardDivergence',
    ['p', p, object('weights', 'means', 'covariances')],
    ['mean', mean, finite],
    ['variance', variance, positive],
  );
  const ratio = (x: number) => logMixture(p, x) - logNormal(x, mean, variance);
  return sum(oneDimensional(p).map((part) => part.weight * expectation(part.mean, part.variance, ratio)));
}

/** KL(N(mean, variance)‖p) in nats, by quadrature. */
export function reverseDivergence(p: GaussianMixture, mean: number, variance: number): number {
  takes(
    'reverseDivergence',
    ['p', p, object('weights', 'means', 'covariances')],
    ['mean', mean, finite],
    ['variance', variance, positive],
  );
  oneDimensional(p);
  return expectation(mean, variance, (x) => logNormal(x, mean, variance) - logMixture(p, x));
}

/**
 * The local minima of KL(q‖p), the best first: natural-gradient descent on (μ, log σ) from each start, until it no longer
 * falls. Starts that end in the same minimum give one fit.
 *
 * @param options.starts first values of μ; σ² starts as that of the nearest component. Default: the components' means
 *   and p's own mean
 * @throws RangeError for a mixture of more than one dimension
 */
export function reverseFits(p: GaussianMixture, options: { starts?: readonly number[] } = {}): GaussianFit[] {
  takes('reverseFits', ['p', p, object('weights', 'means', 'covariances')], ['options', options, object()]);
  const parts = oneDimensional(p);
  const starts = options.starts ?? [...parts.map(({ mean }) => mean), forwardFit(p).mean];
  const found: GaussianFit[] = [];
  for (const start of starts) {
    const nearest = parts.reduce((a, b) => (Math.abs(b.mean - start) < Math.abs(a.mean - start) ? b : a));
    const fit = descend(p, start, nearest.variance);
    const scale = Math.sqrt(fit.variance);
    const known = found.some(
      (one) => Math.abs(one.mean - fit.mean) < 1e-3 * scale && Math.abs(one.variance / fit.variance - 1) < 1e-3,
    );
    if (!known) found.push(fit);
  }
  return found.sort((a, b) => a.divergence - b.divergence);
}

const MOST_STEPS = 1000;
/** The least gain of a step that is still worth taking, in nats. */
const LEAST_GAIN = 1e-14;

/**
 * Steps along the gradient in the Fisher metric of q, diag(1/σ², 2) in (μ, log σ), halved until the divergence falls.
 * With x = μ + σu: ∂KL/∂μ = −E[∂ log p(x)] and ∂KL/∂log σ = −1 − E[∂ log p(x) σu].
 */
function descend(p: GaussianMixture, startMean: number, startVariance: number): GaussianFit {
  let fit: GaussianFit = {
    mean: startMean,
    variance: startVariance,
    divergence: reverseDivergence(p, startMean, startVariance),
  };
  for (let step = 0; step < MOST_STEPS; step++) {
    const { mean, variance, divergence } = fit;
    const byMean = -expectation(mean, variance, (x) => slopeOfLog(p, x));
    const byLogDeviation = -1 - expectation(mean, variance, (x) => slopeOfLog(p, x) * (x - mean));
    let next = fit;
    for (let rate = 1; rate > 1e-6 && next === fit; rate /= 2) {
      const moved = mean - rate * variance * byMean;
      const scaled = variance * Math.exp(-rate * byLogDeviation);
      const reached = reverseDivergence(p, moved, scaled);
      if (reached < divergence) next = { mean: moved, variance: scaled, divergence: reached };
    }
    if (divergence - next.divergence < LEAST_GAIN) return next;
    fit = next;
  }
  return fit;
}

interface Part {
  weight: number;
  mean: number;
  variance: number;
}

function oneDimensional({ weights, means, covariances }: GaussianMixture): Part[] {
  return weights.map((weight, k) => {
    const [mean, covariance] = [means[k]!, covariances[k]!];
    if (mean.length !== 1) {
      throw new RangeError(`Fits by a divergence are of one dimension; found a mixture of ${mean.length}.`);
    }
    return { weight, mean: mean[0]!, variance: isDiagonal(covariance) ? covariance[0]! : covariance[0]![0]! };
  });
}

/** Half the width of the grid, in standard deviations; beyond it lies a probability of 1e-33. */
const RANGE = 12;
const SPACING = 1 / 32;

/** E[f(x)] for x from N(mean, variance), by the trapezoidal rule, which converges exponentially for such integrands. */
function expectation(mean: number, variance: number, f: (x: number) => number): number {
  const deviation = Math.sqrt(variance);
  let total = 0;
  for (let u = -RANGE; u <= RANGE; u += SPACING) {
    total += (Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI)) * f(mean + deviation * u) * SPACING;
  }
  return total;
}

function logNormal(x: number, mean: number, variance: number): number {
  return -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) ** 2 / variance);
}

function logMixture(p: GaussianMixture, x: number): number {
  return p.logProb([[x]])[0]!;
}

/** ∂ log p(x)/∂x = −Σ_k p(k|x) (x − μ_k)/σ_k². */
function slopeOfLog(p: GaussianMixture, x: number): number {
  const [posterior] = p.responsibilities([[x]]);
  return -sum(oneDimensional(p).map((part, k) => (posterior![k]! * (x - part.mean)) / part.variance));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
