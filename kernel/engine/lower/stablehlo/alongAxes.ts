/** Products with constant matrices along axes: sums and interpolations that separate. */
import { isIdentity, type Matrix } from '../common/matrices';
import { range } from '../../ops/range';
import type { Body, Operand } from './body';

/** An axis of `columns` elements becomes one of `rows`. What is exact in float32 stays so, whatever the text's precision. */
export function alongAxis(b: Body, x: Operand, axis: number, matrix: Matrix): Operand {
  if (isIdentity(matrix)) return x;
  const weights = b.constant(matrix.elements, { shape: [matrix.rows, matrix.columns], dtype: 'float32' });
  // The axis comes out last.
  const product = b.dot(x, weights, { over: [[axis], [1]] }, 'HIGHEST');
  const last = x.shape.length - 1;
  return b.transpose(product, [...range(0, axis), last, ...range(axis, last)]);
}

/** Each spatial axis of [N, ...spatial, C] by its matrix. */
export function alongAxes(b: Body, x: Operand, matrices: readonly Matrix[]): Operand {
  return matrices.reduce((image, matrix, i) => alongAxis(b, image, 1 + i, matrix), x);
}
