/**
 * Kernels that read at given positions. A position out of range is an error of the runtime, where not said otherwise; but
 * ONNX counts negative ones from the end, and of several axes taken as one, the position may be in range all the same.
 */
import { gatherShape, type Gather } from '../../ops/indexing';
import { range } from '../../ops/range';
import { sizeOf, wider, type TensorType } from '../../ops/types';
import { as, filled } from './elementwise';
import type { Edge, Graph } from './graph';
import { permuted, reshaped } from './layout';
import { lowering, type Lowerings, type Operand } from './lowering';

interface OneHot {
  depth: number;
  onValue: number;
  offValue: number;
  dtype: string;
}

export const INDEXING: Lowerings = {
  GatherV2: lowering<{ x: unknown; indices: unknown }, Gather>({
    nodes: (g, { x, indices }, attrs, output) =>
      attrs.batchDims
        ? gatherInBatches(g, x, indices, attrs, output)
        : g.op('Gather', [x.edge, indices.edge], { axis: attrs.axis }),
  }),
  GatherNd: lowering<{ params: unknown; indices: unknown }>({
    nodes(g, { params, indices }, _, output) {
      const depth = indices.shape.at(-1)!;
      if (depth === 0) return g.op('Expand', [params.edge, g.ints(output.shape)]);
      const [rows, columns] = [params.shape.slice(0, depth), params.shape.slice(depth)];
      const table = reshaped(g, params.edge, params.shape, [product(rows), ...columns]);
      const gathered = g.op('Gather', [table, flatPositions(g, indices, rows)], { axis: 0 });
      return reshaped(g, gathered, [sizeOf(indices) / depth, ...columns], output.shape);
    },
  }),
  TopK: {
    nodes(g, { x }, { k }, outputs) {
      if (sizeOf(outputs[0]!) === 0) return outputs.map((output) => filled(g, 0, output));
      const dtype = wider(x!.dtype, 'int32');
      const [values, positions] = g.ops('TopK', [as(g, x!, dtype), g.ints([Number(k)])], 2, { axis: -1 });
      return [as(g, { ...outputs[0]!, edge: values!, dtype }, x!.dtype), g.cast(positions!, 'int32')];
    },
    precision: 'sorted also where that is not asked for; where there is NaN, the order is the runtime’s choice',
  },
  /** The number of elements that are below each value; for `right`, of those that are not above it. */
  SearchSorted: lowering<{ sortedSequence: unknown; values: unknown }, { side: 'left' | 'right' }>({
    nodes(g, { sortedSequence, values }, { side }) {
      const dtype = wider(wider(sortedSequence.dtype, values.dtype), 'int32');
      const [batch, size] = sortedSequence.shape;
      const sequence = g.reshape(as(g, sortedSequence, dtype), [batch!, 1, size!]);
      const each = g.reshape(as(g, values, dtype), [...values.shape, 1]);
      const before = g.op(side === 'left' ? 'Less' : 'LessOrEqual', [sequence, each]);
      return g.op('ReduceSum', [g.cast(before, 'int32'), g.ints([2])], { keepdims: 0 });
    },
  }),
  /** Positions out of range make a row of off values. ONNX counts negative ones from the end, so it is not asked. */
  OneHot: lowering<{ indices: unknown }, OneHot>({
    nodes(g, { indices }, { depth, onValue, offValue }, { shape, dtype }) {
      const positions = g.constant(Int32Array.from(range(0, depth)), 'int32', [depth]);
      const hot = g.op('Equal', [g.reshape(indices.edge, [...indices.shape, 1]), positions]);
      if (onValue === 1 && offValue === 0) return as(g, { shape, edge: hot, dtype: 'bool' }, dtype);
      const computed = wider(dtype, 'int32');
      const edge = g.op('Where', [hot, g.scalar(onValue, computed), g.scalar(offValue, computed)]);
      return as(g, { shape, edge, dtype: computed }, dtype);
    },
  }),
};

/**
 * Positions in the rows of a table of several leading axes: of [n…, depth] coordinates, n positions.
 *
 * @param shape of those axes
 */
export function flatPositions(g: Graph, indices: Operand, shape: readonly number[]): Edge {
  const count = sizeOf(indices) / shape.length;
  if (shape.length === 1) return reshaped(g, indices.edge, indices.shape, [count]);
  const strides = Int32Array.from(shape, (_, axis) => product(shape.slice(axis + 1)));
  const coordinates = reshaped(g, indices.edge, indices.shape, [count, shape.length]);
  const parts = g.op('Mul', [coordinates, g.constant(strides, 'int32', [shape.length])]);
  return g.op('ReduceSum', [parts, g.ints([1])], { keepdims: 0 });
}

/** Puts all batches under one another, and moves their positions along. */
function gatherInBatches(g: Graph, x: Operand, indices: Operand, attrs: Gather, output: TensorType): Edge {
  const { batchSize, outerSize, dimSize, sliceSize } = gatherShape(x, indices, attrs);
  const each = sizeOf(indices) / batchSize;
  const blocks = [batchSize, outerSize, dimSize, sliceSize];
  const rows = permuted(g, reshaped(g, x.edge, x.shape, blocks), blocks, [0, 2, 1, 3]);
  const starts = Int32Array.from(range(0, batchSize), (batch) => batch * dimSize);
  const own = g.op('Add', [
    reshaped(g, indices.edge, indices.shape, [batchSize, each]),
    g.constant(starts, 'int32', [batchSize, 1]),
  ]);
  const gathered = g.op('Gather', [g.reshape(rows, [batchSize * dimSize, outerSize, sliceSize]), own], { axis: 0 });
  return g.reshape(permuted(g, gathered, [batchSize, each, outerSize, sliceSize], [0, 2, 1, 3]), output.shape);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
