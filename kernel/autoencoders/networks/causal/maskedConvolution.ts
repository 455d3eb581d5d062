/** Convolutions that see only what comes before, in raster order: row by row, each from left to right. */
import * as tf from '@tensorflow/tfjs';
import { randomStream } from '../../random';
import { newVariable } from '../layers/layers';
import type { Layer } from '../layers/layers';

/** Type A leaves out the position itself, type B does not (van den Oord, Kalchbrenner and Kavukcuoglu 2016). */
export type MaskType = 'A' | 'B';

/**
 * What a kernel sees around a position: all that comes before it (k × k), rows above it (k × k; with type B also its
 * own row), or places left of it (1 × k).
 */
export type MaskShape = 'raster' | 'above' | 'left';

export interface MaskedConvolutionOptions {
  /** Its parameters are `<name>.kernel` and `<name>.bias`. */
  name: string;
  in: number;
  out: number;
  /** k, odd. */
  size: number;
  shape: MaskShape;
  type: MaskType;
  seed: number;
}

/**
 * (M ⊙ W) ∗ x + b with padding by zeros: [n, h, w, in] → [n, h, w, out], kernel [k, k, in, out] or [1, k, in, out].
 *
 * In raster order the places that any of the masks M shows are the first ones of the kernel, so that M is known by
 * their number. Kernels start as draws from N(0, 2 / (fan-in + fan-out)) of what is shown, biases at 0.
 */
export class MaskedConvolution implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** Places of the kernel that are shown, from its top left in raster order. */
  readonly shown: number;
  private readonly kernel: tf.Variable<tf.Rank.R4>;
  private readonly bias: tf.Variable;

  constructor(private readonly options: MaskedConvolutionOptions) {
    const { name, in: from, out, size, shape, type, seed } = options;
    const height = shape === 'left' ? 1 : size;
    this.shown = shownPlaces(shape, type, size);
    const deviation = Math.sqrt(2 / (this.shown * (from + out)));
    const draws = randomStream(seed, `weights/${name}.kernel`).normals(height * size * from * out);
    const start = draws.map((value) => value * deviation);
    this.kernel = newVariable(start, [height, size, from, out]) as tf.Variable<tf.Rank.R4>;
    this.bias = newVariable(new Float32Array(out), [out]);
    this.parameters = { [`${name}.kernel`]: this.kernel, [`${name}.bias`]: this.bias };
  }

  apply(x: tf.Tensor): tf.Tensor {
    const [height, width] = this.kernel.shape;
    const mask = Float32Array.from({ length: height * width }, (_, place) => (place < this.shown ? 1 : 0));
    const masked = this.kernel.mul(tf.tensor4d(mask, [height, width, 1, 1])) as tf.Tensor4D;
    return tf.conv2d(x as tf.Tensor4D, masked, 1, 'same').add(this.bias);
  }

  /**
   * The result at one position from the inputs at the places that are shown: [n, in] each, in raster order, zeros
   * outside the map → [n, out].
   */
  at(places: readonly tf.Tensor[]): tf.Tensor2D {
    const { in: from, out } = this.options;
    const kernel = this.kernel.reshape([-1, from, out]).slice(0, this.shown);
    const window = tf.concat(places as tf.Tensor2D[], 1);
    return window.matMul(kernel.reshape([this.shown * from, out]) as tf.Tensor2D).add(this.bias);
  }

  /** A row of the result from the rows that are shown, of a mask `above`: [n, rows, w, in] → [n, 1, w, out]. */
  row(rows: tf.Tensor4D): tf.Tensor4D {
    const { size } = this.options;
    const reach = (size - 1) / 2;
    const sides: [number, number][] = [[0, 0], [0, 0], [reach, reach], [0, 0]]; // prettier-ignore
    return tf
      .conv2d(rows.pad(sides) as tf.Tensor4D, this.kernel.slice(0, this.shown / size), 1, 'valid')
      .add(this.bias);
  }
}

function shownPlaces(shape: MaskShape, type: MaskType, size: number): number {
  const reach = (size - 1) / 2;
  switch (shape) {
    case 'raster':
      return reach * size + reach + (type === 'B' ? 1 : 0);
    case 'above':
      return (reach + (type === 'B' ? 1 : 0)) * size;
    case 'left':
      return reach + (type === 'B' ? 1 : 0);
  }
}

/** tanh(a) ⊙ σ(b) for the halves a and b of the channels: [..., 2C] → [..., C] (van den Oord et al. 2016b, equation 2). */
export function gate(x: tf.Tensor): tf.Tensor {
  const [a, b] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor];
  return a.tanh().mul(b.sigmoid());
}
