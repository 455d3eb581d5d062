/** Residual networks on grids of one, two or three axes: sequences, images of any channels, clips and volumes. */
import * as tf from '@tensorflow/tfjs';
import { Affine, applyAll, parametersOf, relu, reshape, Sequential } from '../layers/layers';
import type { Layer, LayerOptions } from '../layers/layers';

/** Points along each axis: [time], [height, width] or [time, height, width]. */
export type Grid = readonly number[];

interface GridLayerOptions extends LayerOptions {
  /** Axes: 1, 2 or 3. */
  rank: number;
  /** k, of the kernel along every axis. */
  size: number;
  /** s, along every axis. Default 1. */
  stride?: number;
}

/** φ(W ∗ x + b): [n, …grid, in] → [n, …⌈grid/s⌉, out] with padding by zeros, kernel [k, …, in, out]. */
export class GridConvolution extends Affine {
  private readonly rank: number;
  private readonly stride: number;

  constructor(options: GridLayerOptions) {
    const { rank, size, stride = 1, in: from, out } = options;
    super(options, [...cube(size, rank), from, out], {
      in: size ** rank * from,
      out: (size ** rank * out) / stride ** rank,
    });
    this.rank = rank;
    this.stride = stride;
  }

  protected override linear(x: tf.Tensor): tf.Tensor {
    const { kernel, stride } = this;
    switch (this.rank) {
      case 1:
        return tf.conv1d(x as tf.Tensor3D, kernel as tf.Tensor3D, stride, 'same');
      case 2:
        return tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, stride, 'same');
      default:
        return tf.conv3d(x as tf.Tensor5D, kernel as tf.Tensor5D, stride, 'same');
    }
  }
}

/** The transpose of {@link GridConvolution}'s linear map: [n, …⌈to/s⌉, in] → [n, …to, out], kernel [k, …, out, in]. */
export class TransposedGridConvolution extends Affine {
  private readonly to: Grid;
  private readonly stride: number;
  private readonly out: number;

  constructor(options: Omit<GridLayerOptions, 'rank'> & { to: Grid }) {
    const { to, size, stride = 1, in: from, out } = options;
    super(options, [...cube(size, to.length), out, from], {
      in: (size ** to.length * from) / stride ** to.length,
      out: size ** to.length * out,
    });
    this.to = to;
    this.stride = stride;
    this.out = out;
  }

  protected override linear(x: tf.Tensor): tf.Tensor {
    const { kernel, stride, to, out } = this;
    const shape = [x.shape[0]!, ...to, out];
    switch (to.length) {
      case 1: {
        // A sequence is an image of one row.
        const row = tf.conv2dTranspose(
          x.expandDims(1) as tf.Tensor4D,
          kernel.expandDims(0) as tf.Tensor4D,
          [shape[0]!, 1, to[0]!, out],
          [1, stride],
          'same',
        );
        return row.squeeze([1]);
      }
      case 2:
        return tf.conv2dTranspose(
          x as tf.Tensor4D,
          kernel as tf.Tensor4D,
          shape as [number, number, number, number],
          stride,
          'same',
        );
      default:
        return transposed3D(x as tf.Tensor5D, kernel as tf.Tensor5D, shape as Shape5D, stride);
    }
  }
}

type Shape5D = [number, number, number, number, number];

/** `conv3dTranspose` with padding by zeros and with a gradient, which tfjs has not. */
function transposed3D(x: tf.Tensor5D, kernel: tf.Tensor5D, shape: Shape5D, stride: number): tf.Tensor5D {
  const transposed = tf.customGrad((x, kernel, save) => {
    (save as (saved: tf.Tensor[]) => void)([x as tf.Tensor, kernel as tf.Tensor]);
    return {
      value: tf.conv3dTranspose(x as tf.Tensor5D, kernel as tf.Tensor5D, shape, stride, 'same'),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedX, savedKernel] = saved as [tf.Tensor5D, tf.Tensor5D];
        // ⟨dy, Wᵀx⟩ = ⟨W dy, x⟩, so that the gradients are those of the convolution of dy.
        const toKernel = tf
          .engine()
          .runKernel(
            tf.Conv3DBackpropFilterV2,
            { x: dy, dy: savedX },
            { strides: cube(stride, 3), pad: 'same', filterShape: savedKernel.shape },
          );
        return [tf.conv3d(dy as tf.Tensor5D, savedKernel, stride, 'same'), toKernel as tf.Tensor];
      },
    };
  });
  return transposed(x, kernel) as tf.Tensor5D;
}

