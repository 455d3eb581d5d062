/** Kernels that write or add at given positions; positions may repeat. */
import { backend_util } from '@tensorflow/tfjs';
import type { Bins, Sparse } from '../../ops/indexing';
import { range } from '../../ops/range';
import { tensorInfo } from '../../ops/slices';
import { sizeOf, wider, type Dtype, type TensorType } from '../../ops/types';
import { as, filled } from './elementwise';
import type { Edge, Graph } from './graph';
import { flatPositions } from './indexing';
import { reshaped } from './layout';
import { lowering, type Lowerings, type Operand } from './lowering';

/** Rows that go into a table. */
interface Rows {
  /** [count], int32: the row of the table for each. */
  readonly positions: Edge;
  /** [count, columns] */
  readonly updates: Edge;
  readonly count: number;
  readonly columns: number;
  /** Rows of the table. */
  readonly rows: number;
  readonly dtype: Dtype;
}

const ORDER_OF_SUMMATION = 'sums in float32, tfjs in float64: n terms are within n ulp of the sum of their magnitudes';

export const SCATTER: Lowerings = {
  /** The gradient of gather. Ids out of range are passed over; the result is float32, as on tfjs’s cpu backend. */
  UnsortedSegmentSum: lowering<{ x: unknown; segmentIds: unknown }, { numSegments: number }>({
    nodes(g, { x, segmentIds }, { numSegments }, output) {
      const [count, columns] = [x.shape[0]!, sizeOf({ ...x, shape: x.shape.slice(1) })];
      const updates = reshaped(g, as(g, x, 'float32'), x.shape, [count, columns]);
      const { edge: positions } = segmentIds;
      const sums = added(g, { positions, updates, count, columns, rows: numSegments, dtype: 'float32' });
      return reshaped(g, sums, [numSegments, columns], output.shape);
    },
    precision: ORDER_OF_SUMMATION,
  }),
  /** Adds what goes to the same position; positions out of range are passed over. */
  ScatterNd: lowering<{ indices: unknown; updates: unknown }, { shape: number[] }>({
    nodes(g, { indices, updates }, _, output) {
      const dtype = wider(output.dtype, 'int32');
      const rows = rowsOf(g, indices, { ...updates, edge: as(g, updates, dtype), dtype }, output.shape);
      const edge = reshaped(g, added(g, rows), [rows.rows, rows.columns], output.shape);
      return as(g, { ...output, edge, dtype }, output.dtype);
    },
    precision: ORDER_OF_SUMMATION,
  }),
  TensorScatterUpdate: lowering<{ tensor: unknown; indices: unknown; updates: unknown }>({
    nodes(g, { tensor, indices, updates }) {
      const rows = rowsOf(g, indices, updates, tensor.shape);
      const table = reshaped(g, tensor.edge, tensor.shape, [rows.rows, rows.columns]);
      return reshaped(g, written(g, table, rows), [rows.rows, rows.columns], tensor.shape);
    },
  }),
  SparseToDense: lowering<Sparse, { outputShape: number[] }>({
    nodes(g, { sparseIndices, sparseValues, defaultValue }, _, { shape }) {
      const rows = rowsOf(g, sparseIndices, sparseValues, shape);
      const table = g.op('Expand', [defaultValue.edge, g.ints([rows.rows, rows.columns])]);
      return reshaped(g, written(g, table, rows), [rows.rows, rows.columns], shape);
    },
  }),
  /** Values that are negative or too large are passed over. */
  Bincount: lowering<Bins, { size: number }>({
    nodes: (g, { x, weights }, { size }, output) => binned(g, x, weights, size, false, output),
    precision: ORDER_OF_SUMMATION,
  }),
  DenseBincount: lowering<Bins, { size: number; binaryOutput?: boolean }>({
    nodes: (g, { x, weights }, { size, binaryOutput }, output) =>
      // tfjs counts a vector also where it is asked what is there at all.
      binned(g, x, weights, size, binaryOutput === true && x.shape.length === 2, output),
    precision: ORDER_OF_SUMMATION,
  }),
};

