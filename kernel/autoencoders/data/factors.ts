/**
 * What metrics of disentanglement are given: a function that represents samples, and a sampler of samples by their
 * factors. They know nothing of models.
 */
import type * as tf from '@tensorflow/tfjs';
import { list, object, takes, tensor as tensorKind, whole } from '../arguments';
import type { RandomStream } from '../random';
import { shapeText } from '../samples';
import type { Samples } from '../samples';

/** Something that varies in the data on its own, like the position of a sprite. */
export interface Factor {
  readonly name: string;
  /** Values in order: names where they have none (`square`, `heart`), numbers where they do. */
  readonly values: readonly number[] | readonly string[];
}

/** Data whose factors are known. */
export interface FactorSampler {
  /** The factors that samples are drawn from. */
  readonly factors: readonly Factor[];
  /** Draws factors: int32 [n, factors], row by row, each an index into the values of its factor. */
  sampleFactors(stream: RandomStream, n: number): Int32Array;
  /** A sample for each row of such indices. */
  render(indices: Int32Array): Samples;
}

/** Samples [n, d] → codes [n, k], for example `(x) => model.encode(x)`. A metric disposes the codes. */
export type RepresentationFunction = (x: Samples) => tf.Tensor2D;

/** Uniform and independent values of the factors, which most samplers draw: int32 [n, factors]. */
export function uniformFactors(factors: readonly Factor[], stream: RandomStream, n: number): Int32Array {
  takes('uniformFactors', ['factors', factors, list], ['stream', stream, object('uniform')], ['n', n, whole(1)]);
  const indices = new Int32Array(n * factors.length);
  for (let i = 0; i < indices.length; i++) indices[i] = stream.integer(factors[i % factors.length]!.values.length);
  return indices;
}

/** The number of samples that are represented at a time. */
const CHUNK = 512;

/**
 * The codes of samples with these factors, [n][k]. The samples are rendered a few at a time.
 *
 * @throws TypeError if the representation does not return a row for each sample, or returns values that are not finite
 */
export async function codesOf(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  indices: Int32Array,
): Promise<Float64Array[]> {
  const F = sampler.factors.length;
  const codes: Float64Array[] = [];
  for (let start = 0; start < indices.length; start += CHUNK * F) {
    const samples = sampler.render(indices.subarray(start, start + CHUNK * F));
    const tensor = represent(samples);
    takes('represent', ['result', tensor, tensorKind(2)]);
    const [rows, k] = tensor.shape;
    const values = await tensor.data();
    tensor.dispose();
    checkCodes(values, rows, samples);
    for (let row = 0; row < rows; row++) codes.push(Float64Array.from(values.subarray(row * k, (row + 1) * k)));
  }
  return codes;
}

function checkCodes(values: ArrayLike<number> & Iterable<number>, rows: number, { length, shape }: Samples): void {
  if (rows !== length) {
    throw new TypeError(
      `A representation gives a row for each sample; found ${rows} for ${length} (${shapeText(shape)}).`,
    );
  }
  const wrong = Array.from(values).find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new TypeError(`A representation has to be of finite numbers; found ${wrong}.`);
}

/** Samples with random factors and their codes. */
export interface LabelledCodes {
  /** [n][k]. */
  codes: Float64Array[];
  /** [factors][n]: indices of values. */
  factors: Int32Array[];
}

/** `n` samples with factors drawn by the sampler, and their codes. */
export async function labelledCodes(
  represent: RepresentationFunction,
  sampler: FactorSampler,
  stream: RandomStream,
  n: number,
): Promise<LabelledCodes> {
  const indices = sampler.sampleFactors(stream, n);
  const F = sampler.factors.length;
  const factors = sampler.factors.map((_, f) => Int32Array.from({ length: n }, (_, i) => indices[i * F + f]!));
  return { codes: await codesOf(represent, sampler, indices), factors };
}

/** Latent dimension j of every code: [n]. */
export function column(codes: readonly Float64Array[], j: number): Float64Array {
  return Float64Array.from(codes, (code) => code[j]!);
}

/** Whether the values of a factor have an order. */
export function isOrdered({ values }: Factor): boolean {
  return typeof values[0] === 'number';
}

/** The factor's value of each sample as a number: itself where there is an order, its index elsewhere. */
export function valuesOf({ values }: Factor, indices: Int32Array): Float64Array {
  return Float64Array.from(indices, (index) => {
    const value = values[index]!;
    return typeof value === 'number' ? value : index;
  });
}

/** A number for each factor, by name. */
export function byFactor(factors: readonly Factor[], values: readonly number[]): Record<string, number> {
  return Object.fromEntries(factors.map(({ name }, f) => [name, values[f]!]));
}

/** How far the largest of some numbers is ahead of the second largest. */
export function lead(values: readonly number[]): number {
  const [first = 0, second = 0] = values.toSorted((a, b) => b - a);
  return first - second;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The population variance of the values, with n in the denominator. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return sum / values.length;
}
