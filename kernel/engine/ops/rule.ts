/** What the table of shape rules holds for each tfjs kernel. */
import type { Dtype, TensorType } from './types';

/** Types of inputs by name; kernels of a list of inputs name them 0, 1, …. */
export type InputTypes = Readonly<Record<string, TensorType>>;
export type Attrs = Readonly<Record<string, unknown>>;

/**
 * Shape and type of each output of a kernel, from those of its inputs and its attributes.
 *
 * @throws {UncoveredError} when a program cannot hold this use of the kernel; a plain error when tfjs has none either
 */
export type ShapeRule = (inputs: InputTypes, attrs: Attrs) => readonly TensorType[];

/** The rules of one kind of kernels. */
export type ShapeRules = Readonly<Record<string, ShapeRule>>;

/** A program cannot hold this use of a kernel. */
export class UncoveredError extends Error {
  override readonly name = 'UncoveredError';
}

/** @throws {UncoveredError} when programs hold no elements of this type */
export function supported(dtype: string): Dtype {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new UncoveredError(`tensors of type ${dtype} have no traced form`);
}

/**
 * The rule of a kernel with one output.
 *
 * @typeParam I names of its inputs; @typeParam A its attributes, as tfjs-core declares them
 */
export function rule<I extends object, A extends object = object>(
  infer: (inputs: { [K in keyof I]: TensorType }, attrs: A) => TensorType,
): ShapeRule {
  // What tfjs-core's op functions hand to a kernel has been checked by them.
  return (inputs, attrs) => [infer(inputs as { [K in keyof I]: TensorType }, attrs as A)];
}

/** One rule for several kernels. */
export function shared(one: ShapeRule, ...kernels: readonly string[]): ShapeRules {
  return Object.fromEntries(kernels.map((kernel) => [kernel, one]));
}

/** Its inputs as a list, for kernels like AddN. */
export function listed<T>(inputs: Readonly<Record<string, T>>): T[] {
  return Object.keys(inputs)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => inputs[key]!);
}