/** As scatterND has it: [n…, depth] indices of the leading axes of a shape, [n…, ...the other axes] updates. */
function rowsOf(g: Graph, indices: Operand, updates: Operand, shape: readonly number[]): Rows {
  const info = backend_util.calculateShapes(tensorInfo(updates), tensorInfo(indices), [...shape]);
  const { numUpdates: count, sliceSize: columns, outputSize, sliceRank } = info;
  const positions = flatPositions(g, indices, shape.slice(0, sliceRank));
  const one = updates.shape.length === 0;
  const edge = one
    ? g.op('Expand', [updates.edge, g.ints([count, columns])])
    : reshaped(g, updates.edge, updates.shape, [count, columns]);
  return { positions, updates: edge, count, columns, rows: outputSize / columns, dtype: updates.dtype };
}

/**
 * Sums of the rows that share a position; positions out of range are passed over.
 *
 * For few positions this is a product with a matrix of ones: it runs on all cores, and on GPUs without atomics. Else each
 * row is added in turn. ONNX Runtime's ScatterND is ten times faster, but adds from several threads without locks: rows
 * that share a position get lost.
 */
function added(g: Graph, { positions, updates, count, columns, rows, dtype }: Rows): Edge {
  const few = rows <= Math.min(8 * columns, 512) || g.target === 'webgpu';
  if (dtype === 'float32' && few && rows * count <= 2 ** 24) {
    const ids = g.constant(Int32Array.from(range(0, rows)), 'int32', [rows, 1]);
    const shares = g.cast(g.op('Equal', [ids, g.reshape(positions, [1, count])]), 'float32');
    return g.op('MatMul', [shares, updates]);
  }
  // One row more takes what is out of range.
  const table = filled(g, 0, { shape: [rows + 1, columns], dtype });
  const inRange = g.op('Where', [inside(g, positions, rows), positions, g.scalar(rows, 'int32')]);
  const sums = written(g, table, { positions: inRange, updates, count, columns, rows, dtype }, 'add');
  return g.slice(sums, [0], [rows], [0]);
}

/** The table with its rows replaced, or added to. ScatterElements goes through them in order: the last one stays. */
function written(g: Graph, table: Edge, { positions, updates, count, columns }: Rows, reduction = 'none'): Edge {
  const column = g.reshape(positions, [count, 1]);
  const indices = columns === 1 ? column : g.op('Expand', [column, g.ints([count, columns])]);
  return g.op('ScatterElements', [table, indices, updates], { axis: 0, reduction });
}

function inside(g: Graph, positions: Edge, rows: number): Edge {
  const notNegative = g.op('GreaterOrEqual', [positions, g.scalar(0, 'int32')]);
  return g.op('And', [notNegative, g.op('Less', [positions, g.scalar(rows, 'int32')])]);
}

/** How often each value is there, or what it weighs, in each row; `once`: whether it is there. */
function binned(g: Graph, x: Operand, weights: Operand, size: number, once: boolean, output: TensorType): Edge {
  const [count, batch] = [sizeOf(x), x.shape.length === 2 ? x.shape[0]! : 1];
  const dtype = wider(output.dtype, 'int32');
  const ones = once || sizeOf(weights) === 0;
  const updates = ones ? filled(g, 1, { shape: [count, 1], dtype }) : g.reshape(as(g, weights, dtype), [count, 1]);
  // Each row of x has its own bins, and one more for what is out of range.
  const bins = size + 1;
  const starts = Int32Array.from(range(0, batch), (row) => row * bins);
  const values = g.op('Where', [inside(g, x.edge, size), x.edge, g.scalar(size, 'int32')]);
  const moved = g.op('Add', [g.reshape(values, [batch, count / batch]), g.constant(starts, 'int32', [batch, 1])]);
  const table = filled(g, 0, { shape: [batch * bins, 1], dtype });
  const rows = { positions: moved, updates, count, columns: 1, rows: batch * bins, dtype };
  const all = g.reshape(written(g, table, rows, once ? 'none' : 'add'), [batch, bins]);
  const edge = reshaped(g, g.slice(all, [0], [size], [1]), [batch, size], output.shape);
  return as(g, { ...output, edge, dtype }, output.dtype);
}
