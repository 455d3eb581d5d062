/** Values that are missing: NaN in x. */
import * as tf from '@tensorflow/tfjs';
import { ConfigurationError } from '../config';
import { optional, takes, tensor, tensorLike } from '../arguments';

/** Where values are: [n, d], true and false; undefined if none may be missing. */
export type There = tf.Tensor2D | undefined;

/** x with 0 for what is missing, and where it is not; all of it where nothing may be missing. */
export function seenOf(x: tf.Tensor2D, missing: boolean): { x: tf.Tensor2D; there: There } {
  if (!missing) return { x, there: undefined };
  // NaN is not even itself.
  const there = x.equal(x) as tf.Tensor2D;
  return { x: present(x, there), there };
}

/** The values [n, d] that are present, and 0 for the others, from which no gradient comes. */
export function present(values: tf.Tensor2D, there: There): tf.Tensor2D {
  return there ? tf.where(there, values, tf.zerosLike(values)) : values;
}

/** What each value adds, summed over those that are present: [n, d] → [n]. */
export function sumOfPresent(perValue: tf.Tensor2D, there: There): tf.Tensor1D {
  takes('sumOfPresent', ['perValue', perValue, tensor(2)]);
  takes('sumOfPresent', ['there', there, optional(tensorLike(perValue))]);
  const where = there && there.dtype !== 'bool' ? there.cast<tf.Tensor2D>('bool') : there;
  return present(perValue, where).sum(1);
}

/** What a loss is summed over, in words. */
export function valuesOfX(there: There): string {
  return there ? 'the values of x that are present' : 'the values of x';
}

/** ‖x − x̂‖² of each row, over the values that are present: [n]. */
export function squaredErrorOf(x: tf.Tensor2D, xHat: tf.Tensor2D, there: There): tf.Tensor1D {
  return sumOfPresent(x.sub<tf.Tensor2D>(xHat).square(), there);
}

/** log p(x) of each row, summed over the values that are present: [n]; see {@link refuseMissing}. */
export function logProbOf(
  p: { logProb(x: tf.Tensor): tf.Tensor1D; logProbPerValue?(x: tf.Tensor): tf.Tensor2D },
  x: tf.Tensor2D,
  there: There,
): tf.Tensor1D {
  if (!there) return p.logProb(x);
  return sumOfPresent(p.logProbPerValue!(x), there);
}

/**
 * Refuses missing values where a likelihood or a loss does not say what each value adds.
 *
 * @param says whether it does; asked only where values may be missing
 * @throws {ConfigurationError}
 */
export function refuseMissing(
  owner: string,
  missing: boolean,
  { what, method = 'logProbPerValue(x)', says }: { what: string; method?: string; says: () => boolean },
): void {
  if (!missing || tf.tidy(says)) return;
  throw new ConfigurationError(owner, [
    `"missing" is true, and ${what} does not say what each value adds: it needs ${method}: [n, d]`,
  ]);
}
