import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

/**
 * Small kernels and biases of 1 and −1: every rectifier of the network is on or off by far, since at the kinks
 * differences are no derivatives.
 */
export function leaveKinks(parameters: Readonly<Record<string, tf.Variable>>): void {
  for (const [name, variable] of Object.entries(parameters)) {
    const signs = Array.from({ length: variable.size }, (_, i) => (i % 3 === 1 ? -1 : 1));
    variable.assign(name.endsWith('.bias') ? tf.tensor1d(signs) : variable.mul(0.2));
  }
}

/**
 * The gradient of `loss` by the first and by the steepest entry of every parameter is that of central differences.
 *
 * @param tolerance of the difference, relative to gradients above 1
 */
export function expectFiniteDifferences(
  parameters: Readonly<Record<string, tf.Variable>>,
  loss: () => tf.Scalar,
  tolerance: number,
): void {
  const { grads } = tf.variableGrads(loss, Object.values(parameters));
  const h = 0.01;
  for (const [name, variable] of Object.entries(parameters)) {
    const gradient = grads[variable.name]!.dataSync();
    const start = variable.dataSync().slice();
    const steepest = tf.tensor1d(gradient).abs().argMax().dataSync()[0]!;
    for (const i of [0, steepest]) {
      const at = (step: number) => {
        const moved = start.slice();
        moved[i]! += step;
        variable.assign(tf.tensor(moved, variable.shape));
        return loss().dataSync()[0]!;
      };
      const difference = (at(h) - at(-h)) / (2 * h);
      at(0);
      const allowed = tolerance * Math.max(1, Math.abs(difference));
      expect(Math.abs(gradient[i]! - difference), `${name}, entry ${i}`).toBeLessThan(allowed);
    }
  }
}
