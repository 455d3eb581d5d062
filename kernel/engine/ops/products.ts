/** Matrix products. */
import { backend_util, util } from '@tensorflow/tfjs';
import { listed, rule, UncoveredError, type Attrs, type ShapeRules } from './rule';
import { broadcast, wider, type TensorType } from './types';

interface Factors {
  a: unknown;
  b: unknown;
}
export interface Transposes {
  transposeA?: boolean;
  transposeB?: boolean;
}

const product = rule<Factors, Transposes>(({ a, b }, transposes) => ({
  shape: productShape(a, b, transposes),
  dtype: a.dtype,
}));

export const PRODUCTS: ShapeRules = {
  BatchMatMul: product,
  _FusedMatMul: product,
  Einsum: (inputs, attrs) => [einsumType(listed(inputs), equationOf(attrs))],
};

/** Rows, shared size and columns of the two matrices. */
export function matrixSizes(a: TensorType, b: TensorType, { transposeA, transposeB }: Transposes) {
  const [rows, inner] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  return { rows, inner, columns };
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

// --- Einstein's convention ----------------------------------------------------------------------------------------

export function equationOf({ equation }: Attrs): string {
  if (typeof equation !== 'string') throw new UncoveredError('it has no equation');
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
