/** Residual blocks of convolutions. */
import type * as tf from '@tensorflow/tfjs';
import { applyAll, Convolution, parametersOf, relu } from '../layers/layers';
import type { Initializer, Layer } from '../layers/layers';

/** x + W₂ ∗ relu(W₁ ∗ relu(x) + b₁) + b₂ with kernels of 3 × 3 and 1 × 1 (He et al. 2016): the shape of x is kept. */
export class ResidualBlock implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly branch: Layer[];

  constructor(options: {
    name: string;
    channels: number;
    inner: number;
    initializer?: Initializer | undefined;
    seed: number;
  }) {
    const { name, channels, inner, initializer, seed } = options;
    const start = { initializer, seed };
    this.branch = [
      relu,
      new Convolution({ name: `${name}.0`, in: channels, out: inner, size: 3, activation: 'relu', ...start }),
      new Convolution({ name: `${name}.1`, in: inner, out: channels, size: 1, activation: 'linear', ...start }),
    ];
    this.parameters = parametersOf(this.branch);
  }

  apply(x: tf.Tensor): tf.Tensor {
    return applyAll(this.branch, x).add(x);
  }
}
