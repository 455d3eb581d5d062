/** Products with constant matrices along the spatial axes of [N, ...spatial, C]: sums and interpolations that separate. */
import type { Edge, Graph } from './graph';
import { isIdentity, type Matrix } from '../common/matrices';
import { reshaped } from './layout';

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
