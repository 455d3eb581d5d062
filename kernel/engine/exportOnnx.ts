/** Functions of tensors as ONNX files, for whoever runs them elsewhere. */
import { clone, create, equals, fromBinary, toBinary } from '@bufbuild/protobuf';
import type * as tf from '@tensorflow/tfjs';
import {
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
} from 'onnx-buf';
import type {
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  TensorShapeProto_Dimension,
  ValueInfoProto,
} from 'onnx-buf';
import { Graph, type Edge } from './lower/onnx/graph';
import { lower } from './lower/onnx/lower';
import { compileTraced } from './runtimes/compileTraced';
import { elementsIn } from './runtimes/residence';
import { pruned, type Dtype, type Program, type Value } from './trace/program';
import { TraceRefusal } from './trace/refusal';
import { trace } from './trace/tracer';

export interface OnnxFunction {
  /** What the file says of itself. */
  readonly name: string;
  readonly documentation: string;
  /** Shape of one row of each input; the number of rows is free. */
  readonly inputs: Readonly<Record<string, { row: readonly number[]; dtype: Dtype }>>;
  /** Tensors of n rows to tensors of n rows. */
  run(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor>;
}

/** The function cannot be written as one graph for any number of rows. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** Two numbers of rows that no other size is likely to be a multiple of. */
const ROWS = [1009, 1013] as const;
const FREE = 'n';

/**
 * The bytes of an ONNX file with the function and the present values of its variables; the first axis of inputs and
 * outputs is free and named `n`.
 *
 * It is written down for two numbers of rows, and what differs between the two is what depends on that number.
 *
 * @throws {ExportError} when it cannot be traced or lowered, or depends on the number of rows in a way that a file cannot
 * state
 */
export function toOnnx(f: OnnxFunction): Uint8Array {
  const [first, second] = ROWS.map((rows) => fromBinary(ModelProtoSchema, modelFor(f, rows))) as [
    ModelProto,
    ModelProto,
  ];
  freeRows(f.name, first.graph!, second.graph!);
  return toBinary(ModelProtoSchema, first);
}

function modelFor({ name, documentation, inputs, run }: OnnxFunction, rows: number): Uint8Array {
  const types = Object.entries(inputs).map(
    ([input, { row, dtype }]) => [input, { shape: [rows, ...row], dtype }] as const,
  );
  const request = { arguments: Object.fromEntries(types), variables: {} };
  try {
    return compileTraced(
      (places) => pruned(trace(run, { ...request, places })),
      (program) => graphOf(program).model(name, documentation),
    );
  } catch (error) {
    if (!(error instanceof TraceRefusal)) throw error;
    throw new ExportError(`${name} cannot be written: ${error.explanation}`, { cause: error });
  }
}

/** The present values of variables are constants of the graph. */
function graphOf(program: Program): Graph {
  const graph = new Graph('portable');
  const edges = new Map<Value, Edge>();
  for (const input of program.inputs) {
    const { value } = input;
    const { dtype, shape } = value;
    const edge =
      input.kind === 'argument'
        ? graph.input(input.name, dtype, shape)
        : graph.constant(elementsIn(input.variable), dtype, shape);
    edges.set(value, edge);
  }
  for (const [output, edge] of Object.entries(lower(graph, program, edges))) {
    graph.named(edge, output);
    graph.output(output, program.outputs[output]!.dtype, program.outputs[output]!.shape);
  }
  return graph;
}

/** Frees in `graph` what differs from `other`, the same graph for another number of rows. */
function freeRows(name: string, graph: GraphProto, other: GraphProto): void {
  const alike =
    graph.node.length === other.node.length &&
    graph.initializer.length === other.initializer.length &&
    graph.node.every((node, i) => equals(NodeProtoSchema, node, other.node[i]!));
  if (!alike) throw new ExportError(`${name} computes something else for another number of rows.`);
  for (const [i, tensor] of [...graph.initializer].entries()) {
    if (
      !sameBytes(tensor.rawData, other.initializer[i]!.rawData) ||
      tensor.dims.join() !== other.initializer[i]!.dims.join()
    ) {
      freeShape(name, graph, tensor, other.initializer[i]!);
    }
  }
  for (const [i, info] of [...graph.input, ...graph.output].entries()) {
    freeFirstAxis(name, info, [...other.input, ...other.output][i]!);
  }
}

/** Operations on each value by itself, whose inputs are broadcast against each other. */
const VALUE_BY_VALUE = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow', 'Where', 'And', 'Or', 'Xor'],
  ...['Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'Equal'],
  ...['Neg', 'Exp', 'Log', 'Sqrt', 'Abs', 'Sign', 'Reciprocal', 'Cast', 'Identity', 'Not'],
]);

