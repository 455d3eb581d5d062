/** By how much gradients are shortened. */
import * as tf from '@tensorflow/tfjs';
import { normOf } from '../terms';
import type { RuleConfig } from './config';
import type { Part } from './parts';

/** The factor for a gradient of this norm: min(1, c / norm), or 1 where the rule does not clip. */
export function clipFactor({ clipNorm = Infinity }: RuleConfig, gradientNorm: number): number {
  return gradientNorm > clipNorm ? clipNorm / gradientNorm : 1;
}

/**
 * The factors of the optimizers by their numbers ({@link Part.optimizer}), each by the norm of the gradient over its own
 * variables. Tensors are the caller's.
 *
 * @param gradientNorm over all variables, as a number or, under trace, as a tensor
 */
export function clipsOf(
  parts: readonly Part<unknown>[],
  gradients: Readonly<Record<string, tf.Tensor>>,
  gradientNorm: tf.Tensor | number,
): Map<number, tf.Tensor | number> {
  const factors = new Map<number, tf.Tensor | number>();
  for (const { config, optimizer } of parts) {
    if (factors.has(optimizer)) continue;
    const { clipNorm } = config;
    const own = parts.filter((part) => part.optimizer === optimizer);
    if (clipNorm === undefined) {
      factors.set(optimizer, 1);
    } else if (own.length === parts.length && typeof gradientNorm === 'number') {
      factors.set(optimizer, clipFactor(config, gradientNorm));
    } else {
      const norm = () => (own.length < parts.length ? normOfParts(own, gradients) : gradientNorm);
      factors.set(
        optimizer,
        tf.tidy(() => tf.scalar(clipNorm).div(tf.maximum(norm(), clipNorm))),
      );
    }
  }
  return factors;
}

function normOfParts(parts: readonly Part<unknown>[], gradients: Readonly<Record<string, tf.Tensor>>): tf.Tensor {
  const own = parts.flatMap(({ variables }) => Object.keys(variables).flatMap((name) => gradients[name] ?? []));
  return own.length === 0 ? tf.scalar(0) : normOf(own);
}
