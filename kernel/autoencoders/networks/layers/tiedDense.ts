import * as tf from '@tensorflow/tfjs';
import { activate, newVariable } from './layers';
import type { Activation, Layer } from './layers';

export interface TiedDenseOptions {
  /** The name of the layer: its parameters are `<name>.bias`, and `<name>.classes` where it takes classes. */
  name: string;
  /** W [in, out] of the layer whose transpose this one is. */
  kernel: tf.Variable;
  /** How many of W's inputs it gives, the first ones; the others are classes that the encoder takes. Default all. */
  width?: number;
  /** C, classes that stand beside h, which have their own kernel. Default 0. */
  classes?: number;
  activation: Activation;
}

/**
 * φ(h Wᵀ + b'): [n, out] → [n, in], with the kernel W [in, out] of another layer and a bias b' [in] of its own; with
 * classes y beside h, φ(h Wᵀ + y V + b'), where V [C, in] is its own too.
 */
export class TiedDense implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly kernel: tf.Variable;
  readonly activation: Activation;
  private readonly width: number;
  private readonly bias: tf.Variable;
  private readonly ofClasses: tf.Variable | null;

  constructor({ name, kernel, width = kernel.shape[0]!, classes = 0, activation }: TiedDenseOptions) {
    this.kernel = kernel;
    this.width = width;
    this.bias = newVariable(new Float32Array(width), [width]);
    this.ofClasses = classes > 0 ? newVariable(new Float32Array(classes * width), [classes, width]) : null;
    this.activation = activation;
    this.parameters = {
      [`${name}.bias`]: this.bias,
      ...(this.ofClasses && { [`${name}.classes`]: this.ofClasses }),
    };
  }

  apply(given: tf.Tensor): tf.Tensor {
    const { kernel, width, bias, ofClasses } = this;
    const W = width === kernel.shape[0] ? kernel : kernel.slice([0, 0], [width, -1]);
    if (!ofClasses) return activate(given.matMul(W as tf.Tensor, false, true).add(bias), this.activation);
    const [h, y] = tf.split(given, [kernel.shape[1]!, ofClasses.shape[0]!], 1) as [tf.Tensor, tf.Tensor];
    const mirrored = h.matMul(W as tf.Tensor, false, true).add(y.matMul(ofClasses as tf.Tensor));
    return activate(mirrored.add(bias), this.activation);
  }
}
