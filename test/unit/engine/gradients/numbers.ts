/** Numbers to differentiate at, and what gradients are held against. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { StepDefinition, TrainingStep } from '../../../../kernel/engine/index';

export type Map = (x: tf.Tensor) => tf.Tensor;

/** Numbers that differ, the same for the same shape. */
export function numbers(shape: number[], phase = 0): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + 0.3 + phase)),
    shape,
  );
}

/** A number that depends on each element of y in its own way. */
export function scored(y: tf.Tensor): tf.Scalar {
  return tf.tidy(() => y.mul(numbers(y.shape, 2)).sum());
}

/** What one more in each element changes, where the map is linear. */
export function differences(f: Map, shape: number[]): number[] {
  const size = tf.util.sizeFromShape(shape);
  return Array.from({ length: size }, (_, i) =>
    tf.tidy(() => {
      const unit = tf.oneHot(tf.scalar(i, 'int32'), size).toFloat().reshape(shape);
      return scored(f(unit)).dataSync()[0]!;
    }),
  );
}

export function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found).toHaveLength(expected.length);
  Array.from(expected).forEach((number, i) => expect(Math.abs(found[i]! - number)).toBeLessThan(2e-5));
}

const RATE = 0.1;

/** One step of gradient descent on the scores of all maps, from {@link numbers}, held against their summed gradients. */
export async function expectStep(
  trainingStep: (definition: StepDefinition) => TrainingStep,
  layers: readonly Map[],
  shape: number[],
  gradients: readonly ArrayLike<number>[],
): Promise<void> {
  const w = tf.variable(numbers(shape));
  const expected = numbers(shape).dataSync().slice();
  for (const gradient of gradients) expected.forEach((_, i) => (expected[i]! -= RATE * gradient[i]!));
  const step = trainingStep({
    trainable: { w },
    state: {},
    terms: () => ({ losses: Object.fromEntries(layers.map((f, i) => [`term${i}`, scored(f(w))])) }),
    optimizer: { name: 'sgd', momentum: 0, nesterov: false },
  });
  await step.run({ tensors: {}, weights: {}, learningRate: RATE });
  expectNear(await w.data(), expected);
  step.dispose();
  w.dispose();
}
