/** Functions of tensors as ONNX files, for whoever runs them elsewhere. */
import { create, equals, fromBinary, toBinary } from '@bufbuild/protobuf';
import type * as tf from '@tensorflow/tfjs';
import {
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorShapeProto_DimensionSchema,
} from 'onnx-buf';
import type { GraphProto, ModelProto, TensorProto, TensorShapeProto_Dimension, ValueInfoProto } from 'onnx-buf';
import { Graph, type Edge } from './lower/graph';
import { lower } from './lower/lower';
import { elementsIn } from './runtimes/residence';
import { pruned, type Dtype, type Value } from './trace/program';
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
 * @throws {TraceRefusal} when it cannot be traced
 * @throws {ExportError} when it depends on the number of rows in a way that a file cannot state
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
  const program = pruned(trace(run, { arguments: Object.fromEntries(types), variables: {} }));
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
  return graph.model(name, documentation);
}

/** Frees in `graph` what differs from `other`, the same graph for another number of rows. */
function freeRows(name: string, graph: GraphProto, other: GraphProto): void {
  const alike =
    graph.node.length === other.node.length &&
    graph.initializer.length === other.initializer.length &&
    graph.node.every((node, i) => equals(NodeProtoSchema, node, other.node[i]!));
  if (!alike) throw new ExportError(`${name} computes something else for another number of rows.`);
  for (const [i, tensor] of graph.initializer.entries()) {
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

/** A reshape's target: the entry that is the number of rows, or a multiple of it, is left to be inferred. */
function freeShape(name: string, graph: GraphProto, tensor: TensorProto, other: TensorProto): void {
  const users = graph.node.filter(({ input }) => input.includes(tensor.name));
  const isTarget = tensor.dataType === DataType.INT64 && users.every(({ opType }) => opType === 'Reshape');
  const [sizes, others] = isTarget ? [int64s(tensor), int64s(other)] : [new BigInt64Array(), new BigInt64Array()];
  const differing = [...sizes.keys()].filter((i) => sizes[i] !== others[i]);
  if (sizes.length !== others.length || differing.length !== 1) {
    const uses = users.map(({ opType }) => opType).join(', ');
    throw new ExportError(`${name} depends on the number of rows in a way that ONNX cannot leave open (in ${uses}).`);
  }
  sizes[differing[0]!] = -1n;
  tensor.rawData = new Uint8Array(sizes.buffer).slice();
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
