/** Residual blocks of convolutions. */
import type * as tf from '@tensorflow/tfjs';
import { applyAll, Convolution, parametersOf, relu } from '../layers/layers';
import type { Layer } from '../layers/layers';

/** x + W₂ ∗ relu(W₁ ∗ relu(x) + b₁) + b₂ with kernels of 3 × 3 and 1 × 1 (He et al. 2016): the shape of x is kept. */
export class ResidualBlock implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly branch: Layer[];

  constructor({ name, channels, inner, seed }: { name: string; channels: number; inner: number; seed: number }) {
    this.branch = [
      relu,
      new Convolution({ name: `${name}.0`, in: channels, out: inner, size: 3, activation: 'relu', seed }),
      new Convolution({ name: `${name}.1`, in: inner, out: channels, size: 1, activation: 'linear', seed }),
    ];
    this.parameters = parametersOf(this.branch);
  }

  apply(x: tf.Tensor): tf.Tensor {
    return applyAll(this.branch, x).add(x);
  }
}
