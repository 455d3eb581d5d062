/** Matrix products. */
import { backend_util, util } from '@tensorflow/tfjs';
import type { TensorType } from '../trace/program';
import { activated, type Activation } from './activation';
import { as, asFloat, broadcast, wider } from './elementwise';
import type { Edge, Graph } from './graph';
import { reshaped } from './layout';
import { listed, lowering, LoweringError, type Attrs, type Lowerings, type Operand } from './lowering';

interface Factors {
  a: unknown;
  b: unknown;
}
interface Transposes {
  transposeA?: boolean;
  transposeB?: boolean;
}

export const PRODUCTS: Lowerings = {
  BatchMatMul: lowering<Factors, Transposes>({
    infer: ({ a, b }, transposes) => ({ shape: productShape(a, b, transposes), dtype: a.dtype }),
    nodes: (g, { a, b }, transposes, output) => product(g, a, b, transposes, output),
    precision: 'whole numbers in float32: exact while the sums stay below 2²⁴',
  }),
  _FusedMatMul: lowering<Factors & { bias?: unknown; preluActivationWeights?: unknown }, Transposes & Activation>({
    infer: ({ a, b }, attrs) => ({ shape: productShape(a, b, attrs), dtype: a.dtype }),
    nodes(g, { a, b, bias, preluActivationWeights }, attrs, output) {
      const edge = product(g, a, b, attrs, output, bias);
      return activated(g, { edge, ...output }, attrs, preluActivationWeights);
    },
  }),
  Einsum: {
    infer: (inputs, attrs) => [einsumType(listed(inputs), equationOf(attrs))],
    nodes(g, inputs, attrs, [output]) {
      const edges = listed(inputs).map((operand) => as(g, operand, output!.dtype));
      return [g.op('Einsum', edges, { equation: equationOf(attrs) })];
    },
  },
};

/** Rows, shared size and columns of the two matrices. */
function matrixSizes(a: TensorType, b: TensorType, { transposeA, transposeB }: Transposes) {
  const [rows, inner] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  return { rows, inner, columns };
}

function batchOf({ shape }: TensorType): number {
  return shape.slice(0, -2).reduce((product, size) => product * size, 1);
}

function productShape(a: TensorType, b: TensorType, transposes: Transposes): number[] {
  const shapes = `[${a.shape.join()}] and [${b.shape.join()}]`;
  util.assert(
    a.shape.length >= 2 && b.shape.length >= 2,
    () => `Error in matMul: the factors must be matrices or batches of them, but their shapes are ${shapes}.`,
  );
  const { rows, inner, columns } = matrixSizes(a, b, transposes);
  const innerB = b.shape.at(transposes.transposeB ? -1 : -2)!;
  util.assert(inner === innerB, () => {
    const { transposeA = false, transposeB = false } = transposes;
    const turned = `transposeA=${transposeA} and transposeB=${transposeB}`;
    return `Error in matMul: inner shapes (${inner}) and (${innerB}) of shapes ${shapes} with ${turned} must match.`;
  });
  const outer = ({ shape, dtype }: TensorType): TensorType => ({ shape: shape.slice(0, -2), dtype });
  return [...broadcast(outer(a), outer(b)), rows, columns];
}

/** a·b + bias: a single matrix product where the batches make one matrix. */
function product(g: Graph, a: Operand, b: Operand, transposes: Transposes, output: TensorType, bias?: Operand): Edge {
  if (output.dtype !== 'float32') return wholeProduct(g, a, b, transposes, output, bias);
  const { rows, inner, columns } = matrixSizes(a, b, transposes);
  const { transposeA = false, transposeB = false } = transposes;
  const added = (edge: Edge): Edge => (bias ? g.op('Add', [edge, asFloat(g, bias)]) : edge);
  if (batchOf(b) !== 1 || (batchOf(a) !== 1 && transposeA)) return added(batched(g, a, b, transposes));

  const height = rows * batchOf(a);
  const matrix = (x: Operand, shape: number[]) => reshaped(g, asFloat(g, x), x.shape, shape);
  const left = matrix(a, transposeA ? [inner, height] : [height, inner]);
  const right = matrix(b, transposeB ? [columns, inner] : [inner, columns]);
  const ofColumns = bias?.shape.at(-1) === columns && bias.shape.slice(0, -1).every((size) => size === 1);
  const columnBias = bias && ofColumns ? matrix(bias, [columns]) : undefined;
  const edge = matrixProduct(g, left, right, { transposeA, transposeB, bias: columnBias });
  const result = reshaped(g, edge, [height, columns], output.shape);
  return columnBias === undefined ? added(result) : result;
}

/** a·b + bias of two matrices, either of which may be transposed first; bias: [columns]. */
export function matrixProduct(
  g: Graph,
  a: Edge,
  b: Edge,
  { transposeA = false, transposeB = false, bias }: Transposes & { bias?: Edge | undefined } = {},
): Edge {
  const attributes = { transA: Number(transposeA), transB: Number(transposeB) };
  return g.op('Gemm', bias === undefined ? [a, b] : [a, b, bias], attributes);
}

/** The products of batches, matrix by matrix. ONNX Runtime takes the transposes into the product where it can. */
function batched(g: Graph, a: Operand, b: Operand, { transposeA, transposeB }: Transposes): Edge {
  const turned = (x: Operand, transpose = false): Edge => {
    const [row, column] = [x.shape.length - 2, x.shape.length - 1];
    return transpose ? g.transpose(asFloat(g, x), [...x.shape.keys()].slice(0, -2).concat(column, row)) : asFloat(g, x);
  };
  return g.op('MatMul', [turned(a, transposeA), turned(b, transposeB)]);
}

/** The product of whole numbers, in float32: exact while the sums stay below 2²⁴. */
function wholeProduct(
  g: Graph,
  a: Operand,
  b: Operand,
  transposes: Transposes,
  output: TensorType,
  bias?: Operand,
): Edge {
  const float: TensorType = { shape: output.shape, dtype: 'float32' };
  return g.cast(product(g, a, b, transposes, float, bias), output.dtype);
}

// --- Einstein's convention ----------------------------------------------------------------------------------------

function equationOf({ equation }: Attrs): string {
  if (typeof equation !== 'string') throw new LoweringError('Einsum has no equation');
  return equation.replace(/\s/g, '');
}

function einsumType(operands: readonly TensorType[], equation: string): TensorType {
  const { allDims: labels, idDims } = backend_util.decodeEinsumEquation(equation, operands.length);
  const sizes: number[] = [];
  idDims.forEach((dims, i) => {
    const { shape } = operands[i]!;
    const found = `input shaped [${shape.join()}] in ${equation}`;
    util.assert(dims.length === shape.length, () => `Expected an axis for each label of input ${i}, got ${found}.`);
    dims.forEach((dim, axis) => {
      const size = (sizes[dim] ??= shape[axis]!);
      util.assert(size === shape[axis], () => `Expected dimension ${size} at axis ${axis} of ${found}.`);
    });
  });
  const result = equation.slice(equation.indexOf('->') + 2);
  return {
    shape: [...result].map((label) => sizes[labels.indexOf(label)]!),
    dtype: operands.map(({ dtype }) => dtype).reduce(wider),
  };
}
