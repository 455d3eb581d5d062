/** Kernels that cut out, turn round, pad and repeat. */
import { backend_util, slice_util, util, type TensorInfo } from '@tensorflow/tfjs';
import { range } from './range';
import { rule, shared, type ShapeRules } from './rule';
import type { TensorType } from './types';

interface X {
  x: unknown;
}
/** Elements before and after, for each axis. */
export type Padding = readonly (readonly [number, number])[];
type Dims = number | number[] | null;
export interface StridedSlice {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

const padded = rule<X, { paddings: Padding }>(({ x }, { paddings }) => ({ ...x, shape: paddedShape(x, paddings) }));

export const SLICES: ShapeRules = {
  Slice: rule<X, { begin: number | number[]; size: number | number[] }>(({ x }, { begin, size }) => {
    const [starts, sizes] = slice_util.parseSliceParams(tensorInfo(x), begin, size);
    slice_util.assertParamsValid(tensorInfo(x), starts!, sizes!);
    return { ...x, shape: sizes! };
  }),
  StridedSlice: rule<X, StridedSlice>(({ x }, attrs) => ({ ...x, shape: stridesOf(x, attrs).finalShape })),
  Reverse: rule<X, { dims: Dims }>(({ x }, { dims }) => {
    axesOf(x, dims);
    return x;
  }),
  FlipLeftRight: rule<{ image: unknown }>(({ image }) => image),
  ...shared(padded, 'PadV2', 'MirrorPad'),
  Tile: rule<X, { reps: number[] }>(({ x }, { reps }) => ({ ...x, shape: x.shape.map((size, i) => size * reps[i]!) })),
  BroadcastTo: rule<X, { shape: number[] }>(({ x }, { shape }) => ({
    ...x,
    shape: backend_util.assertAndGetBroadcastShape([...x.shape], shape),
  })),
};

/** Counted from the front; all of them where none is named. @throws when there is no such axis */
export function axesOf({ shape }: TensorType, dims: Dims): number[] {
  return util.parseAxisParam(dims ?? range(0, shape.length), [...shape]);
}

export function paddedShape({ shape }: TensorType, padding: Padding): number[] {
  return padding.map(([before, after], axis) => before + shape[axis]! + after);
}

export function stridesOf(x: TensorType, attrs: StridedSlice) {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
  return slice_util.sliceInfo([...x.shape], begin, end, strides, ...masks);
}

/** A type in the form that tfjs's own shape functions take. */
export function tensorInfo({ shape, dtype }: TensorType): TensorInfo {
  return { dataId: {}, shape: [...shape], dtype };
}
