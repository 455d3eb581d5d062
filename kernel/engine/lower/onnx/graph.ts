/** Builds an ONNX graph, node by node. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import type { Dtype } from '../../ops/types';
import type { Elements } from '../../trace/program';

/** The name of a value in the graph. */
export type Edge = string;

/** Who will run the graph: providers differ in the operators that they have and that are fast. */
export type Target = 'cpu' | 'webgpu' | 'portable';

/** Element types of ONNX tensors that lowerings use. */
export type OnnxDtype = Dtype | 'int64' | 'float64' | 'uint8';

/** A whole number is an INT, any other a FLOAT; see {@link float} for whole FLOATs. */
export type Attribute = number | string | readonly number[] | FloatAttribute;
export type Attributes = Readonly<Record<string, Attribute>>;

interface FloatAttribute {
  readonly float: number;
}

/** A FLOAT attribute, whole or not. */
export function float(value: number): FloatAttribute {
  return { float: value };
}

/** Size of an axis: a number, or the name of one that is free. */
export type Dimension = number | string;

/** Version of ONNX's operators that all lowerings are written in. */
export const OPSET = 18;
const IR_VERSION = 9;
/** ONNX Runtime's own operators. */
export const MICROSOFT = 'com.microsoft';
/** ONNX Runtime's operators on images in its blocked layout; internal to it, as the pinned version has them. */
export const NCHWC = 'com.microsoft.nchwc';

export class Graph {
  private readonly nodes: NodeProto[] = [];
  private readonly initializers: TensorProto[] = [];
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];
  private readonly constants = new Map<string, Edge>();
  private count = 0;

  constructor(readonly target: Target) {}

  /** A node with one output. */
  op(type: string, inputs: readonly (Edge | undefined)[], attributes: Attributes = {}): Edge {
    return this.ops(type, inputs, 1, attributes)[0]!;
  }

  /** A node of ONNX Runtime's own. */
  microsoftOp(type: string, inputs: readonly (Edge | undefined)[], attributes: Attributes = {}): Edge {
    return this.node(type, inputs, 1, attributes, MICROSOFT)[0]!;
  }

  /** A node on images in the blocked layout. */
  nchwcOp(type: string, inputs: readonly (Edge | undefined)[], attributes: Attributes = {}): Edge {
    return this.node(type, inputs, 1, attributes, NCHWC)[0]!;
  }

  /** A node with several outputs. */
  ops(type: string, inputs: readonly (Edge | undefined)[], outputs: number, attributes: Attributes = {}): Edge[] {
    return this.node(type, inputs, outputs, attributes, '');
  }

  /** Gives a value another name, one that it has outside. */
  named(edge: Edge, name: string): void {
    this.nodes.push(create(NodeProtoSchema, { opType: 'Identity', input: [edge], output: [name] }));
  }

  input(name: string, dtype: OnnxDtype, shape: readonly Dimension[]): Edge {
    this.inputs.push(valueInfo(name, dtype, shape));
    return name;
  }

  output(name: string, dtype: OnnxDtype, shape: readonly Dimension[]): void {
    this.outputs.push(valueInfo(name, dtype, shape));
  }

  /** A tensor of the graph; equal small ones are one. */
  constant(elements: Elements | BigInt64Array | Float64Array, dtype: OnnxDtype, shape: readonly number[]): Edge {
    const key = elements.length <= 16 ? `${dtype}[${shape.join()}]${Array.from(elements, bits).join()}` : undefined;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.freshName('constant');
    const rawData = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength).slice();
    this.initializers.push(
      create(TensorProtoSchema, { name, dataType: ONNX_TYPES[dtype], dims: shape.map(BigInt), rawData }),
    );
    if (key !== undefined) this.constants.set(key, name);
    return name;
  }

  scalar(value: number, dtype: Dtype = 'float32'): Edge {
    switch (dtype) {
      case 'float32':
        return this.constant(Float32Array.of(value), dtype, []);
      case 'int32':
        return this.constant(Int32Array.of(value), dtype, []);
      case 'bool':
        return this.constant(Uint8Array.of(value), dtype, []);
    }
  }

  /** An int64 list, as shapes, axes and the like are given. */
  ints(values: readonly number[]): Edge {
    return this.constant(BigInt64Array.from(values, BigInt), 'int64', [values.length]);
  }

  cast(edge: Edge, to: OnnxDtype): Edge {
    return this.op('Cast', [edge], { to: ONNX_TYPES[to] });
  }

  reshape(edge: Edge, shape: readonly number[]): Edge {
    // allowzero: a 0 is an empty axis here, not “as before”.
    return this.op('Reshape', [edge, this.ints(shape)], shape.includes(0) ? { allowzero: 1 } : {});
  }

  transpose(edge: Edge, perm: readonly number[]): Edge {
    return perm.every((axis, i) => axis === i) ? edge : this.op('Transpose', [edge], { perm });
  }

  slice(edge: Edge, starts: number[], ends: number[], axes: number[], steps?: number[]): Edge {
    const inputs = [edge, this.ints(starts), this.ints(ends), this.ints(axes)];
    return this.op('Slice', steps ? [...inputs, this.ints(steps)] : inputs);
  }

  /** As the bytes of a model file. */
  model(name: string, documentation = ''): Uint8Array {
    const opset = (domain: string, version: number) =>
      create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) });
    const extensions = [MICROSOFT, NCHWC].filter((own) => this.nodes.some(({ domain }) => domain === own));
    const { nodes: node, initializers: initializer, inputs: input, outputs: output } = this;
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      producerName: 'latentlab',
      docString: documentation,
      opsetImport: [opset('', OPSET), ...extensions.map((domain) => opset(domain, 1))],
      graph: create(GraphProtoSchema, { name, node, initializer, input, output }),
    });
    return toBinary(ModelProtoSchema, model);
  }

  private node(
    opType: string,
    inputs: readonly (Edge | undefined)[],
    outputs: number,
    attributes: Attributes,
    domain: string,
  ): Edge[] {
    const output = Array.from({ length: outputs }, () => this.freshName(opType));
    this.nodes.push(
      create(NodeProtoSchema, {
        name: output[0],
        opType,
        domain,
        // One that is left out at the end is not named: some of ONNX Runtime's WebGPU kernels read it, and end the process.
        input: inputs.slice(0, inputs.findLastIndex((input) => input !== undefined) + 1).map((input) => input ?? ''),
        output,
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    );
    return output;
  }

  private freshName(kind: string): Edge {
    return `${kind}_${++this.count}`;
  }
}

const ONNX_TYPES: Record<OnnxDtype, DataType> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  int32: DataType.INT32,
  int64: DataType.INT64,
  uint8: DataType.UINT8,
  bool: DataType.BOOL,
};

/** Tells −0 from 0 and keeps NaN. */
function bits(value: number | bigint): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  if (typeof value === 'object' && 'float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  }
  if (typeof value === 'object') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
  }
  if (Number.isInteger(value)) return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value });
}

function valueInfo(name: string, dtype: OnnxDtype, shape: readonly Dimension[]): ValueInfoProto {
  const dim = shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: ONNX_TYPES[dtype],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  const type = create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } });
  return create(ValueInfoProtoSchema, { name, type });
}
