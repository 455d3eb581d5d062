/** Kernels that cut out, turn round, pad and repeat. None of them rounds. */
import { slice_util } from '@tensorflow/tfjs';
import { mirror, type Mirroring } from '../common/mirror';
import { range } from '../../ops/range';
import { axesOf, stridesOf, tensorInfo, type Padding, type StridedSlice } from '../../ops/slices';
import { sizeOf } from '../../ops/types';
import type { Body, Operand } from './body';
import { taken } from './indexing';
import { lowering, type Lowerings } from './lowering';

interface X {
  x: unknown;
}

export const SLICES: Lowerings = {
  // --- cut out and turned round -----------------------------------------------------------------------------------
  Slice: lowering<X, { begin: number | number[]; size: number | number[] }>((b, { x }, { begin, size }) => {
    const [starts, sizes] = slice_util.parseSliceParams(tensorInfo(x), begin, size);
    return cut(b, x, starts!, sizes!);
  }),
  StridedSlice: lowering<X, StridedSlice>((b, { x }, attrs, output) => {
    if (sizeOf(output) === 0) return b.filled(0, output);
    const { begin, end, strides } = stridesOf(x, attrs);
    const sizes = slice_util.computeOutShape(begin, end, strides);
    // What runs backwards runs forwards in the axis turned round.
    const backwards = range(0, begin.length).filter((axis) => strides[axis]! < 0);
    const starts = begin.map((start, axis) => (backwards.includes(axis) ? x.shape[axis]! - 1 - start : start));
    const steps = strides.map(Math.abs);
    const ends = starts.map((start, axis) => start + (sizes[axis]! - 1) * steps[axis]! + 1);
    return b.reshape(b.slice(b.reverse(x, backwards), starts, ends, steps), output.shape);
  }),
  Reverse: lowering<X, { dims: number | number[] | null }>((b, { x }, { dims }) => b.reverse(x, axesOf(x, dims))),
  FlipLeftRight: lowering<{ image: unknown }>((b, { image }) => b.reverse(image, [2])),

  // --- made larger ------------------------------------------------------------------------------------------------
  PadV2: lowering<X, { paddings: Padding; constantValue: number }>((b, { x }, { paddings, constantValue }) =>
    padded(b, x, paddings, constantValue),
  ),
  MirrorPad: lowering<X, { paddings: Padding; mode: Mirroring }>((b, { x }, { paddings, mode }) =>
    paddings.reduce(
      (image, [before, after], axis) =>
        before + after === 0 ? image : taken(b, image, mirror(x.shape[axis]!, before, after, mode), axis),
      x,
    ),
  ),
  Tile: lowering<X, { reps: number[] }>((b, { x }, { reps }, { shape }) => {
    const repeated = x.shape.flatMap((size, axis) => [reps[axis]!, size]);
    return b.reshape(
      b.broadcast(
        x,
        repeated,
        x.shape.map((_, axis) => 2 * axis + 1),
      ),
      shape,
    );
  }),
  BroadcastTo: lowering<X>((b, { x }, _, { shape }) => b.broadcast(x, shape)),
};

/** The elements from `begin` on, `size` of them along each axis. */
export function cut(b: Body, x: Operand, begin: readonly number[], size: readonly number[]): Operand {
  return b.slice(
    x,
    begin,
    begin.map((start, axis) => start + size[axis]!),
  );
}

/** With a constant around. */
export function padded(b: Body, x: Operand, padding: Padding, value: number): Operand {
  return b.pad(
    x,
    value,
    padding.map(([before]) => before),
    padding.map(([, after]) => after),
  );
}
