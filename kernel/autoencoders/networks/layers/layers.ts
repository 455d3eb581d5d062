/** Layers of networks: what they compute, and how their weights start. */
import * as tf from '@tensorflow/tfjs';
import { randomStream } from '../../random';
import { activate } from './activations';
import type { Activation } from './activations';
import { initialValues } from './initializers';
import type { Initializer } from './initializers';

export { activate, ACTIVATIONS } from './activations';
export type { Activation } from './activations';
export { INITIALIZERS } from './initializers';
export type { Initializer } from './initializers';

/** One step of a network; the first axis is the batch. */
export interface Layer {
  /** The parameters, by names that hold for the whole model. */
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  apply(x: tf.Tensor): tf.Tensor;
}

/** The last layer of a network that has a kernel, for losses that are weighed by the gradient by it. */
export interface LastLayer {
  readonly kernel: tf.Variable;
  /** The network in two steps, what the layer is given and what comes of that, so that the first is computed once. */
  readonly split?: { before(x: tf.Tensor2D): tf.Tensor; after(h: tf.Tensor): tf.Tensor2D };
}

/** A network from rows to rows. */
export interface Network {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly last?: LastLayer | undefined;
  /** [n, in] → [n, out]. */
  apply(x: tf.Tensor2D): tf.Tensor2D;
}

/** Layers one after the other; the last gives rows. */
export class Sequential implements Network {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly last: LastLayer | undefined;

  constructor(private readonly steps: Layer[]) {
    this.parameters = parametersOf(steps);
    this.last = lastOf(steps);
  }

  /** [n, in] → [n, out]. */
  apply(x: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => applyAll(this.steps, x) as tf.Tensor2D);
  }
}

/** The last of these layers that has a kernel, if what follows has no parameters. */
function lastOf(layers: readonly Layer[]): LastLayer | undefined {
  const at = layers.findLastIndex(({ parameters }) => Object.keys(parameters).length > 0);
  const layer = layers[at] as (Layer & { kernel?: tf.Variable }) | undefined;
  if (!layer?.kernel) return undefined;
  const [first, others] = [layers.slice(0, at), layers.slice(at)];
  return {
    kernel: layer.kernel,
    split: {
      before: (x) => tf.tidy(() => applyAll(first, x)),
      after: (h) => tf.tidy(() => applyAll(others, h) as tf.Tensor2D),
    },
  };
}

export function parametersOf(layers: Layer[]): Record<string, tf.Variable> {
  return Object.assign({}, ...layers.map(({ parameters }) => parameters));
}

export function applyAll(layers: readonly Layer[], x: tf.Tensor): tf.Tensor {
  return layers.reduce((h, layer) => layer.apply(h), x);
}

/** max(0, x). */
export const relu: Layer = { parameters: {}, apply: (x) => x.relu() };

/** Reshapes each sample to this shape. */
export function reshape(...shape: number[]): Layer {
  return { parameters: {}, apply: (x) => x.reshape([-1, ...shape]) };
}

export interface LayerOptions {
  /** The name of the layer: its parameters are `<name>.kernel` and `<name>.bias`. */
  name: string;
  /** Features or channels. */
  in: number;
  out: number;
  activation: Activation;
  /** How the kernel starts. Default `default`. */
  initializer?: Initializer | undefined;
  seed: number;
}

/**
 * φ(K(x) + b), where K is linear in x and in the kernel.
 *
 * Kernels start as {@link Initializer} says: by default as draws from N(0, 2 / fan-in) before a rectifier (He et al. 2015)
 * and N(0, 2 / (fan-in + fan-out)) elsewhere (Glorot and Bengio 2010). Biases start at 0.
 */
export abstract class Affine implements Layer {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly kernel: tf.Variable;
  readonly activation: Activation;
  private readonly bias: tf.Variable;

  /** @param fan how many inputs meet in one output, and how many outputs one input has a part in */
  constructor(options: LayerOptions, shape: number[], fan: { in: number; out: number }) {
    const { name, out, activation, initializer = 'default', seed } = options;
    const random = randomStream(seed, `weights/${name}.kernel`);
    this.kernel = newVariable(initialValues(initializer, { shape, fan, activation }, random), shape);
    this.bias = newVariable(new Float32Array(out), [out]);
    this.activation = activation;
    this.parameters = { [`${name}.kernel`]: this.kernel, [`${name}.bias`]: this.bias };
  }

  apply(x: tf.Tensor): tf.Tensor {
    return activate(this.linear(x).add(this.bias), this.activation);
  }

  protected abstract linear(x: tf.Tensor): tf.Tensor;
}

/** φ(x W + b): [n, in] → [n, out], kernel [in, out]. */
export class Dense extends Affine {
  constructor(options: LayerOptions) {
    super(options, [options.in, options.out], options);
  }

  protected override linear(x: tf.Tensor): tf.Tensor {
    return x.matMul(this.kernel);
  }
}

export interface ConvolutionOptions extends LayerOptions {
  /** k, height and width of the kernel. */
  size: number;
  /** s, how many pixels of the larger map there are for one of the smaller, along each axis. Default 1. */
  stride?: number;
}

/** φ(W ∗ x + b): [n, h, w, in] → [n, ⌈h/s⌉, ⌈w/s⌉, out] with padding by zeros, kernel [k, k, in, out]. */
export class Convolution extends Affine {
  private readonly stride: number;

  constructor(options: ConvolutionOptions) {
    const { size: k, stride = 1, in: from, out } = options;
    super(options, [k, k, from, out], { in: k * k * from, out: (k * k * out) / stride ** 2 });
    this.stride = stride;
  }

  protected override linear(x: tf.Tensor): tf.Tensor {
    return tf.conv2d(x as tf.Tensor4D, this.kernel as tf.Tensor4D, this.stride, 'same');
  }
}

/**
 * The transpose of {@link Convolution}'s linear map, with a bias and its own activation:
 * [n, ⌈h/s⌉, ⌈w/s⌉, in] → [n, h, w, out], kernel [k, k, out, in].
 */
export class TransposedConvolution extends Affine {
  private readonly stride: number;
  private readonly shape: [number, number, number];

  /** @param options.to the height h and the width w of the result */
  constructor(options: ConvolutionOptions & { to: MapSize }) {
    const { size: k, stride = 1, in: from, out, to } = options;
    super(options, [k, k, out, from], { in: (k * k * from) / stride ** 2, out: k * k * out });
    this.stride = stride;
    this.shape = [to.height, to.width, out];
  }

  protected override linear(x: tf.Tensor): tf.Tensor {
    const shape: [number, number, number, number] = [x.shape[0]!, ...this.shape];
    return tf.conv2dTranspose(x as tf.Tensor4D, this.kernel as tf.Tensor4D, shape, this.stride, 'same');
  }
}

/** The size of an image or a feature map, in pixels. */
export interface MapSize {
  height: number;
  width: number;
}

/** A variable that the gradient trains, with these values. */
export function newVariable(values: Float32Array, shape: number[], trainable = true): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values, shape), trainable));
}