/** x + W₂ ∗ relu(W₁ ∗ relu(x) + b₁) + b₂ with kernels of 3 and of 1 along every axis: the shape of x is kept. */
class GridResidualBlock implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly branch: Layer[];

  constructor(options: { name: string; rank: number; channels: number; inner: number; seed: number }) {
    const { name, rank, channels, inner, seed } = options;
    this.branch = [
      relu,
      new GridConvolution({ name: `${name}.0`, rank, in: channels, out: inner, size: 3, activation: 'relu', seed }),
      new GridConvolution({ name: `${name}.1`, rank, in: inner, out: channels, size: 1, activation: 'linear', seed }),
    ];
    this.parameters = parametersOf(this.branch);
  }

  apply(x: tf.Tensor): tf.Tensor {
    return applyAll(this.branch, x).add(x);
  }
}

export interface GridOptions {
  /** Prefix of the parameters' names, `encoder` for example. */
  name: string;
  grid: Grid;
  /** Numbers at every point of the grid. */
  features: number;
  /** C, of the maps that the blocks work on; even. */
  channels: number;
  residualBlocks: number;
  /** Channels inside a block. */
  residualChannels: number;
  /** D, of the maps at the other end. */
  codeDimension: number;
  seed: number;
}

/** A grid after `times` layers of stride 2, rounded up. */
export function halved(grid: Grid, times: number): number[] {
  return grid.map((size) => Math.ceil(size / 2 ** times));
}

/**
 * Convolutions of size 4 and stride 2 to C/2 and to C channels, of size 3 to C, residual blocks, size 1 to D:
 * [n, d] → [n, P·D] for the P points of the grid that is a quarter as long along every axis.
 */
export class GridEncoder extends Sequential {
  constructor(options: GridOptions) {
    const { name, grid, features, channels: C, codeDimension: D, seed } = options;
    const shared = { rank: grid.length, seed };
    const halving = { ...shared, size: 4, stride: 2, activation: 'relu' } as const;
    const linear = { ...shared, activation: 'linear' } as const;
    super([
      reshape(...grid, features),
      new GridConvolution({ ...halving, name: `${name}.0`, in: features, out: C / 2 }),
      new GridConvolution({ ...halving, name: `${name}.1`, in: C / 2, out: C }),
      new GridConvolution({ ...linear, name: `${name}.2`, in: C, out: C, size: 3 }),
      ...residualStack(options),
      new GridConvolution({ ...linear, name: `${name}.3`, in: C, out: D, size: 1 }),
      reshape(pointsOf(halved(grid, 2)) * D),
    ]);
  }
}

/** {@link GridEncoder} in reverse, with transposed convolutions of size 4 and stride 2: [n, P·D] → [n, d]. */
export class GridDecoder extends Sequential {
  constructor(options: GridOptions) {
    const { name, grid, features, channels: C, codeDimension: D, seed } = options;
    const doubling = { size: 4, stride: 2, seed } as const;
    const half = { ...doubling, in: C, out: C / 2, to: halved(grid, 1), activation: 'relu' } as const;
    const whole = { ...doubling, in: C / 2, out: features, to: grid, activation: 'linear' } as const;
    const rank = grid.length;
    super([
      reshape(...halved(grid, 2), D),
      new GridConvolution({ name: `${name}.0`, rank, in: D, out: C, size: 3, activation: 'linear', seed }),
      ...residualStack(options),
      new TransposedGridConvolution({ ...half, name: `${name}.1` }),
      new TransposedGridConvolution({ ...whole, name: `${name}.2` }),
      reshape(pointsOf(grid) * features),
    ]);
  }
}

/** Points in all. */
export function pointsOf(grid: Grid): number {
  return grid.reduce((points, size) => points * size, 1);
}

/** `<name>.block<i>.0` and `.1`; a rectifier follows the last block. */
function residualStack({ name, grid, channels, residualBlocks, residualChannels, seed }: GridOptions): Layer[] {
  const blocks = Array.from({ length: residualBlocks }, (_, i) => {
    const options = { name: `${name}.block${i}`, rank: grid.length, channels, inner: residualChannels, seed };
    return new GridResidualBlock(options);
  });
  return [...blocks, relu];
}

function cube(size: number, rank: number): number[] {
  return new Array<number>(rank).fill(size);
}
