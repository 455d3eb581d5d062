/** Kernels that give the same elements another shape, join tensors or split them. None of them rounds. */
import { range } from '../../ops/range';
import { listed } from '../../ops/rule';
import { axisOf, batchToBlocks, blocksToBatch, partsOf } from '../../ops/shapes';
import type { Body, Operand } from './body';
import { lowering, type Lowerings } from './lowering';
import { cut, padded } from './slices';

interface X {
  x: unknown;
}

export const SHAPES: Lowerings = {
  // --- other shapes of the same elements --------------------------------------------------------------------------
  Reshape: lowering<X>((b, { x }, _, { shape }) => b.reshape(x, shape)),
  ExpandDims: lowering<{ input: unknown }>((b, { input }, _, { shape }) => b.reshape(input, shape)),
  Transpose: lowering<X, { perm: number[] }>((b, { x }, { perm }) => b.transpose(x, perm)),
  DepthToSpace: lowering<X, { blockSize: number }>((b, { x }, { blockSize }, { shape }) => {
    const [batch, height, width] = x.shape;
    const blocks = b.reshape(x, [batch!, height!, width!, blockSize, blockSize, shape[3]!]);
    return b.reshape(b.transpose(blocks, [0, 1, 3, 2, 4, 5]), shape);
  }),
  SpaceToBatchND: lowering<X, { blockShape: number[]; paddings: number[][] }>((b, { x }, attrs) => {
    const { padding, split, perm, shape } = blocksToBatch(x, attrs);
    return b.reshape(b.transpose(b.reshape(padded(b, x, padding, 0), split), perm), shape);
  }),
  BatchToSpaceND: lowering<X, { blockShape: number[]; crops: number[][] }>((b, { x }, attrs) => {
    const { split, perm, uncropped, begin, size } = batchToBlocks(x, attrs);
    return cut(b, b.reshape(b.transpose(b.reshape(x, split), perm), uncropped), begin, size);
  }),

  // --- joined and split -------------------------------------------------------------------------------------------
  Concat: {
    write(b, inputs, attrs) {
      const parts = listed(inputs);
      return [b.concat(parts, axisOf(parts[0]!, attrs))];
    },
  },
  Pack: {
    write(b, inputs, { axis }, [output]) {
      const along = Number(axis) < 0 ? Number(axis) + output!.shape.length : Number(axis);
      const parts = listed(inputs).map((part) => b.reshape(part, part.shape.toSpliced(along, 0, 1)));
      return [b.concat(parts, along)];
    },
  },
  SplitV: {
    write(b, { x }, attrs) {
      const { axis, sizes } = partsOf(x!, attrs);
      return split(b, x!, axis, sizes);
    },
  },
  Unpack: {
    write(b, { value }, attrs) {
      const axis = axisOf(value!, attrs);
      const ones = range(0, value!.shape[axis]!).map(() => 1);
      return split(b, value!, axis, ones).map((part) => b.reshape(part, value!.shape.toSpliced(axis, 1)));
    },
  },
};

function split(b: Body, x: Operand, axis: number, sizes: readonly number[]): Operand[] {
  const none = x.shape.map(() => 0);
  let start = 0;
  return sizes.map((size) => cut(b, x, none.with(axis, (start += size) - size), x.shape.with(axis, size)));
}
