/**
 * Gradients that tfjs lacks and that are zero: those of comparisons, of logic and of indices. Without them its tape
 * throws at `where(greater(w, 0), …)` and at `gather(codebook, argMin(distance))`.
 */
import * as tf from '@tensorflow/tfjs';
import { none } from './register';

const FLAT: Readonly<Record<string, readonly string[]>> = {
  [tf.Equal]: ['a', 'b'],
  [tf.NotEqual]: ['a', 'b'],
  [tf.Greater]: ['a', 'b'],
  [tf.GreaterEqual]: ['a', 'b'],
  [tf.Less]: ['a', 'b'],
  [tf.LessEqual]: ['a', 'b'],
  [tf.LogicalAnd]: ['a', 'b'],
  [tf.LogicalOr]: ['a', 'b'],
  [tf.LogicalNot]: ['x'],
  [tf.All]: ['x'],
  [tf.Any]: ['x'],
  [tf.ArgMax]: ['x'],
  [tf.ArgMin]: ['x'],
  [tf.IsNan]: ['x'],
  [tf.IsInf]: ['x'],
  [tf.IsFinite]: ['x'],
};

/** Registers them with tfjs; a second call does nothing. */
export function registerZeroGradients(): void {
  if (tf.getGradient(tf.Greater)) return;
  for (const [kernelName, inputs] of Object.entries(FLAT)) {
    tf.registerGradient({
      kernelName,
      inputsToSave: [...inputs],
      gradFunc: (_: tf.Tensor | tf.Tensor[], saved) =>
        Object.fromEntries(inputs.map((name, i) => [name, () => none(saved[i]!)])),
    });
  }
  // tfjs gives that of the quotient, which floor has flattened.
  const floorDiv = tf.getGradient(tf.FloorDiv);
  tf.registerGradient({
    ...floorDiv,
    gradFunc: (_: tf.Tensor | tf.Tensor[], [a, b]) => ({ a: () => none(a!), b: () => none(b!) }),
  });
  const gather = tf.getGradient(tf.GatherV2);
  tf.registerGradient({
    ...gather,
    // tfjs gives the indices themselves as their gradient, whole numbers, which its tape refuses.
    gradFunc: (dy: tf.Tensor | tf.Tensor[], saved, attrs) => ({
      ...gather.gradFunc(dy, saved, attrs),
      indices: () => none(saved[1]!),
    }),
  });
}
