import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { activate, ACTIVATIONS } from '../../../../../kernel/autoencoders/networks/layers/activations';
import type { Activation } from '../../../../../kernel/autoencoders/networks/layers/activations';
import { useWasm } from '../../../engine/backends';

/** float64, term by term from the definitions; erf by its series, which converges for every x here. */
const FLOAT64: Record<Activation, (x: number) => number> = {
  relu: (x) => Math.max(0, x),
  leaky: (x) => (x > 0 ? x : 0.01 * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  linear: (x) => x,
};

/** 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)). */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 80; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** Those that are lines on either side of 0. */
const LINES: ReadonlySet<Activation> = new Set(['relu', 'leaky', 'linear'] as const);

/** Away from 0, where some have a kink. */
const POINTS = [-4, -2.5, -1.3, -0.7, -0.2, 0.1, 0.45, 1, 1.9, 3.2];

/** The derivative of order 1, 2 or 3 by central differences in float64. */
function derivative(f: (x: number) => number, order: number): (x: number) => number {
  if (order === 0) return f;
  const below = derivative(f, order - 1);
  const h = 5e-3;
  // Its error is of fourth order in h.
  return (x) => (8 * (below(x + h) - below(x - h)) - (below(x + 2 * h) - below(x - 2 * h))) / (12 * h);
}

/** The derivative of order n at each point, each by tf.grad of the one before. */
function found(activation: Activation, order: number): Float32Array {
  let f = (x: tf.Tensor): tf.Tensor => activate(x, activation);
  for (let i = 0; i < order; i++) {
    const below = f;
    f = (x) => tf.grad((at: tf.Tensor) => below(at).sum())(x);
  }
  return tf.tidy(() => f(tf.tensor1d(POINTS)).dataSync() as Float32Array);
}

describe.each(['cpu', 'wasm'])('on the backend %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await useWasm();
    else await tf.setBackend('cpu');
  });

  describe.each(ACTIVATIONS)('the activation %s', (activation) => {
    it('has the values of its formula', () => {
      const values = found(activation, 0);
      POINTS.forEach((x, i) => expect(values[i]).toBeCloseTo(FLOAT64[activation](x), 5));
    });

    // tfjs has no gradient of what is constant.
    const orders = LINES.has(activation) ? [1] : [1, 2, 3];
    it.each(orders)('has the derivative of order %i, each a gradient of the one before', (order) => {
      const values = found(activation, order);
      const expected = derivative(FLOAT64[activation], order);
      POINTS.forEach((x, i) => expect(values[i], `at ${x}`).toBeCloseTo(expected(x), 4));
    });
  });
});

it('trains by a penalty on a gradient as finite differences have it', async () => {
  await tf.setBackend('cpu');
  for (const activation of ACTIVATIONS) {
    const w = tf.variable(tf.tensor1d([0.3, -0.8, 1.1]));
    const x = tf.tensor1d([0.9, 0.4, 0.7]);
    /** ‖∂ φ(w x) / ∂x‖², and its gradient by w. */
    const penalty = () => {
      const slope = tf.grad((at: tf.Tensor) => activate(at.mul(w), activation).sum())(x);
      return slope.square().sum() as tf.Scalar;
    };
    const gradient = tf.variableGrads(penalty, [w]).grads[w.name]!.dataSync();
    // (w φ'(w x))² by w, in float64.
    const slope = derivative(FLOAT64[activation], 1);
    const expected = [...w.dataSync()].map((weight, i) => {
      const at = x.dataSync()[i]!;
      return derivative((v) => (v * slope(v * at)) ** 2, 1)(weight);
    });
    expected.forEach((value, i) => expect(gradient[i], activation).toBeCloseTo(value, 4));
  }
});
