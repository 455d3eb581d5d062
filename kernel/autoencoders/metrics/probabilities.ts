/** Entropy and divergence of distributions over finitely many values, given as their probabilities. */
import { numbers, numbersOf, takes, type Kind } from '../arguments';

/** How far a sum of probabilities may be from 1: float32 rounding over a few hundred of them. */
const ROUNDING = 1e-4;

/** H(p) = −Σ_k p_k log p_k in nats, with 0 log 0 = 0. `discreteEntropy` counts values that were drawn. */
export function categoricalEntropy(p: ArrayLike<number>): number {
  takes('categoricalEntropy', ['p', p, probabilities]);
  return -Array.from(p).reduce((sum, value) => sum + (value > 0 ? value * Math.log(value) : 0), 0);
}

/**
 * KL(q ‖ p) = Σ_k q_k log(q_k / p_k) in nats, with 0 log 0 = 0; infinite where p excludes a value that q has.
 *
 * @param q probabilities [K]
 * @param p as many
 */
export function categoricalDivergence(q: ArrayLike<number>, p: ArrayLike<number>): number {
  takes('categoricalDivergence', ['q', q, probabilities]);
  takes('categoricalDivergence', ['p', p, numbersOf(q.length)], ['p', p, probabilities]);
  return Array.from(q).reduce((sum, value, k) => sum + (value > 0 ? value * Math.log(value / p[k]!) : 0), 0);
}

const probabilities: Kind = (value) => {
  const wanted = 'a list of probabilities that sum to 1';
  if (numbers(value) !== undefined) return wanted;
  const list = Array.from(value as ArrayLike<number>);
  const sum = list.reduce((total, one) => total + one, 0);
  return list.every((one) => one >= 0) && Math.abs(sum - 1) < ROUNDING ? undefined : `${wanted} (theirs is ${sum})`;
};
