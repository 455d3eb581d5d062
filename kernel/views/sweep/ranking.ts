/** Which run is the best one by a metric: one rule for the view, its picture and `select`. */
import { quartiles } from './statistics';
import type { Better } from '../types';

/** Words of metrics that fall as models become better, and of those that rise. */
const LOWER = /error|loss|mse|rmse|mae|\bnll\b|negative|fr[eé]chet|\bfid\b|bits|divergence|\bkl\b|distance|regret/i;
const HIGHER =
  /elbo|bound|likelihood|auc|auroc|accuracy|score|\bmig\b|\bsap\b|\bdci\b|precision|recall|\bf1\b|psnr|ssim|active|usage/i;
/** Terms of a loss, and what a run costs. */
const TERMS = /(^|\.)(total|reconstruction|distortion|rate|commitment|codebook|perplexity|seconds)$/i;

/** Which way of a metric is better, by the words of its name. */
export function usualWay(name: string): Better {
  if (LOWER.test(name)) return 'lower';
  return HIGHER.test(name) ? 'higher' : null;
}

/** The same for what a run reports, where names are also those of a loss's terms. */
export function wayOfMetric(name: string): Better {
  return usualWay(name) ?? (TERMS.test(name) ? 'lower' : null);
}

/**
 * The places of runs from the best to the worst; those without a value are left out. Equal ones stay in their order.
 *
 * @param values NaN where there is none
 */
export function ranked(values: ArrayLike<number>, better: 'lower' | 'higher', among: Iterable<number>): number[] {
  const way = better === 'lower' ? 1 : -1;
  return [...among].filter((i) => Number.isFinite(values[i]!)).sort((a, b) => way * (values[a]! - values[b]!) || a - b);
}

/**
 * Groups of runs, the one with the best median first; those without a value are left out.
 *
 * @returns each with its median and its runs, the best first
 */
export function rankedByMedian(
  values: ArrayLike<number>,
  better: 'lower' | 'higher',
  groups: readonly (readonly number[])[],
): { median: number; runs: number[] }[] {
  const found = groups
    .map((runs) => ({ median: quartiles(runs.map((run) => values[run]!)).median, runs: ranked(values, better, runs) }))
    .filter(({ median }) => Number.isFinite(median));
  const order = ranked(
    Float64Array.from(found, ({ median }) => median),
    better,
    found.keys(),
  );
  return order.map((i) => found[i]!);
}
