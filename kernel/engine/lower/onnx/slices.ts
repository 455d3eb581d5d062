/** Kernels that cut out, turn round, pad and repeat. None of them rounds. */
import { slice_util } from '@tensorflow/tfjs';
import { range } from '../../ops/range';
import { axesOf, stridesOf, tensorInfo, type Padding, type StridedSlice } from '../../ops/slices';
import { sizeOf } from '../../ops/types';
import { mirror, type Mirroring } from '../common/mirror';
import { constantOf, filled } from './elementwise';
import type { Edge, Graph } from './graph';
import { reshaped } from './layout';
import { lowering, type Lowerings, type Operand } from './lowering';

interface X {
  x: unknown;
}

export const SLICES: Lowerings = {
  // --- cut out and turned round -----------------------------------------------------------------------------------
  Slice: lowering<X, { begin: number | number[]; size: number | number[] }>({
    nodes(g, { x }, { begin, size }) {
      const [starts, sizes] = slice_util.parseSliceParams(tensorInfo(x), begin, size);
      return cut(g, x.edge, x.shape, starts!, sizes!);
    },
  }),
  StridedSlice: lowering<X, StridedSlice>({
    nodes(g, { x }, attrs, output) {
      if (sizeOf(output) === 0) return filled(g, 0, output);
      const { begin, end, strides } = stridesOf(x, attrs);
      // An end before the first element is −1 to tfjs, which is the last element to ONNX.
      const ends = end.map((position, axis) => (position < 0 ? -x.shape[axis]! - 1 : position));
      const edge = g.slice(x.edge, begin, ends, range(0, begin.length), strides);
      return reshaped(g, edge, slice_util.computeOutShape(begin, end, strides), output.shape);
    },
  }),
  Reverse: lowering<X, { dims: number | number[] | null }>({
    nodes: (g, { x }, { dims }) => reverse(g, x, axesOf(x, dims)),
  }),
  FlipLeftRight: lowering<{ image: unknown }>({
    nodes: (g, { image }) => reverse(g, image, [2]),
  }),

  // --- made larger ------------------------------------------------------------------------------------------------
  PadV2: lowering<X, { paddings: Padding; constantValue: number }>({
    nodes: (g, { x }, { paddings, constantValue }) => pad(g, x, paddings, constantValue),
  }),
  MirrorPad: lowering<X, { paddings: Padding; mode: Mirroring }>({
    nodes(g, { x }, { paddings, mode }) {
      // ONNX only reflects; positions do both.
      const mirrored = (edge: Edge, [before, after]: readonly [number, number], axis: number) =>
        g.op('Gather', [edge, positions(g, mirror(x.shape[axis]!, before, after, mode))], { axis });
      return paddings.reduce(
        (edge, padding, axis) => (padding[0] + padding[1] === 0 ? edge : mirrored(edge, padding, axis)),
        x.edge,
      );
    },
  }),
  Tile: lowering<X, { reps: number[] }>({
    nodes(g, { x }, { reps }, { shape }) {
      if (reps.every((times) => times === 1)) return x.edge;
      const broadcasts = reps.every((times, i) => times === 1 || x.shape[i] === 1);
      return broadcasts ? g.op('Expand', [x.edge, g.ints(shape)]) : g.op('Tile', [x.edge, g.ints(reps)]);
    },
  }),
  BroadcastTo: lowering<X, { shape: number[] }>({
    nodes: (g, { x }, { shape }) => g.op('Expand', [x.edge, g.ints(shape)]),
  }),
};

/** The elements from `begin` on, `size` of them along each axis. */
export function cut(
  g: Graph,
  x: Edge,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): Edge {
  const axes = range(0, shape.length).filter((axis) => size[axis] !== shape[axis]);
  if (axes.length === 0) return x;
  const starts = axes.map((axis) => begin[axis]!);
  const ends = axes.map((axis) => begin[axis]! + size[axis]!);
  return g.slice(x, starts, ends, axes);
}

function reverse(g: Graph, { edge, shape }: Operand, axes: readonly number[]): Edge {
  const turned = axes.filter((axis) => shape[axis]! > 1);
  if (turned.length === 0) return edge;
  const each = (value: number) => turned.map(() => value);
  return g.slice(edge, each(-1), each(-(2 ** 31)), turned, each(-1));
}

/** With a constant around. */
export function pad(g: Graph, x: Operand, padding: Padding, value: number): Edge {
  if (padding.every(([before, after]) => before + after === 0)) return x.edge;
  const pads = [...padding.map(([before]) => before), ...padding.map(([, after]) => after)];
  return g.op('Pad', [x.edge, g.ints(pads), constantOf(g, value, x.dtype)]);
}

function positions(g: Graph, values: readonly number[]): Edge {
  return g.constant(Int32Array.from(values), 'int32', [values.length]);
}
