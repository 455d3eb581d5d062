/** The networks of DeepMind's VQ-VAE: two layers of stride 2 and a stack of residual blocks. */
import type * as tf from '@tensorflow/tfjs';
import { widthOf } from '../../samples';
import type { ImageShape } from '../../samples';
import { halvings } from './convolutional';
import {
  applyAll,
  Convolution,
  parametersOf,
  relu,
  reshape,
  Sequential,
  TransposedConvolution,
} from '../layers/layers';
import type { Layer, MapSize } from '../layers/layers';

export interface ResidualOptions {
  /** Prefix of the parameters' names, `encoder` for example. */
  name: string;
  image: ImageShape;
  /** C, of the maps that the blocks work on; even. */
  channels: number;
  residualBlocks: number;
  /** Channels inside a block. */
  residualChannels: number;
  /** D, of the maps at the other end. */
  codeDimension: number;
  seed: number;
}

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

/** The map of codes that {@link ResidualEncoder} makes of an image: a quarter of its height and width, rounded up. */
export function codeMap(image: ImageShape): MapSize {
  return halvings(image, 2).at(-1)!;
}

/**
 * Convolutions of 4 × 4 and stride 2 to C/2 and to C channels, 3 × 3 to C, residual blocks, 1 × 1 to D:
 * [n, d] → [n, P·D] for P positions of {@link codeMap}, row by row.
 */
export class ResidualEncoder extends Sequential {
  constructor(options: ResidualOptions) {
    const { name, image, channels: C, codeDimension: D, seed } = options;
    const { height, width } = codeMap(image);
    const halving = { size: 4, stride: 2, activation: 'relu', seed } as const;
    const linear = { activation: 'linear', seed } as const;
    super([
      reshape(image.height, image.width, image.channels),
      new Convolution({ ...halving, name: `${name}.0`, in: image.channels, out: C / 2 }),
      new Convolution({ ...halving, name: `${name}.1`, in: C / 2, out: C }),
      new Convolution({ ...linear, name: `${name}.2`, in: C, out: C, size: 3 }),
      ...residualStack(options),
      new Convolution({ ...linear, name: `${name}.3`, in: C, out: D, size: 1 }),
      reshape(height * width * D),
    ]);
  }
}

/** {@link ResidualEncoder} in reverse: 3 × 3 to C channels, residual blocks, transposed 4 × 4 to C/2 and to the image. */
export class ResidualDecoder extends Sequential {
  constructor(options: ResidualOptions) {
    const { name, image, channels: C, codeDimension: D, seed } = options;
    const { height, width } = codeMap(image);
    const doubling = { size: 4, stride: 2, seed } as const;
    const half = { ...doubling, in: C, out: C / 2, to: halvings(image, 1).at(-1)! };
    const whole = { ...doubling, in: C / 2, out: image.channels, to: image };
    super([
      reshape(height, width, D),
      new Convolution({ name: `${name}.0`, in: D, out: C, size: 3, activation: 'linear', seed }),
      ...residualStack(options),
      new TransposedConvolution({ ...half, name: `${name}.1`, activation: 'relu' }),
      new TransposedConvolution({ ...whole, name: `${name}.2`, activation: 'linear' }),
      reshape(widthOf(image)),
    ]);
  }
}

/** `<name>.block<i>.0` and `.1`; a rectifier follows the last block. */
function residualStack({ name, channels, residualBlocks, residualChannels: inner, seed }: ResidualOptions): Layer[] {
  const blocks = Array.from({ length: residualBlocks }, (_, i) => {
    return new ResidualBlock({ name: `${name}.block${i}`, channels, inner, seed });
  });
  return [...blocks, relu];
}
