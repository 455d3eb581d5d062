import * as tf from '@tensorflow/tfjs';

/** Gradients by the names of the inputs that they belong to. */
export type Gradients = Record<string, () => tf.Tensor>;
/** What the gradient of a kernel is made of: dy for each output, what was saved, and the kernel's attributes. */
export type GradientFunction<A> = (dy: tf.Tensor[], saved: tf.Tensor[], attrs: A) => Gradients;

/**
 * Registers another gradient for a kernel, which saves the same tensors.
 *
 * @param of makes it, given the one before
 */
export function mend<A extends object>(
  kernelName: string,
  of: (before: GradientFunction<A>, saves: readonly string[]) => GradientFunction<A>,
): void {
  const config = tf.getGradient(kernelName);
  const before: GradientFunction<A> = (dy, saved, attrs) =>
    config.gradFunc(dy.length === 1 ? dy[0]! : dy, saved, attrs as unknown as tf.NamedAttrMap) as Gradients;
  const after = of(before, config.inputsToSave ?? []);
  tf.registerGradient({
    ...config,
    gradFunc: (dy: tf.Tensor | tf.Tensor[], saved, attrs) => after([dy].flat(), saved, attrs as unknown as A),
  });
}
