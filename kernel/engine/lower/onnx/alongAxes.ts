/** Products with constant matrices along the spatial axes of [N, ...spatial, C]: sums and interpolations that separate. */
import type { Edge, Graph } from './graph';
import { reshaped } from './layout';

/** A matrix [rows, columns], row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly elements: Float32Array;
}

/** @param element of row i, column j is the sum of the weights given for them */
export function matrixOf(rows: number, columns: number, weights: Iterable<readonly [number, number, number]>): Matrix {
  const elements = new Float32Array(rows * columns);
  for (const [row, column, weight] of weights) elements[row * columns + column]! += weight;
  return { rows, columns, elements };
}

export function transposed({ rows, columns, elements }: Matrix): Matrix {
  return {
    rows: columns,
    columns: rows,
    elements: elements.map((_, i) => elements[(i % rows) * columns + Math.floor(i / rows)]!),
  };
}

/** Each spatial axis multiplied by its matrix, from the left: an axis of `columns` elements becomes one of `rows`. */
export function alongAxes(g: Graph, x: Edge, shape: readonly number[], matrices: readonly Matrix[]): Edge {
  let [edge, at] = [x, [...shape]];
  matrices.forEach((matrix, i) => {
    if (isIdentity(matrix)) return;
    const axis = i + 1;
    const [outer, inner] = [at.slice(0, axis), at.slice(axis + 1)].map((sizes) => sizes.reduce((a, b) => a * b, 1));
    const stack = reshaped(g, edge, at, [outer!, matrix.columns, inner!]);
    const weights = g.constant(matrix.elements, 'float32', [matrix.rows, matrix.columns]);
    edge = g.op('MatMul', [weights, stack]);
    const to = at.with(axis, matrix.rows);
    edge = reshaped(g, edge, [outer!, matrix.rows, inner!], to);
    at = to;
  });
  return edge;
}

function isIdentity({ rows, columns, elements }: Matrix): boolean {
  return rows === columns && elements.every((element, i) => element === (i % (columns + 1) === 0 ? 1 : 0));
}
