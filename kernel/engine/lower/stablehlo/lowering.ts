/** What the StableHLO table holds for each tfjs kernel. */
import type { Attrs } from '../../ops/rule';
import type { TensorType } from '../../ops/types';
import type { Body, Operand } from './body';

/** By name; kernels of a list of inputs name them 0, 1, …. */
export type Operands = Readonly<Record<string, Operand>>;

/** How one tfjs kernel is computed in StableHLO. */
export interface Lowering {
  /**
   * Writes the operations; one operand for each output, of its type.
   *
   * @param outputs types of the kernel's outputs, as its shape rule has them
   */
  write(body: Body, inputs: Operands, attrs: Attrs, outputs: readonly TensorType[]): readonly Operand[];
  /** What is known about its rounding, or where it is given what has no one answer. */
  readonly precision?: string;
}

/** The table of one kind of kernels. */
export type Lowerings = Readonly<Record<string, Lowering>>;

/**
 * A kernel with one output.
 *
 * @typeParam I names of its inputs; @typeParam A its attributes, as tfjs-core declares them
 */
export function lowering<I extends object, A extends object = object>(
  write: (body: Body, inputs: { [K in keyof I]: Operand }, attrs: A, output: TensorType) => Operand,
  precision?: string,
): Lowering {
  return {
    // What tfjs-core's op functions hand to a kernel has been checked by them, and by its shape rule.
    write: (body, inputs, attrs, [output]) => [write(body, inputs as { [K in keyof I]: Operand }, attrs as A, output!)],
    ...(precision === undefined ? {} : { precision }),
  };
}
