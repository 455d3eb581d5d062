/** Score-function and reparameterised gradients in the textbook case, and the gradient of the IWAE. */
import * as tf from '@tensorflow/tfjs';
import { IWAE, randomStream, reparameterizedGradients, scoreFunctionGradients } from '../../autoencoders/index';
import type { Measured, Verification } from '../verification';

const square = (z: tf.Tensor1D) => z.square() as tf.Tensor1D;
const OPTIONS = { mu: 1, sigma: 1, draws: 500_000, seed: 1 };
const score = () => scoreFunctionGradients(square, OPTIONS).mu;
const pathwise = () => reparameterizedGradients(square, OPTIONS).mu;

export const gradients: Verification[] = [
  textbook('score-function-gradient', 'the score-function gradient is 2', () => mean(score()), 2),
  textbook(
    'score-function-variance',
    'the score-function gradient of one draw has variance 30',
    () => variance(score()),
    30,
  ),
  textbook('reparameterized-gradient', 'the reparameterised gradient is 2', () => mean(pathwise()), 2),
  textbook(
    'reparameterized-variance',
    'the reparameterised gradient of one draw has variance 4',
    () => variance(pathwise()),
    4,
  ),
  {
    id: 'estimators/iwae-gradient',
    system: 'Estimators',
    identity: 'the gradient of the IWAE bound is that of central differences, by a weight of each layer: largest error',
    quick: true,
    measure: iwaeGradient,
  },
];

function textbook(name: string, claim: string, found: () => number, expected: number): Verification {
  const identity = `of E[z²], z ~ N(μ, 1), by μ at 1, ${claim} (5%)`;
  const measure = () => ({ expected, found: found(), tolerance: 0.05 * expected });
  return { id: `estimators/${name}`, system: 'Estimators', identity, quick: true, measure };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: Float32Array): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

function iwaeGradient(): Measured {
  const model = new IWAE({ input: 5, latent: 2, hidden: [4], activation: 'tanh', draws: 5, seed: 3 });
  const x = tf.tensor2d(randomStream(1, 'x').uniforms(30), [6, 5]);
  const noise = model.inputs(randomStream(2, 'noise'), 6);
  const loss = () => model.losses({ x, ...noise })['importanceWeighted'] as tf.Scalar;
  const { grads } = tf.variableGrads(loss, Object.values(model.parameters));
  const errors = Object.values(model.parameters).map((variable) => {
    const gradient = grads[variable.name]!.dataSync()[0]!;
    return Math.abs(gradient - centralDifference(variable, loss));
  });
  model.dispose();
  return { expected: 0, found: Math.max(...errors), tolerance: 1e-3 };
}

/** By the first entry. */
function centralDifference(variable: tf.Variable, loss: () => tf.Scalar): number {
  const h = 0.01;
  const start = variable.dataSync().slice();
  const at = (step: number) => {
    const moved = start.slice();
    moved[0]! += step;
    variable.assign(tf.tensor(moved, variable.shape));
    return loss().dataSync()[0]!;
  };
  const difference = (at(h) - at(-h)) / (2 * h);
  at(0);
  return difference;
}
