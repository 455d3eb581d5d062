/** Kernels that give the same elements another shape, join tensors or split them. None of them rounds. */
import { backend_util, slice_util, util } from '@tensorflow/tfjs';
import { sizeOf, type TensorType } from '../trace/program';
import { filled } from './elementwise';
import type { Edge, Graph } from './graph';
import { permuted, range, reshaped } from './layout';
import { listed, lowering, LoweringError, type Attrs, type Lowerings } from './lowering';
import { cut, pad, paddedShape, tensorInfo, type Padding } from './slices';

interface X {
  x: unknown;
}
interface Blocks {
  blockShape: number[];
}

export const SHAPES: Lowerings = {
  // --- other shapes of the same elements --------------------------------------------------------------------------
  Reshape: lowering<X, { shape: number[] }>({
    infer: ({ x }, { shape }) => ({ ...x, shape: util.inferFromImplicitShape(shape, sizeOf(x)) }),
    nodes: (g, { x }, _, output) => reshaped(g, x.edge, x.shape, output.shape),
  }),
  ExpandDims: lowering<{ input: unknown }, { dim: number }>({
    infer: ({ input }, { dim }) => ({ ...input, shape: withAxis(input.shape, dim) }),
    nodes: (g, { input }, _, output) => g.reshape(input.edge, output.shape),
  }),
  Transpose: lowering<X, { perm: number[] }>({
    infer: ({ x }, { perm }) => ({ ...x, shape: perm.map((axis) => x.shape[axis]!) }),
    nodes: (g, { x }, { perm }) => permuted(g, x.edge, x.shape, perm),
  }),
  DepthToSpace: lowering<X, { blockSize: number; dataFormat: string }>({
    infer({ x }, { blockSize, dataFormat }) {
      if (dataFormat !== 'NHWC') throw new LoweringError(`depthToSpace is for NHWC, not for ${dataFormat}`);
      const [batch, height, width, depth] = x.shape;
      return { ...x, shape: [batch!, height! * blockSize, width! * blockSize, depth! / blockSize ** 2] };
    },
    nodes(g, { x }, { blockSize }, { shape }) {
      const [batch, height, width] = x.shape;
      const blocks = [batch!, height!, width!, blockSize, blockSize, shape[3]!];
      const edge = permuted(g, reshaped(g, x.edge, x.shape, blocks), blocks, [0, 1, 3, 2, 4, 5]);
      return g.reshape(edge, shape);
    },
  }),
  SpaceToBatchND: lowering<X, { blockShape: number[]; paddings: number[][] }>({
    infer: ({ x }, attrs) => ({ ...x, shape: blocksToBatch(x, attrs).shape }),
    nodes(g, { x }, attrs) {
      const { padding, padded, split, perm, shape } = blocksToBatch(x, attrs);
      const edge = pad(g, x, padding, 0);
      return g.reshape(permuted(g, reshaped(g, edge, padded, split), split, perm), shape);
    },
  }),
  BatchToSpaceND: lowering<X, { blockShape: number[]; crops: number[][] }>({
    infer: ({ x }, attrs) => ({ ...x, shape: batchToBlocks(x, attrs).size }),
    nodes(g, { x }, attrs) {
      const { split, perm, uncropped, begin, size } = batchToBlocks(x, attrs);
      const edge = permuted(g, reshaped(g, x.edge, x.shape, split), split, perm);
      return cut(g, g.reshape(edge, uncropped), uncropped, begin, size);
    },
  }),

  // --- joined and split -------------------------------------------------------------------------------------------
  Concat: {
    infer(inputs, { axis }) {
      const tensors = listed(inputs);
      return [{ ...tensors[0]!, shape: joinedShape(tensors, Number(axis)) }];
    },
    nodes(g, inputs, { axis }, [output]) {
      const parts = listed(inputs).filter((part) => sizeOf(part) > 0);
      const edges = (parts.length > 0 ? parts : listed(inputs).slice(0, 1)).map(({ edge }) => edge);
      if (parts.length === 0) return [filled(g, 0, output!)];
      return [edges.length === 1 ? edges[0]! : g.op('Concat', edges, { axis: Number(axis) })];
    },
  },
  Pack: {
    infer(inputs, { axis }) {
      const tensors = listed(inputs);
      const [first] = tensors;
      for (const { shape, dtype } of tensors) {
        util.assertShapesMatch([...first!.shape], [...shape], 'tf.stack: ');
        util.assert(dtype === first!.dtype, () => `tf.stack: types ${first!.dtype} and ${dtype} must match.`);
      }
      return [{ ...first!, shape: withAxis(first!.shape, Number(axis), tensors.length) }];
    },
    nodes(g, inputs, { axis }) {
      const parts = listed(inputs).map(({ edge, shape }) => g.reshape(edge, withAxis(shape, Number(axis))));
      return [parts.length === 1 ? parts[0]! : g.op('Concat', parts, { axis: Number(axis) })];
    },
  },
  SplitV: {
    infer({ x }, attrs) {
      const { axis, sizes } = partsOf(x!, attrs);
      return sizes.map((size) => ({ ...x!, shape: x!.shape.with(axis, size) }));
    },
    nodes(g, { x }, attrs) {
      const { axis, sizes } = partsOf(x!, attrs);
      return split(g, x!.edge, axis, sizes);
    },
  },
  Unpack: {
    infer({ value }, attrs) {
      const axis = axisOf(value!, attrs);
      return range(0, value!.shape[axis]!).map(() => ({ ...value!, shape: value!.shape.toSpliced(axis, 1) }));
    },
    nodes(g, { value }, attrs) {
      const axis = axisOf(value!, attrs);
      const shape = value!.shape.toSpliced(axis, 1);
      const parts = split(
        g,
        value!.edge,
        axis,
        Array.from({ length: value!.shape[axis]! }, () => 1),
      );
      return parts.map((part) => g.reshape(part, shape));
    },
  },
};

