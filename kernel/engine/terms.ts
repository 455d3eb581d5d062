/** What every runtime does with the terms of a loss. */
import * as tf from '@tensorflow/tfjs';
import { NonFiniteError, type StepReport } from './step';

/** The loss: the sum of its terms, each times its weight; a term that is not named weighs 1. */
export function weightedTotal(
  losses: Readonly<Record<string, tf.Tensor>>,
  weights: Readonly<Record<string, tf.Tensor | number>>,
): tf.Scalar {
  const weighted = Object.entries(losses).map(([name, loss]) => {
    const weight = weights[name];
    return weight === undefined ? loss : loss.mul(weight);
  });
  return tf.addN(weighted).asScalar();
}

/** Σ g² over one or more gradients. */
export function squaredNorm(gradients: readonly tf.Tensor[]): tf.Tensor {
  return tf.addN(gradients.map((gradient) => gradient.square().sum()));
}

/** @throws {NonFiniteError} naming the first quantity that is NaN or infinite */
export function finiteReport(losses: Record<string, number>, gradientNorm: number): StepReport {
  for (const [name, value] of Object.entries({ ...losses, gradient: gradientNorm })) {
    if (!Number.isFinite(value)) throw new NonFiniteError(name, value, losses);
  }
  return { losses, gradientNorm };
}
