/** Kernels that write or add at given positions; positions may repeat. Those out of range are skipped. */
import { backend_util } from '@tensorflow/tfjs';
import type { Bins, Sparse } from '../../ops/indexing';
import { range } from '../../ops/range';
import { tensorInfo } from '../../ops/slices';
import { sizeOf, wider, type TensorType } from '../../ops/types';
import type { Body, Operand, Region } from './body';
import { lowering, type Lowerings } from './lowering';
import { dimensions } from './text';

const ORDER_OF_SUMMATION = 'sums in float32, tfjs in float64: n terms are within n ulp of the sum of their magnitudes';
const LAST_STAYS = 'where positions repeat, the last one stays on a processor; on a GPU, any of them';

export const SCATTER: Lowerings = {
  /** The gradient of gather; the result is float32, as on tfjs’s cpu backend. */
  UnsortedSegmentSum: lowering<{ x: unknown; segmentIds: unknown }>((b, { x, segmentIds }, _, output) => {
    const indices = b.reshape(segmentIds, [...segmentIds.shape, 1]);
    return scattered(b, b.filled(0, output), indices, b.as(x, 'float32'), added);
  }, ORDER_OF_SUMMATION),
  /** Adds what goes to the same position. */
  ScatterNd: lowering<{ indices: unknown; updates: unknown }>((b, { indices, updates }, _, output) => {
    const dtype = wider(output.dtype, 'int32');
    const table = b.filled(0, { ...output, dtype });
    return b.as(scattered(b, table, indices, b.as(updates, dtype), added), output.dtype);
  }, ORDER_OF_SUMMATION),
  TensorScatterUpdate: lowering<{ tensor: unknown; indices: unknown; updates: unknown }>(
    (b, { tensor, indices, updates }) => scattered(b, tensor, indices, updates, replaced),
    LAST_STAYS,
  ),
  SparseToDense: lowering<Sparse>((b, { sparseIndices, sparseValues, defaultValue }, _, { shape }) => {
    const table = b.broadcast(b.reshape(defaultValue, []), shape);
    return scattered(b, table, sparseIndices, sparseValues, replaced);
  }, LAST_STAYS),
  Bincount: lowering<Bins>((b, { x, weights }, _, output) => binned(b, x, weights, false, output), ORDER_OF_SUMMATION),
  DenseBincount: lowering<Bins, { binaryOutput?: boolean }>(
    // tfjs counts a vector also where it is asked what is there at all.
    (b, { x, weights }, { binaryOutput }, output) =>
      binned(b, x, weights, binaryOutput === true && x.shape.length === 2, output),
    ORDER_OF_SUMMATION,
  ),
};

const added: Region = (body, old, more) => [body.each('add', old!, more!)];
const replaced: Region = (_, __, more) => [more!];

/** As scatterND has it: [n…, depth] indices of the table's leading axes, [n…, ...the other axes] updates. */
function scattered(b: Body, table: Operand, indices: Operand, updates: Operand, combine: Region): Operand {
  const { shape, dtype } = table;
  const info = backend_util.calculateShapes(tensorInfo(updates), tensorInfo(indices), [...shape]);
  const { numUpdates: count, sliceRank: depth } = info;
  const [leading, slice] = [range(0, depth), shape.slice(depth)];
  const rows = [count, ...slice];
  const written = updates.shape.length === 0 ? b.broadcast(updates, rows) : b.reshape(updates, rows);
  const numbers = {
    update_window_dims: range(1, rows.length),
    inserted_window_dims: leading,
    scatter_dims_to_operand_dims: leading,
    index_vector_dim: 1,
  };
  const one: TensorType = { shape: [], dtype };
  const given = [table, b.reshape(indices, [count, depth]), written];
  const attributes = { scatter_dimension_numbers: dimensions('scatter', numbers) };
  return b.op('scatter', given, table, attributes, [b.region([one, one], combine)]);
}

/** How often each value is there, or what it weighs, in each row; `once`: whether it is there. */
function binned(b: Body, x: Operand, weights: Operand, once: boolean, output: TensorType): Operand {
  const dtype = wider(output.dtype, 'int32');
  const count = sizeOf(x);
  const ones = once || sizeOf(weights) === 0;
  const updates = ones ? b.filled(1, { shape: [count], dtype }) : b.reshape(b.as(weights, dtype), [count]);
  const values = b.reshape(x, [count, 1]);
  const rows = () => b.reshape(b.positions(x.shape, 0), [count, 1]);
  const indices = output.shape.length === 2 ? b.concat([rows(), values], 1) : values;
  const table = b.filled(0, { ...output, dtype });
  return b.as(scattered(b, table, indices, updates, once ? replaced : added), output.dtype);
}
