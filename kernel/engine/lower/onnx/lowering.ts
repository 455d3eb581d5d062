/** What the ONNX table holds for each tfjs kernel. */
import type { Attrs } from '../../ops/rule';
import type { TensorType } from '../../ops/types';
import type { Edge, Graph } from './graph';

/** An input of a kernel: its place in the graph and its type. */
export interface Operand extends TensorType {
  readonly edge: Edge;
}

/** By name; kernels of a list of inputs name them 0, 1, …. */
export type Operands = Readonly<Record<string, Operand>>;

/** How one tfjs kernel is computed by ONNX operators. */
export interface Lowering {
  /**
   * Adds the nodes; one edge for each output.
   *
   * @param outputs types of the kernel's outputs, as its shape rule has them
   */
  nodes(graph: Graph, inputs: Operands, attrs: Attrs, outputs: readonly TensorType[]): readonly Edge[];
  /** What is known about its rounding, where that differs from one correctly rounded operation an element. */
  readonly precision?: string;
}

/** The table of one kind of kernels. */
export type Lowerings = Readonly<Record<string, Lowering>>;

/**
 * A kernel with one output.
 *
 * @typeParam I names of its inputs; @typeParam A its attributes, as tfjs-core declares them
 */
export function lowering<I extends object, A extends object = object>(definition: {
  nodes(graph: Graph, inputs: { [K in keyof I]: Operand }, attrs: A, output: TensorType): Edge;
  precision?: string;
}): Lowering {
  return {
    // What tfjs-core's op functions hand to a kernel has been checked by them, and by its shape rule.
    nodes: (graph, inputs, attrs, [output]) => [
      definition.nodes(graph, inputs as { [K in keyof I]: Operand }, attrs as A, output!),
    ],
    ...(definition.precision === undefined ? {} : { precision: definition.precision }),
  };
}
