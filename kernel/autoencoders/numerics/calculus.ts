/** Derivatives and integrals of functions of one number, in float64. */
import { callable, finite, object, optional, positive, takes, whole } from '../arguments';

/** `count` numbers from `from` to `to`, both included, at equal distances. */
export function linspace(from: number, to: number, count: number): number[] {
  takes('linspace', ['from', from, finite], ['to', to, finite], ['count', count, whole(2)]);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? to : from + ((to - from) * i) / (count - 1)));
}

/**
 * df/dx at x by the central difference (f(x + h) − f(x − h)) / 2h, with an error of O(h²).
 *
 * @param options.step h; default 1e-5, where rounding and the error of the formula are about equal in float64
 */
export function derivative(f: (x: number) => number, at: number, options: { step?: number } = {}): number {
  takes('derivative', ['f', f, callable], ['at', at, finite], ['options', options, object()]);
  const { step = 1e-5 } = options;
  takes('derivative', ['step', step, positive]);
  return (f(at + step) - f(at - step)) / (2 * step);
}

/**
 * ∫ f(x) dx from `from` to `to` by Simpson's rule, whose error is O(h⁴) for intervals of length h.
 *
 * @param options.intervals an even number; default 2000
 * @throws RangeError for an odd number of intervals
 */
export function integrate(
  f: (x: number) => number,
  from: number,
  to: number,
  options: { intervals?: number } = {},
): number {
  takes('integrate', ['f', f, callable], ['from', from, finite], ['to', to, finite], ['options', options, object()]);
  takes('integrate', ['intervals', options.intervals, optional(whole(2))]);
  const { intervals = 2000 } = options;
  if (intervals % 2 !== 0) throw new RangeError(`integrate takes an even number of intervals; found ${intervals}.`);
  const h = (to - from) / intervals;
  let total = f(from) + f(to);
  for (let i = 1; i < intervals; i++) total += (i % 2 === 1 ? 4 : 2) * f(from + i * h);
  return (total * h) / 3;
}
