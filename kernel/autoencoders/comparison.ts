/** Whether two sides of an identity agree, each known exactly or by an estimate. */
import { list, object, takes, type Kind } from './arguments';

/** A Monte Carlo mean and how far it may be off: its standard deviation over repetitions. */
export interface Estimate {
  /** The mean. */
  value: number;
  /** 0 for a number that is exact. */
  standardError: number;
}

/** How the left side stands to the right one. */
export type Relation = '=' | '≤' | '≥';

/**
 * The result of {@link compare}: both sides, and whether they agree within the tolerance.
 */
export interface Comparison {
  /** The left side, with its standard error. */
  left: Estimate;
  /** The right side, with its standard error. */
  right: Estimate;
  /** How the left side has to stand to the right one. */
  relation: Relation;
  /** left − right. */
  difference: number;
  /** How far the difference may be on the wrong side. */
  tolerance: number;
  /** Whether it does, within {@link tolerance}. */
  ok: boolean;
}

/** Options of {@link compare}. */
export interface CompareOptions {
  /** Default `=`. */
  relation?: Relation;
  /** Absolute, beside what the standard errors allow. Default 1e-5 · max(1, |right|), as float32 sums need. */
  tolerance?: number;
  /** How many standard errors of the difference are allowed. Default 4: a right identity fails once in 16,000. */
  standardErrors?: number;
}

/** Holds the left side against the right one; NaN on either side agrees with nothing. */
export function compare(left: number | Estimate, right: number | Estimate, options: CompareOptions = {}): Comparison {
  takes('compare', ['options', options, object()]);
  const { relation = '=', tolerance, standardErrors = 4 } = options;
  const [l, r] = [asEstimate(left), asEstimate(right)];
  const absolute = tolerance ?? 1e-5 * Math.max(1, Math.abs(r.value));
  const allowed = absolute + standardErrors * Math.hypot(l.standardError, r.standardError);
  const difference = l.value - r.value;
  return { left: l, right: r, relation, difference, tolerance: allowed, ok: holds(difference, relation, allowed) };
}

function holds(difference: number, relation: Relation, allowed: number): boolean {
  switch (relation) {
    case '=':
      return Math.abs(difference) <= allowed;
    case '≤':
      return difference <= allowed;
    case '≥':
      return difference >= -allowed;
  }
}

const numberOrEstimate: Kind = (value) => {
  const { value: mean, standardError } = (value ?? {}) as Partial<Estimate>;
  const isEstimate = typeof mean === 'number' && typeof standardError === 'number';
  return typeof value === 'number' || isEstimate ? undefined : 'a number or an estimate { value, standardError }';
};

/** A number as an estimate without an error; an estimate as it is. */
export function asEstimate(side: number | Estimate): Estimate {
  takes('compare', ['side', side, numberOrEstimate]);
  return typeof side === 'number' ? { value: side, standardError: 0 } : side;
}

/**
 * The mean of independent draws, with the standard error √(s²/n) of its unbiased sample variance s².
 *
 * @throws RangeError for fewer than two draws
 */
export function estimate(draws: ArrayLike<number>): Estimate {
  takes('estimate', ['draws', draws, list]);
  const n = draws.length;
  if (n < 2) throw new RangeError(`A standard error needs at least two draws; found ${n}.`);
  const values = Array.from(draws);
  const value = values.reduce((sum, draw) => sum + draw, 0) / n;
  const squares = values.reduce((sum, draw) => sum + (draw - value) ** 2, 0);
  return { value, standardError: Math.sqrt(squares / (n - 1) / n) };
}
