import type * as tf from '@tensorflow/tfjs';
import { activate, newVariable } from './layers';
import type { Activation, Layer } from './layers';

export interface TiedDenseOptions {
  /** The name of the layer: its one parameter is `<name>.bias`. */
  name: string;
  /** W [in, out] of the layer whose transpose this one is. */
  kernel: tf.Variable;
  activation: Activation;
}

/** φ(h Wᵀ + b'): [n, out] → [n, in], with the kernel W [in, out] of another layer and a bias b' [in] of its own. */
export class TiedDense implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly kernel: tf.Variable;
  private readonly bias: tf.Variable;
  private readonly activation: Activation;

  constructor({ name, kernel, activation }: TiedDenseOptions) {
    const width = kernel.shape[0]!;
    this.kernel = kernel;
    this.bias = newVariable(new Float32Array(width), [width]);
    this.activation = activation;
    this.parameters = { [`${name}.bias`]: this.bias };
  }

  apply(h: tf.Tensor): tf.Tensor {
    return activate(h.matMul(this.kernel as tf.Tensor, false, true).add(this.bias), this.activation);
  }
}
