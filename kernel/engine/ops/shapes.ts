/** Kernels that give the same elements another shape, join tensors or split them. */
import { backend_util, slice_util, util } from '@tensorflow/tfjs';
import { range } from './range';
import { listed, rule, UncoveredError, type Attrs, type ShapeRules } from './rule';
import { paddedShape, tensorInfo, type Padding } from './slices';
import { sizeOf, type TensorType } from './types';

interface X {
  x: unknown;
}
interface Blocks {
  blockShape: number[];
}
type Paddings = Blocks & { paddings: number[][] };
type Crops = Blocks & { crops: number[][] };

export const SHAPES: ShapeRules = {
  // --- other shapes of the same elements --------------------------------------------------------------------------
  Reshape: rule<X, { shape: number[] }>(({ x }, { shape }) => ({
    ...x,
    shape: util.inferFromImplicitShape(shape, sizeOf(x)),
  })),
  ExpandDims: rule<{ input: unknown }, { dim: number }>(({ input }, { dim }) => ({
    ...input,
    shape: withAxis(input.shape, dim),
  })),
  Transpose: rule<X, { perm: number[] }>(({ x }, { perm }) => ({ ...x, shape: perm.map((axis) => x.shape[axis]!) })),
  DepthToSpace: rule<X, { blockSize: number; dataFormat: string }>(({ x }, { blockSize, dataFormat }) => {
    if (dataFormat !== 'NHWC') throw new UncoveredError(`depthToSpace is for NHWC, not for ${dataFormat}`);
    const [batch, height, width, depth] = x.shape;
    return { ...x, shape: [batch!, height! * blockSize, width! * blockSize, depth! / blockSize ** 2] };
  }),
  SpaceToBatchND: rule<X, Paddings>(({ x }, attrs) => ({ ...x, shape: blocksToBatch(x, attrs).shape })),
  BatchToSpaceND: rule<X, Crops>(({ x }, attrs) => ({ ...x, shape: batchToBlocks(x, attrs).size })),

  // --- joined and split -------------------------------------------------------------------------------------------
  Concat(inputs, { axis }) {
    const tensors = listed(inputs);
    return [{ ...tensors[0]!, shape: joinedShape(tensors, Number(axis)) }];
  },
  Pack(inputs, { axis }) {
    const tensors = listed(inputs);
    const [first] = tensors;
    for (const { shape, dtype } of tensors) {
      util.assertShapesMatch([...first!.shape], [...shape], 'tf.stack: ');
      util.assert(dtype === first!.dtype, () => `tf.stack: types ${first!.dtype} and ${dtype} must match.`);
    }
    return [{ ...first!, shape: withAxis(first!.shape, Number(axis), tensors.length) }];
  },
  SplitV({ x }, attrs) {
    const { axis, sizes } = partsOf(x!, attrs);
    return sizes.map((size) => ({ ...x!, shape: x!.shape.with(axis, size) }));
  },
  Unpack({ value }, attrs) {
    const axis = axisOf(value!, attrs);
    return range(0, value!.shape[axis]!).map(() => ({ ...value!, shape: value!.shape.toSpliced(axis, 1) }));
  },
};

/** With another axis, which may be counted from the end of the new shape. */
export function withAxis(shape: readonly number[], axis: number, size = 1): number[] {
  const { length } = shape;
  util.assert(-length - 1 <= axis && axis <= length, () => `Axis must be in [${-length - 1}, ${length}], not ${axis}.`);
  return shape.toSpliced(axis < 0 ? axis + shape.length + 1 : axis, 0, size);
}

export function axisOf({ shape }: TensorType, { axis }: Attrs): number {
  return util.parseAxisParam(Number(axis), [...shape])[0]!;
}

function joinedShape(tensors: readonly TensorType[], axis: number): number[] {
  const shapes = tensors.map(({ shape }) => [...shape]);
  const along = util.parseAxisParam(axis, shapes[0]!)[0]!;
  backend_util.assertParamsConsistent(shapes, along);
  return backend_util.computeOutShape(shapes, along);
}

/** One size is given for equal parts by their number; one of a list may be −1: what is left. */
export function partsOf(x: TensorType, attrs: Attrs): { axis: number; sizes: readonly number[] } {
  const axis = axisOf(x, attrs);
  const parts = attrs.numOrSizeSplits as number | readonly number[];
  const given = typeof parts === 'number' ? parts : [...parts];
  return { axis, sizes: backend_util.prepareSplitSize(tensorInfo(x), given, axis) };
}

export function blocksToBatch(x: TensorType, { blockShape, paddings }: Paddings) {
  const untouched = range(1 + blockShape.length, x.shape.length).map(() => [0, 0] as const);
  const padding: Padding = [[0, 0], ...paddings.map(([before, after]) => [before!, after!] as const), ...untouched];
  const padded = paddedShape(x, padding);
  const count = util.sizeFromShape(blockShape);
  const split = backend_util.getReshaped(padded, blockShape, count, false);
  const perm = backend_util.getPermuted(split.length, blockShape.length, false);
  return { padding, padded, split, perm, shape: backend_util.getReshapedPermuted(padded, blockShape, count, false) };
}

export function batchToBlocks({ shape, dtype }: TensorType, { blockShape, crops }: Crops) {
  const count = util.sizeFromShape(blockShape);
  const split = backend_util.getReshaped([...shape], blockShape, count);
  const perm = backend_util.getPermuted(split.length, blockShape.length);
  const uncropped = backend_util.getReshapedPermuted([...shape], blockShape, count);
  const start = backend_util.getSliceBeginCoords(crops, blockShape.length);
  const sizes = backend_util.getSliceSize(uncropped, crops, blockShape.length);
  const [begin, size] = slice_util.parseSliceParams(tensorInfo({ shape: uncropped, dtype }), start, sizes);
  return { split, perm, uncropped, begin: begin!, size: size! };
}