/** With another axis, which may be counted from the end of the new shape. */
function withAxis(shape: readonly number[], axis: number, size = 1): number[] {
  const { length } = shape;
  util.assert(-length - 1 <= axis && axis <= length, () => `Axis must be in [${-length - 1}, ${length}], not ${axis}.`);
  return shape.toSpliced(axis < 0 ? axis + shape.length + 1 : axis, 0, size);
}

function axisOf({ shape }: TensorType, { axis }: Attrs): number {
  return util.parseAxisParam(Number(axis), [...shape])[0]!;
}

function joinedShape(tensors: readonly TensorType[], axis: number): number[] {
  const shapes = tensors.map(({ shape }) => [...shape]);
  const along = util.parseAxisParam(axis, shapes[0]!)[0]!;
  backend_util.assertParamsConsistent(shapes, along);
  return backend_util.computeOutShape(shapes, along);
}

function split(g: Graph, x: Edge, axis: number, sizes: readonly number[]): Edge[] {
  return sizes.length === 1 ? [x] : g.ops('Split', [x, g.ints(sizes)], sizes.length, { axis });
}

/** One size is given for equal parts by their number; one of a list may be −1: what is left. */
function partsOf(x: TensorType, attrs: Attrs): { axis: number; sizes: readonly number[] } {
  const axis = axisOf(x, attrs);
  const parts = attrs.numOrSizeSplits as number | readonly number[];
  const given = typeof parts === 'number' ? parts : [...parts];
  return { axis, sizes: backend_util.prepareSplitSize(tensorInfo(x), given, axis) };
}

function blocksToBatch(x: TensorType, { blockShape, paddings }: Blocks & { paddings: number[][] }) {
  const untouched = range(1 + blockShape.length, x.shape.length).map(() => [0, 0] as const);
  const padding: Padding = [[0, 0], ...paddings.map(([before, after]) => [before!, after!] as const), ...untouched];
  const padded = paddedShape(x, padding);
  const count = util.sizeFromShape(blockShape);
  const split = backend_util.getReshaped(padded, blockShape, count, false);
  const perm = backend_util.getPermuted(split.length, blockShape.length, false);
  return { padding, padded, split, perm, shape: backend_util.getReshapedPermuted(padded, blockShape, count, false) };
}

function batchToBlocks({ shape, dtype }: TensorType, { blockShape, crops }: Blocks & { crops: number[][] }) {
  const count = util.sizeFromShape(blockShape);
  const split = backend_util.getReshaped([...shape], blockShape, count);
  const perm = backend_util.getPermuted(split.length, blockShape.length);
  const uncropped = backend_util.getReshapedPermuted([...shape], blockShape, count);
  const start = backend_util.getSliceBeginCoords(crops, blockShape.length);
  const sizes = backend_util.getSliceSize(uncropped, crops, blockShape.length);
  const [begin, size] = slice_util.parseSliceParams(tensorInfo({ shape: uncropped, dtype }), start, sizes);
  return { split, perm, uncropped, begin: begin!, size: size! };
}
