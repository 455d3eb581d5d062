/** Matrix products. */
import { equationOf, matrixSizes, type Transposes } from '../../ops/products';
import { listed } from '../../ops/rule';
import type { TensorType } from '../../ops/types';
import type { Activation } from '../common/activation';
import { activated } from './activation';
import { as, asFloat } from './elementwise';
import type { Edge, Graph } from './graph';
import { reshaped } from './layout';
import { lowering, type Lowerings, type Operand } from './lowering';

interface Factors {
  a: unknown;
  b: unknown;
}

export const PRODUCTS: Lowerings = {
  BatchMatMul: lowering<Factors, Transposes>({
    nodes: (g, { a, b }, transposes, output) => product(g, a, b, transposes, output),
    precision: 'whole numbers in float32: exact while the sums stay below 2²⁴',
  }),
  _FusedMatMul: lowering<Factors & { bias?: unknown; preluActivationWeights?: unknown }, Transposes & Activation>({
    nodes(g, { a, b, bias, preluActivationWeights }, attrs, output) {
      const edge = product(g, a, b, attrs, output, bias);
      return activated(g, { edge, ...output }, attrs, preluActivationWeights);
    },
  }),
  Einsum: {
    nodes(g, inputs, attrs, [output]) {
      const edges = listed(inputs).map((operand) => as(g, operand, output!.dtype));
      return [g.op('Einsum', edges, { equation: equationOf(attrs) })];
    },
  },
};

function batchOf({ shape }: TensorType): number {
  return shape.slice(0, -2).reduce((product, size) => product * size, 1);
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

/** a·b + bias of two matrices; either may be transposed first; bias: [columns]. */
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
