/** Gradients of products in Einstein's notation. */
import * as tf from '@tensorflow/tfjs';
import { register } from './register';

/** A tensor and the names of its axes, a letter each. */
interface Named {
  readonly labels: string;
  readonly tensor: tf.Tensor;
}

export function registerEinsum(): void {
  register<{ equation: string }>(tf.Einsum, { inputs: 'all' }, ([dy], operands, { equation }) => {
    const [left, out] = equation.replace(/\s/g, '').split('->') as [string, string];
    const named = left.split(',').map((labels, i): Named => ({ labels, tensor: operands[i]! }));
    const gradients = named.map((one, i) => {
      const others = named.filter((_, j) => j !== i);
      return [i, () => gradientOf(one, [{ labels: out, tensor: dy! }, ...others])] as const;
    });
    return Object.fromEntries(gradients);
  });
}

/** The sum over what the factors have and the operand has not; along what only the operand has, all elements are equal. */
function gradientOf({ labels, tensor }: Named, factors: readonly Named[]): tf.Tensor {
  const known = [...labels].filter((label) => factors.some((factor) => factor.labels.includes(label))).join('');
  const product = productOf(factors, known);
  const spread = tensor.shape.map((size, i) => (known.includes(labels[i]!) ? size : 1));
  return tf.broadcastTo(tf.reshape(product, spread), tensor.shape);
}

/** tfjs's einsum has one operand or two, each with an axis at least. */
function productOf(factors: readonly Named[], to: string): tf.Tensor {
  const scalars = factors.filter(({ labels }) => labels === '').map(({ tensor }) => tensor);
  const others = factors.filter(({ labels }) => labels !== '');
  const equation = `${others.map(({ labels }) => labels).join()}->${to}`;
  const tensors = others.map(({ tensor }) => tensor);
  const product = tensors.length > 0 ? tf.einsum(equation, ...tensors) : tf.scalar(1);
  return scalars.reduce((scaled, scalar) => tf.mul(scaled, scalar), product);
}
