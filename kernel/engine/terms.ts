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

/**
 * √Σ g² over one or more gradients, right where float32 holds the norm but not its square.
 *
 * Powers of two change no digit: where both sums fit, the norms are the same.
 */
export function normOf(gradients: readonly tf.Tensor[]): tf.Tensor {
  const [usual, large] = [UP, DOWN].map((factor) =>
    squaredNorm(gradients.map((gradient) => gradient.mul(factor))).sqrt(),
  );
  return tf.where(usual!.less(Infinity), usual!.mul(1 / UP), large!.mul(1 / DOWN));
}

/** Elements from 2⁻⁹⁹ on have squares, and norms up to 2²⁸ do. */
const UP = 2 ** 36;
/** Up to the largest number; what is lost of a norm from 2²⁸ on shows in none of its digits. */
const DOWN = 2 ** -64;

/** @throws {NonFiniteError} naming the first quantity that is NaN or infinite */
export function finiteReport(losses: Record<string, number>, gradientNorm: number): StepReport {
  for (const [name, value] of Object.entries({ ...losses, gradient: gradientNorm })) {
    if (!Number.isFinite(value)) throw new NonFiniteError(name, value, losses);
  }
  return { losses, gradientNorm };
}

/**
 * The loss and its gradients by the names of tfjs's variables.
 *
 * @throws a plain error when it depends on none of them: no runtime could train it
 */
export function differentiated(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
): { value: tf.Scalar; grads: tf.NamedTensorMap } {
  try {
    return tf.variableGrads(loss, variables);
  } catch (error) {
    if (!(error as Error).message.startsWith('Cannot find a connection between any variable')) throw error;
    throw new Error(
      'No term of the loss depends on a parameter that is trained, so there is no gradient: compute a term with the ' +
        'parameters, as tensors throughout.',
      { cause: error },
    );
  }
}
