/** A training step whose result is known: the proof that a device computes, and right. */
import * as tf from '@tensorflow/tfjs';

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
 * One step of gradient descent of a sigmoid layer, y = σ(xW + b), on L = 1/N Σ ‖y − t‖², on tfjs's current backend,
 * compared with {@link expectedStep}. One result is read asynchronously, the other synchronously.
 *
 * @throws when a new weight is off by more than `tolerance`, or not finite
 */
export async function selfTest(tolerance: number): Promise<void> {
  const [newWeights, newBias] = tf.tidy(() => {
    const w = tf.tensor2d(weights, [INPUTS, OUTPUTS]);
    const b = tf.tensor1d(bias);
    const loss = (wNow: tf.Tensor, bNow: tf.Tensor): tf.Scalar => {
      const y = tf.sigmoid(tf.add(tf.matMul(tf.tensor2d(x, [SAMPLES, INPUTS]), wNow), bNow));
      return tf.mean(tf.sum(tf.square(tf.sub(y, tf.tensor2d(target, [SAMPLES, OUTPUTS]))), 1));
    };
    const [wGradient, bGradient] = tf.grads(loss)([w, b]);
    return [tf.sub(w, tf.mul(wGradient!, LEARNING_RATE)), tf.sub(b, tf.mul(bGradient!, LEARNING_RATE))];
  }) as [tf.Tensor, tf.Tensor];
  const found = [...(await newWeights.data()), ...newBias.dataSync()];
  tf.dispose([newWeights, newBias]);
  const expected = expectedStep();
  const error = Math.max(...expected.map((value, i) => Math.abs(value - (found[i] ?? NaN))));
  if (error <= tolerance) return;
  throw new Error(`its training step is off by ${error.toPrecision(3)}, more than the ${tolerance} allowed`);
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
