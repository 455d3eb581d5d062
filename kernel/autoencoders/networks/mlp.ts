import * as tf from '@tensorflow/tfjs';
import { randomStream } from '../random';

export const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'linear'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

export interface MLPOptions {
  /** Prefix of the parameters' names, `encoder` for example. */
  name: string;
  /** Width of the input, of each hidden layer and of the output. */
  sizes: number[];
  /** Of the hidden layers; the output is linear. */
  activation: Activation;
  seed: number;
}

/**
 * A multilayer perceptron: h ← φ(h W + b) for each hidden layer, then h W + b.
 *
 * Weights start as draws from N(0, 2 / fan-in) before a rectifier (He et al. 2015) and N(0, 2 / (fan-in + fan-out))
 * elsewhere (Glorot and Bengio 2010), biases at 0.
 */
export class MLP {
  /** `<name>.<layer>.kernel` [in, out] and `<name>.<layer>.bias` [out]. */
  readonly parameters: Record<string, tf.Variable> = {};
  private readonly layers: { kernel: tf.Variable; bias: tf.Variable }[] = [];

  constructor(private readonly options: MLPOptions) {
    const { name, sizes, activation, seed } = options;
    for (let i = 0; i + 1 < sizes.length; i++) {
      const [fanIn, fanOut] = [sizes[i]!, sizes[i + 1]!];
      const rectified = activation === 'relu' && i + 2 < sizes.length;
      const variance = rectified ? 2 / fanIn : 2 / (fanIn + fanOut);
      const layer = `${name}.${i}`;
      const kernel = randomStream(seed, `weights/${layer}.kernel`).normals(fanIn * fanOut);
      this.layers.push({
        kernel: newVariable(
          kernel.map((value) => value * Math.sqrt(variance)),
          [fanIn, fanOut],
        ),
        bias: newVariable(new Float32Array(fanOut), [fanOut]),
      });
      this.parameters[`${layer}.kernel`] = this.layers[i]!.kernel;
      this.parameters[`${layer}.bias`] = this.layers[i]!.bias;
    }
  }

  /** [n, in] → [n, out]. */
  apply(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      let h: tf.Tensor = x;
      this.layers.forEach(({ kernel, bias }, i) => {
        h = h.matMul(kernel).add(bias);
        if (i + 1 < this.layers.length) h = activate(h, this.options.activation);
      });
      return h as tf.Tensor2D;
    });
  }
}

/** A variable that the gradient trains, with these values. */
export function newVariable(values: Float32Array, shape: number[], trainable = true): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values, shape), trainable));
}

function activate(h: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case 'relu':
      return h.relu();
    case 'tanh':
      return h.tanh();
    case 'sigmoid':
      return h.sigmoid();
    case 'linear':
      return h;
  }
}
