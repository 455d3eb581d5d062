/** A training step whose result is known: the proof that a device computes, and right. */
import * as tf from '@tensorflow/tfjs';
import type { Runtime } from '../runtime';
import { stepOn } from '../runtimes/stepOn';
import { NonFiniteError } from '../step';

const SAMPLES = 16;
const INPUTS = 10;
const OUTPUTS = 6;
const LEARNING_RATE = 0.5;

/** Smooth numbers in [−1, 1], so that nothing has to be stored. */
const numbers = (count: number, frequency: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(frequency * (i + 1)));

const x = numbers(SAMPLES * INPUTS, 0.7);
const target = numbers(SAMPLES * OUTPUTS, 1.3);
const weights = numbers(INPUTS * OUTPUTS, 2.1);
const bias = numbers(OUTPUTS, 0.4);

/**
 * One step of gradient descent of a sigmoid layer, y = σ(xW + b), on L = 1/N Σ ‖y − t‖², by this runtime on tfjs's
 * current backend, compared with {@link expectedStep}. One result is read asynchronously, the other synchronously.
 *
 * @throws when a new weight is off by more than `tolerance`, or not finite
 */
export async function selfTest(tolerance: number, runtime: Runtime = 'eager'): Promise<void> {
  const found = await newWeights(runtime);
  const expected = expectedStep();
  const error = Math.max(...expected.map((value, i) => Math.abs(value - (found[i] ?? NaN))));
  if (error <= tolerance) return;
  throw new Error(`its training step is off by ${error.toPrecision(3)}, more than the ${tolerance} allowed`);
}

async function newWeights(runtime: Runtime): Promise<number[]> {
  const W = tf.tidy(() => tf.variable(tf.tensor2d(weights, [INPUTS, OUTPUTS])));
  const b = tf.tidy(() => tf.variable(tf.tensor1d(bias)));
  const tensors = { x: tf.tensor2d(x, [SAMPLES, INPUTS]), t: tf.tensor2d(target, [SAMPLES, OUTPUTS]) };
  const step = stepOn(runtime, {
    trainable: { W, b },
    state: {},
    terms: ({ x, t }) => ({
      losses: { loss: tf.mean(tf.sum(tf.square(tf.sub(tf.sigmoid(tf.add(tf.matMul(x!, W), b)), t!)), 1)) },
    }),
    optimizer: { name: 'sgd', momentum: 0, nesterov: false },
  });
  try {
    await step.run({ tensors, weights: {}, learningRate: LEARNING_RATE });
    return [...(await W.data()), ...b.dataSync()];
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    throw new Error(`its training step is off: ${error.message}`, { cause: error });
  } finally {
    step.dispose();
    tf.dispose([W, b, tensors]);
  }
}

/** The new weights [INPUTS, OUTPUTS] and biases by δ = 2/N (y − t) y (1 − y), ∂L/∂W = xᵀδ and ∂L/∂b = Σ δ, in float64. */
export function expectedStep(): number[] {
  const newWeights = Float64Array.from(weights);
  const newBias = Float64Array.from(bias);
  for (let n = 0; n < SAMPLES; n++) {
    for (let j = 0; j < OUTPUTS; j++) {
      let activation = bias[j]!;
      for (let i = 0; i < INPUTS; i++) activation += x[n * INPUTS + i]! * weights[i * OUTPUTS + j]!;
      const y = 1 / (1 + Math.exp(-activation));
      const delta = (2 / SAMPLES) * (y - target[n * OUTPUTS + j]!) * y * (1 - y);
      for (let i = 0; i < INPUTS; i++) newWeights[i * OUTPUTS + j]! -= LEARNING_RATE * delta * x[n * INPUTS + i]!;
      newBias[j]! -= LEARNING_RATE * delta;
    }
  }
  return [...newWeights, ...newBias];
}
