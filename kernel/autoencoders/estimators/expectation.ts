/** Expectations by draws, and what is computed from them, with standard errors. */
import { callable, list, modelWith, object, optional, takes, whole } from '../arguments';
import { asEstimate, estimate } from '../comparison';
import type { Estimate } from '../comparison';
import { defaultSeed, randomStream } from '../random';

/** What {@link expectation} draws from; every {@link MultivariateGaussian} is one. */
export interface DrawnDistribution {
  /** k, the entries of a draw. */
  readonly dimensions: number;
  /** A draw [k] from ε [k] of N(0, 1). */
  draw(epsilon: ArrayLike<number>): number[];
}

/** Options of {@link expectation}. */
export interface ExpectationOptions {
  /** How many draws. Default 10,000. */
  draws?: number;
  /** Default: the session's seed. */
  seed?: number;
}

/**
 * E_q[f(z)] by independent draws z ~ q, with its standard error, in the unit of f.
 *
 * ```ts
 * await check(String.raw`\mathbb E_q[\log q(z)]`, (seed) => expectation(q, (z) => q.logDensity(z), { seed }), () => -q.entropy());
 * ```
 *
 * @param q has k dimensions
 * @param f of a draw [k]; a number
 * @throws RangeError for fewer than two draws
 */
export function expectation(
  q: DrawnDistribution,
  f: (z: number[]) => number,
  options: ExpectationOptions = {},
): Estimate {
  takes('expectation', ['q', q, modelWith('draw')], ['f', f, callable], ['options', options, object()]);
  takes('expectation', ['draws', options.draws, optional(whole(2))]);
  const { draws = 10_000, seed = defaultSeed() } = options;
  const stream = randomStream(seed, 'expectation');
  const values = new Float64Array(draws);
  for (let i = 0; i < draws; i++) values[i] = f(q.draw(stream.normals(q.dimensions)));
  return estimate(values);
}

/**
 * A function of independent estimates, with the standard error that theirs leave to it, to first order: the square root
 * of Σ (∂f/∂eᵢ · sᵢ)² (the delta method).
 *
 * ```ts
 * propagate((weight) => Math.log(weight), expectation(q, (z) => Math.exp(logWeight(z)), { seed }));
 * ```
 *
 * @param f of the values; its derivatives are taken by differences of a thousandth of a standard error
 */
export function propagate(f: (...values: number[]) => number, ...estimates: (number | Estimate)[]): Estimate {
  takes('propagate', ['f', f, callable], ['estimates', estimates, list]);
  const known = estimates.map(asEstimate);
  const values = known.map(({ value }) => value);
  const squares = known.map(({ standardError }, i) => {
    if (standardError === 0) return 0;
    const step = 1e-3 * standardError;
    const at = (shift: number) => f(...values.map((value, j) => (i === j ? value + shift : value)));
    return (((at(step) - at(-step)) / (2 * step)) * standardError) ** 2;
  });
  return { value: f(...values), standardError: Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) };
}
