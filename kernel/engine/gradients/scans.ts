/** Gradients of running products, such as the lengths that a broken stick leaves. */
import * as tf from '@tensorflow/tfjs';
import { paddedAlong } from './padding';
import { register } from './register';

interface Scan {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

export function registerScans(): void {
  register<Scan>(tf.Cumprod, { inputs: ['x'] }, ([dy], [x], { axis, exclusive, reverse }) => ({
    x: () => {
      const turned = (one: tf.Tensor) => (reverse ? tf.reverse(one, axis) : one);
      const gradient = ofRunningProduct(turned(dy!), turned(x!), axis, exclusive);
      return turned(gradient);
    },
  }));
}

/**
 * ∂/∂x_i of Σ_k dy_k ∏_{j≤k} x_j is ∏_{j<i} x_j · s_i, where s_i = dy_i + x_{i+1} s_{i+1}: it divides by no x, which may
 * be 0. Exclusive products are those of one place before.
 */
function ofRunningProduct(dy: tf.Tensor, x: tf.Tensor, axis: number, exclusive: boolean): tf.Tensor {
  const own = tf.unstack(exclusive ? shifted(dy, axis) : dy, axis);
  const factors = tf.unstack(x, axis);
  const sums: tf.Tensor[] = [];
  for (let i = own.length - 1; i >= 0; i--) {
    const [next] = sums;
    sums.unshift(next ? tf.add(own[i]!, tf.mul(factors[i + 1]!, next)) : own[i]!);
  }
  return tf.mul(tf.cumprod(x, axis, true), tf.stack(sums, axis));
}

/** Each element one place to the front, and 0 at the end. */
function shifted(x: tf.Tensor, axis: number): tf.Tensor {
  const starts = x.shape.map((_, i) => (i === axis ? 1 : 0));
  const others = tf.slice(x, starts, x.shape.with(axis, x.shape[axis]! - 1));
  return paddedAlong(others, axis, [0, 1]);
}
