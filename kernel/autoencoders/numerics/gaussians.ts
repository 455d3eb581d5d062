/** Gaussians of one number, by their means and variances, in float64. */
import { finite, positive, takes } from '../arguments';

/** log N(x; mean, variance) = −½ [log 2π·variance + (x − mean)² / variance], in nats. */
export function normalLogDensity(x: number, mean: number, variance: number): number {
  takes('normalLogDensity', ['x', x, finite], ['mean', mean, finite], ['variance', variance, positive]);
  return -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) ** 2 / variance);
}

/**
 * KL(N(mean, variance) ‖ N(otherMean, otherVariance)) in nats:
 * ½ [log(s²/σ²) + (σ² + (μ − m)²)/s² − 1] for N(μ, σ²) and N(m, s²). Against N(0, 1) unless told otherwise.
 */
export function normalDivergence(mean: number, variance: number, otherMean = 0, otherVariance = 1): number {
  takes('normalDivergence', ['mean', mean, finite], ['variance', variance, positive]);
  takes('normalDivergence', ['otherMean', otherMean, finite], ['otherVariance', otherVariance, positive]);
  const ratio = Math.log(otherVariance / variance);
  return 0.5 * (ratio + (variance + (mean - otherMean) ** 2) / otherVariance - 1);
}
