/**
 * What a step is given beside the batch: randomness and values that change over the training. A model declares them by
 * name and shape; they are drawn outside the step, so that the step itself is a pure function.
 */
import type * as tf from '@tensorflow/tfjs';
import { hostTensor } from '../engine/index';
import { callable, oneOf, shapeOfAxes, takes, whole } from './arguments';
import type { RandomStream } from './random';

/** The tensor of a shape of that many axes. */
export type TensorOfShape<S extends readonly number[]> = S['length'] extends 1
  ? tf.Tensor1D
  : S['length'] extends 2
    ? tf.Tensor2D
    : S['length'] extends 3
      ? tf.Tensor3D
      : S['length'] extends 4
        ? tf.Tensor4D
        : tf.Tensor;

/** Random numbers that a step is given. */
export interface Draw<T extends tf.Tensor = tf.Tensor> {
  /** The shape of a step’s numbers. */
  readonly shape: readonly number[];
  /** What the numbers are. */
  readonly dtype: 'float32' | 'int32';
  /** What a diagram calls them, in place of their name. */
  readonly symbol?: string;
  /** Numbers of one step, from a stream that belongs to it. */
  values(stream: RandomStream): Float32Array | Int32Array;
  /** Never there: it names the type of the tensor. */
  readonly tensor?: T;
}

/** Draws by the names that a model's terms use. */
export type Draws = Readonly<Record<string, Draw>>;

/** The tensors that {@link Draws} become. */
export type TensorsOf<D extends Draws> = { [Name in keyof D]: D[Name] extends Draw<infer T> ? T : never };

/** Independent draws of N(0, 1). */
export function normal<const S extends readonly number[]>(shape: S): Draw<TensorOfShape<S>> {
  takes('normal', ['shape', shape, shapeOfAxes()]);
  return draw(shape, 'float32', (stream) => stream.normals(sizeOf(shape)));
}

/** Independent draws, uniform in [0, 1). */
export function uniform<const S extends readonly number[]>(shape: S): Draw<TensorOfShape<S>> {
  takes('uniform', ['shape', shape, shapeOfAxes()]);
  return draw(shape, 'float32', (stream) => stream.uniforms(sizeOf(shape)));
}

/** Independent whole numbers, each of 0 … below − 1 equally likely. */
export function integers<const S extends readonly number[]>(shape: S, below: number): Draw<TensorOfShape<S>> {
  takes('integers', ['shape', shape, shapeOfAxes()], ['below', below, whole(1)]);
  return draw(shape, 'int32', (stream) => Int32Array.from({ length: sizeOf(shape) }, () => stream.integer(below)));
}

/**
 * Permutations of the rows of a matrix [n, k], one for each column: int32 [n·k], where in the flat matrix each entry of
 * the permuted one comes from.
 */
export function permutations(shape: readonly [number, number]): Draw<tf.Tensor1D> {
  takes('permutations', ['shape', shape, shapeOfAxes(2)]);
  const [n, k] = shape;
  return draw([n * k], 'int32', (stream) => {
    const indices = new Int32Array(n * k);
    for (let j = 0; j < k; j++) stream.permutation(n).forEach((row, i) => (indices[i * k + j] = row * k + j));
    return indices;
  });
}

/** Your own draws: `values` returns as many numbers as the shape has entries. */
export function draw<const S extends readonly number[]>(
  shape: S,
  dtype: 'float32' | 'int32',
  values: (stream: RandomStream) => Float32Array | Int32Array,
): Draw<TensorOfShape<S>> {
  takes(
    'draw',
    ['shape', shape, shapeOfAxes()],
    ['dtype', dtype, oneOf('float32', 'int32')],
    ['values', values, callable],
  );
  return { shape, dtype, values };
}

/** All of them, in their order, from one stream. The numbers lie where the generator put them, without a copy. */
export function drawn<D extends Draws>(draws: D, stream: RandomStream): TensorsOf<D> {
  const tensors = Object.entries(draws).map(([name, { shape, values }]) => [name, hostTensor(values(stream), shape)]);
  return Object.fromEntries(tensors) as TensorsOf<D>;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** Under other names, so that draws of several parts do not meet. */
export function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

/** Those of {@link prefixed} names, under their own. */
export function unprefixed(prefix: string, tensors: Readonly<Record<string, tf.Tensor>>): TensorsOf<Draws> {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor])) as TensorsOf<Draws>;
}
