/** What the table of lowerings holds for each tfjs kernel. */
import type { TensorType } from '../trace/program';
import type { Edge, Graph } from './graph';

/** An input of a kernel: its place in the graph and its type. */
export interface Operand extends TensorType {
  readonly edge: Edge;
}

/** By name; kernels of a list of inputs name them 0, 1, …. */
export type Operands = Readonly<Record<string, Operand>>;
export type InputTypes = Readonly<Record<string, TensorType>>;
export type Attrs = Readonly<Record<string, unknown>>;

/** How one tfjs kernel is computed by ONNX operators. */
export interface Lowering {
  /** Shape and type of each output. @throws {LoweringError} when these inputs or attributes are not covered */
  infer(inputs: InputTypes, attrs: Attrs): readonly TensorType[];
  /** Adds the nodes; one edge for each output. */
  nodes(graph: Graph, inputs: Operands, attrs: Attrs, outputs: readonly TensorType[]): readonly Edge[];
  /** What is known about its rounding, where that differs from one correctly rounded operation an element. */
  readonly precision?: string;
}

/** The table of one kind of kernels. */
export type Lowerings = Readonly<Record<string, Lowering>>;

/** A kernel, or this use of it, has no ONNX form here. */
export class LoweringError extends Error {
  override readonly name = 'LoweringError';
}

/**
 * A kernel with one output.
 *
 * @typeParam I names of its inputs; @typeParam A its attributes, as tfjs-core declares them
 */
export function lowering<I extends object, A extends object = object>(definition: {
  infer(inputs: { [K in keyof I]: TensorType }, attrs: A): TensorType;
  nodes(graph: Graph, inputs: { [K in keyof I]: Operand }, attrs: A, output: TensorType): Edge;
  precision?: string;
}): Lowering {
  return {
    // What tfjs-core's op functions hand to a kernel has been checked by them.
    infer: (inputs, attrs) => [definition.infer(inputs as { [K in keyof I]: TensorType }, attrs as A)],
    nodes: (graph, inputs, attrs, [output]) => [
      definition.nodes(graph, inputs as { [K in keyof I]: Operand }, attrs as A, output!),
    ],
    ...(definition.precision === undefined ? {} : { precision: definition.precision }),
  };
}

/** Its inputs as a list, for kernels like AddN. */
export function listed<T>(inputs: Readonly<Record<string, T>>): T[] {
  return Object.keys(inputs)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => inputs[key]!);
}
