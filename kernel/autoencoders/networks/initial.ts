/** First values of parameters. */
import type * as tf from '@tensorflow/tfjs';
import { randomStream } from '../random';
import { newVariable } from './layers/layers';

/** What a parameter starts as: its shape, and its values from draws. */
export interface Initial {
  readonly shape: readonly number[];
  /** @param normals gives that many draws of N(0, 1) */
  values(normals: (count: number) => Float32Array): Float32Array;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

function scaled(shape: readonly number[], deviation: number): Initial {
  return { shape, values: (normals) => normals(sizeOf(shape)).map((value) => value * deviation) };
}

/** Inputs that meet in one output, and outputs that one input has a part in, of a kernel [...window, in, out]. */
function fans(shape: readonly number[]): { in: number; out: number } {
  if (shape.length < 2) return { in: sizeOf(shape), out: sizeOf(shape) };
  const window = sizeOf(shape.slice(0, -2));
  return { in: window * shape.at(-2)!, out: window * shape.at(-1)! };
}

/** Initial values for your own parameters. Random ones depend on the model's seed and the parameter's name. */
export const initial = {
  zeros: (shape: readonly number[]): Initial => initial.constant(shape, 0),
  ones: (shape: readonly number[]): Initial => initial.constant(shape, 1),
  constant: (shape: readonly number[], value: number): Initial => ({
    shape,
    values: () => new Float32Array(sizeOf(shape)).fill(value),
  }),
  /** Draws of N(mean, deviation²). */
  normal: (shape: readonly number[], { mean = 0, deviation = 1 } = {}): Initial => ({
    shape,
    values: (normals) => normals(sizeOf(shape)).map((value) => mean + deviation * value),
  }),
  /** N(0, 2 / fan-in) for a kernel [...window, in, out] before a rectifier (He et al. 2015, equation 10). */
  he: (shape: readonly number[]): Initial => scaled(shape, Math.sqrt(2 / fans(shape).in)),
  /** N(0, 2 / (fan-in + fan-out)) for a kernel [...window, in, out] (Glorot and Bengio 2010, equation 12). */
  glorot: (shape: readonly number[]): Initial => {
    const fan = fans(shape);
    return scaled(shape, Math.sqrt(2 / (fan.in + fan.out)));
  },
  /** Values of your own, row by row. */
  values: (shape: readonly number[], values: ArrayLike<number>): Initial => {
    if (values.length === sizeOf(shape)) return { shape, values: () => Float32Array.from(values) };
    throw new RangeError(`initial.values: ${values.length} values do not fill the shape [${shape.join(', ')}].`);
  },
};

/**
 * A variable with these first values.
 *
 * @param name of the parameter in its model, which with the seed tells the draws
 */
export function startedVariable(start: Initial, name: string, seed: number, trainable = true): tf.Variable {
  const stream = randomStream(seed, `weights/${name}`);
  return newVariable(
    start.values((count) => stream.normals(count)),
    [...start.shape],
    trainable,
  );
}

/** {@link startedVariable} for each, by the same keys; `nameOf` a key is the parameter's name in its model. */
export function startedVariables(
  first: Readonly<Record<string, Initial>>,
  seed: number,
  { nameOf = (key: string) => key, trainable = true } = {},
): Record<string, tf.Variable> {
  const variables = Object.entries(first).map(([key, start]) => [
    key,
    startedVariable(start, nameOf(key), seed, trainable),
  ]);
  return Object.fromEntries(variables) as Record<string, tf.Variable>;
}

/** The same variables by their names in the model. */
export function renamed<T>(variables: Readonly<Record<string, T>>, nameOf: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(variables).map(([key, variable]) => [nameOf(key), variable]));
}