/**
 * A reshape's target: the entry that is the number of rows, or a multiple of it, is left to be inferred. What is the same in
 * every row, zeros for example, is stated for one row where it meets rows of the input further on.
 */
function freeShape(name: string, graph: GraphProto, tensor: TensorProto, other: TensorProto): void {
  const users = graph.node.filter(({ input }) => input.includes(tensor.name));
  const isShape = tensor.dataType === DataType.INT64;
  const [sizes, others] = isShape ? [int64s(tensor), int64s(other)] : [new BigInt64Array(), new BigInt64Array()];
  const differing = [...sizes.keys()].filter((i) => sizes[i] !== others[i]);
  const differsOnce = sizes.length === others.length && differing.length === 1;
  // As many rows as the input has, or so many times as many.
  const isRows = differing[0] === 0 && sizes[0]! * BigInt(ROWS[1]) === others[0]! * BigInt(ROWS[0]);
  const expanding = users.filter((user) => user.opType === 'Expand' && isRows && mayBeOneRow(graph, user));
  const reshaping = users.filter(({ opType }) => opType === 'Reshape');
  if (differsOnce && expanding.length + reshaping.length === users.length) {
    if (reshaping.length > 0 && expanding.length > 0) stateOneRow(graph, tensor, sizes, expanding);
    sizes[differing[0]!] = reshaping.length > 0 ? -1n : 1n;
  } else {
    const uses = users.map(({ opType }) => opType).join(', ');
    throw new ExportError(`${name} depends on the number of rows in a way that ONNX cannot leave open (in ${uses}).`);
  }
  tensor.rawData = new Uint8Array(sizes.buffer).slice();
}

/** Gives these nodes the shape of one row. */
function stateOneRow(graph: GraphProto, tensor: TensorProto, sizes: BigInt64Array, nodes: NodeProto[]): void {
  const shape = clone(TensorProtoSchema, tensor);
  shape.name = `${tensor.name}_of_one_row`;
  shape.rawData = new Uint8Array(sizes.with(0, 1n).buffer).slice();
  graph.initializer.push(shape);
  for (const node of nodes) node.input = node.input.map((one) => (one === tensor.name ? shape.name : one));
}

/** Whether a node's result does as well with one row: it has the input's rows anyway, or meets them in what follows. */
function mayBeOneRow(graph: GraphProto, node: NodeProto): boolean {
  const ofInput = new Set(graph.input.map((input) => input.name));
  for (const { input, output } of graph.node) {
    if (input.some((one) => ofInput.has(one))) output.forEach((one) => ofInput.add(one));
  }
  const outputs = new Set(graph.output.map((output) => output.name));
  const meets = (one: NodeProto): boolean => {
    if (one.input.some((input) => ofInput.has(input))) return true;
    const [result] = one.output as [string];
    const followers = graph.node.filter(({ input }) => input.includes(result));
    return !outputs.has(result) && followers.every((next) => VALUE_BY_VALUE.has(next.opType) && meets(next));
  };
  return meets(node);
}

/** @throws {ExportError} when the number of rows is not the size of the first axis, and of no other */
function freeFirstAxis(name: string, info: ValueInfoProto, other: ValueInfoProto): void {
  const [dims, others] = [dimensionsOf(info), dimensionsOf(other)];
  const sizes = (all: typeof dims) => all.map(({ value }) => Number(value.value));
  const isRows = (size: number, i: number) => size === ROWS[0] && sizes(others)[i] === ROWS[1];
  const fits = sizes(dims).every((size, i) => (i === 0 ? isRows(size, i) : size === sizes(others)[i]));
  if (dims.length === 0 || !fits) {
    throw new ExportError(
      `${name}: ${info.name} is [${sizes(dims).join(', ')}] for ${ROWS[0]} rows; its first axis must be the rows.`,
    );
  }
  dims[0] = create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: FREE } });
}

function dimensionsOf({ type }: ValueInfoProto): TensorShapeProto_Dimension[] {
  return type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : [];
}

function int64s({ rawData }: TensorProto): BigInt64Array {
  return new BigInt64Array(rawData.slice().buffer);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
