import * as tf from '@tensorflow/tfjs';
import type { TensorType } from './program';
import { TraceRefusal } from './refusal';
import { trace } from './tracer';

/**
 * Runs a function of tensors for what it says beside its numbers: on placeholders of these types, without arithmetic; or,
 * where it cannot be traced, on zeros.
 *
 * @param f returns tensors by name, which are disposed
 */
export function evaluateAbstractly(
  f: (tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  types: Readonly<Record<string, TensorType>>,
  variables: Readonly<Record<string, tf.Variable>>,
): void {
  try {
    trace(f, { arguments: types, variables });
  } catch (error) {
    if (!(error instanceof TraceRefusal)) throw error;
    tf.tidy(() => {
      const zeros = Object.entries(types).map(([name, { shape, dtype }]) => [name, tf.zeros([...shape], dtype)]);
      f(Object.fromEntries(zeros));
    });
  }
}
