/** Kernels that read, write or add at given positions. */
import { backend_util, util } from '@tensorflow/tfjs';
import { rule, supported, UncoveredError, type ShapeRules } from './rule';
import { tensorInfo } from './slices';
import { float32, type TensorType } from './types';

export interface Gather {
  axis: number;
  batchDims: number;
}
export interface Bins {
  x: unknown;
  weights: unknown;
}
export interface Sparse {
  sparseIndices: unknown;
  sparseValues: unknown;
  defaultValue: unknown;
}

export const INDEXING: ShapeRules = {
  // --- reading ----------------------------------------------------------------------------------------------------
  GatherV2: rule<{ x: unknown; indices: unknown }, Gather>(({ x, indices }, attrs) => ({
    ...x,
    shape: gatherShape(x, indices, attrs).outputShape,
  })),
  GatherNd: rule<{ params: unknown; indices: unknown }>(({ params, indices }) => ({
    ...params,
    shape: backend_util.prepareAndValidate(tensorInfo(params), tensorInfo(indices))[0],
  })),
  TopK({ x }, { k }) {
    const shape = x!.shape.with(-1, Number(k));
    return [
      { ...x!, shape },
      { shape, dtype: 'int32' },
    ];
  },
  SearchSorted: rule<{ values: unknown }>(({ values }) => ({ shape: values.shape, dtype: 'int32' })),
  OneHot: rule<{ indices: unknown }, { depth: number; dtype: string }>(({ indices }, { depth, dtype }) => ({
    shape: [...indices.shape, depth],
    dtype: supported(dtype),
  })),

  // --- writing and adding -----------------------------------------------------------------------------------------
  /** The result is float32, as on tfjs’s cpu backend. */
  UnsortedSegmentSum: rule<{ x: unknown; segmentIds: unknown }, { numSegments: number }>(
    ({ x, segmentIds }, { numSegments }) => {
      if (segmentIds.shape.length !== 1) throw new UncoveredError('segment ids of more than one axis are not covered');
      return float32([numSegments, ...x.shape.slice(1)]);
    },
  ),
  ScatterNd: rule<{ updates: unknown }, { shape: number[] }>(({ updates }, { shape }) => ({ ...updates, shape })),
  TensorScatterUpdate: rule<{ tensor: unknown }>(({ tensor }) => tensor),
  SparseToDense: rule<{ sparseValues: unknown }, { outputShape: number[] }>(({ sparseValues }, { outputShape }) => ({
    ...sparseValues,
    shape: outputShape,
  })),
  Bincount: rule<Bins, { size: number }>(({ weights }, { size }) => ({ shape: [size], dtype: weights.dtype })),
  DenseBincount: rule<Bins, { size: number }>(({ x, weights }, { size }) => ({
    shape: [...x.shape.slice(0, -1), size],
    dtype: weights.dtype,
  })),
};

export function gatherShape(x: TensorType, indices: TensorType, { axis, batchDims }: Gather) {
  const along = util.parseAxisParam(axis, [...x.shape])[0]!;
  return backend_util.segment_util.collectGatherOpShapeInfo(tensorInfo(x), tensorInfo(indices), along, batchDims ?? 0);
}
