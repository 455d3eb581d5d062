/** Kernels that give the same elements another shape, join tensors or split them. None of them rounds. */
import { listed } from '../../ops/rule';
import { axisOf, batchToBlocks, blocksToBatch, partsOf, withAxis } from '../../ops/shapes';
import { sizeOf } from '../../ops/types';
import { filled } from './elementwise';
import type { Edge, Graph } from './graph';
import { permuted, reshaped } from './layout';
import { lowering, type Lowerings } from './lowering';
import { cut, pad } from './slices';

interface X {
  x: unknown;
}

export const SHAPES: Lowerings = {
  // --- other shapes of the same elements --------------------------------------------------------------------------
  Reshape: lowering<X, { shape: number[] }>({
    nodes: (g, { x }, _, output) => reshaped(g, x.edge, x.shape, output.shape),
  }),
  ExpandDims: lowering<{ input: unknown }, { dim: number }>({
    nodes: (g, { input }, _, output) => g.reshape(input.edge, output.shape),
  }),
  Transpose: lowering<X, { perm: number[] }>({
    nodes: (g, { x }, { perm }) => permuted(g, x.edge, x.shape, perm),
  }),
  DepthToSpace: lowering<X, { blockSize: number; dataFormat: string }>({
    nodes(g, { x }, { blockSize }, { shape }) {
      const [batch, height, width] = x.shape;
      const blocks = [batch!, height!, width!, blockSize, blockSize, shape[3]!];
      const edge = permuted(g, reshaped(g, x.edge, x.shape, blocks), blocks, [0, 1, 3, 2, 4, 5]);
      return g.reshape(edge, shape);
    },
  }),
  SpaceToBatchND: lowering<X, { blockShape: number[]; paddings: number[][] }>({
    nodes(g, { x }, attrs) {
      const { padding, padded, split, perm, shape } = blocksToBatch(x, attrs);
      const edge = pad(g, x, padding, 0);
      return g.reshape(permuted(g, reshaped(g, edge, padded, split), split, perm), shape);
    },
  }),
  BatchToSpaceND: lowering<X, { blockShape: number[]; crops: number[][] }>({
    nodes(g, { x }, attrs) {
      const { split, perm, uncropped, begin, size } = batchToBlocks(x, attrs);
      const edge = permuted(g, reshaped(g, x.edge, x.shape, split), split, perm);
      return cut(g, g.reshape(edge, uncropped), uncropped, begin, size);
    },
  }),

  // --- joined and split -------------------------------------------------------------------------------------------
  Concat: {
    nodes(g, inputs, { axis }, [output]) {
      const parts = listed(inputs).filter((part) => sizeOf(part) > 0);
      const edges = (parts.length > 0 ? parts : listed(inputs).slice(0, 1)).map(({ edge }) => edge);
      if (parts.length === 0) return [filled(g, 0, output!)];
      return [edges.length === 1 ? edges[0]! : g.op('Concat', edges, { axis: Number(axis) })];
    },
  },
  Pack: {
    nodes(g, inputs, { axis }) {
      const parts = listed(inputs).map(({ edge, shape }) => g.reshape(edge, withAxis(shape, Number(axis))));
      return [parts.length === 1 ? parts[0]! : g.op('Concat', parts, { axis: Number(axis) })];
    },
  },
  SplitV: {
    nodes(g, { x }, attrs) {
      const { axis, sizes } = partsOf(x!, attrs);
      return split(g, x!.edge, axis, sizes);
    },
  },
  Unpack: {
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

function split(g: Graph, x: Edge, axis: number, sizes: readonly number[]): Edge[] {
  return sizes.length === 1 ? [x] : g.ops('Split', [x, g.ints(sizes)], sizes.length, { axis });
}
