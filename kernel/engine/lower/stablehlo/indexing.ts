/** Kernels that read at given positions. One out of range reads the nearest that is in range. */
import type { Gather } from '../../ops/indexing';
import { range } from '../../ops/range';
import { wider, type TensorType } from '../../ops/types';
import { util } from '@tensorflow/tfjs';
import type { Body, Operand } from './body';
import { lowering, type Lowerings } from './lowering';
import { dimensions, i64, i64s } from './text';

interface OneHot {
  depth: number;
  onValue: number;
  offValue: number;
}

export const INDEXING: Lowerings = {
  GatherV2: lowering<{ x: unknown; indices: unknown }, Gather>((b, { x, indices }, { axis, batchDims = 0 }, output) => {
    const along = util.parseAxisParam(axis, [...x.shape])[0]!;
    const leading = batchDims < 0 ? batchDims + indices.shape.length : batchDims;
    return gathered(b, x, indices, along, leading, output);
  }),
  GatherNd: lowering<{ params: unknown; indices: unknown }>((b, { params, indices }, _, output) => {
    const depth = indices.shape.at(-1)!;
    if (depth === 0) return b.broadcast(params, output.shape);
    const [leading, last] = [range(0, depth), indices.shape.length - 1];
    return b.op('gather', [params, indices], output, {
      dimension_numbers: dimensions('gather', {
        offset_dims: range(last, output.shape.length),
        collapsed_slice_dims: leading,
        start_index_map: leading,
        index_vector_dim: last,
      }),
      slice_sizes: i64s(params.shape.map((size, axis) => (axis < depth ? 1 : size))),
    });
  }),
  TopK: {
    write(b, { x }, { k }, outputs) {
      const numbers = b.as(x!, wider(x!.dtype, 'int32'));
      const axis = x!.shape.length - 1;
      const [value, place] = [{ shape: [], dtype: numbers.dtype } as const, { shape: [], dtype: 'int32' } as const];
      const larger = b.region([value, value, place, place], (body, one, other) => [body.compare('GT', one!, other!)]);
      const given = [numbers, b.positions(x!.shape, axis)];
      const sorted = b.ops('sort', given, given, { dimension: i64(axis), is_stable: 'true' }, [larger]);
      const none = x!.shape.map(() => 0);
      return sorted.map((all, i) => b.as(b.slice(all, none, x!.shape.with(-1, Number(k))), outputs[i]!.dtype));
    },
    precision: 'sorted also where that is not asked for; where there is NaN, the order is XLA’s choice',
  },
  /** The number of elements that are below each value; for `right`, of those that are not above it. */
  SearchSorted: lowering<{ sortedSequence: unknown; values: unknown }, { side: 'left' | 'right' }>(
    (b, { sortedSequence, values }, { side }) => {
      const dtype = wider(wider(sortedSequence.dtype, values.dtype), 'int32');
      const [batch, size] = sortedSequence.shape;
      const sequence = b.reshape(b.as(sortedSequence, dtype), [batch!, 1, size!]);
      const each = b.reshape(b.as(values, dtype), [...values.shape, 1]);
      const before = b.compare(side === 'left' ? 'LT' : 'LE', sequence, each);
      return b.reduce(b.as(before, 'int32'), [2], 'add', 0);
    },
  ),
  /** Positions out of range make a row of off values. */
  OneHot: lowering<{ indices: unknown }, OneHot>((b, { indices }, { onValue, offValue }, { shape, dtype }) => {
    const places = b.positions(shape, shape.length - 1);
    const hot = b.compare('EQ', b.reshape(indices, [...indices.shape, 1]), places);
    const computed = wider(dtype, 'int32');
    return b.as(b.select(hot, b.scalar(onValue, computed), b.scalar(offValue, computed)), dtype);
  }),
};

/** The slices at constant positions along an axis. */
export function taken(b: Body, x: Operand, positions: readonly number[], axis: number): Operand {
  const indices = b.constant(Int32Array.from(positions), { shape: [positions.length], dtype: 'int32' });
  return gathered(b, x, indices, axis, 0, { shape: x.shape.with(axis, positions.length), dtype: x.dtype });
}

/** The slices at these positions along an axis; the leading axes of both, `batchDims` of them, go together. */
export function gathered(
  b: Body,
  x: Operand,
  indices: Operand,
  axis: number,
  batchDims: number,
  output: TensorType,
): Operand {
  const batch = range(0, batchDims);
  const behind = axis + indices.shape.length - batchDims;
  return b.op('gather', [x, indices], output, {
    dimension_numbers: dimensions('gather', {
      offset_dims: [...range(batchDims, axis), ...range(behind, output.shape.length)],
      collapsed_slice_dims: [axis],
      operand_batching_dims: batch,
      start_indices_batching_dims: batch,
      start_index_map: [axis],
      index_vector_dim: indices.shape.length,
    }),
    slice_sizes: i64s(x.shape.map((size, i) => (i < batchDims || i === axis ? 1 : size))),
  });
}
