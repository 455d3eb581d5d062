/** Kernels that make tensors out of numbers. */
import type { Steps } from '../../ops/fills';
import { range } from '../../ops/range';
import { sizeOf } from '../../ops/types';
import { progression, steps } from '../common/progressions';
import { filled } from './elementwise';
import type { Edge, Graph } from './graph';
import { reshaped } from './layout';
import { lowering, type Lowerings } from './lowering';
import { pad } from './slices';

interface Points {
  start: number;
  stop: number;
  num: number;
}

export const FILLS: Lowerings = {
  Fill: lowering<object, { shape: number[]; value: number; dtype: string }>({
    nodes: (g, _, { value }, output) => filled(g, value, output),
  }),
  Range: lowering<object, Steps>({
    nodes(g, _, attrs, { shape }) {
      const elements = steps(attrs);
      return g.constant(attrs.dtype === 'int32' ? Int32Array.from(elements) : elements, attrs.dtype, shape);
    },
  }),
  LinSpace: lowering<object, Points>({
    nodes: (g, _, { start, stop, num }, { shape }) =>
      g.constant(progression(start, (stop - start) / (num - 1), num), 'float32', shape),
  }),
  BroadcastArgs: lowering<{ s0: unknown; s1: unknown }>({
    nodes(g, { s0, s1 }, _, { shape }) {
      const [a, b] = [s0, s1].map((s) => pad(g, s, [[shape[0]! - s.shape[0]!, 0]], 1));
      return g.op('Where', [g.op('Equal', [a, g.scalar(1, 'int32')]), b, a]);
    },
  }),
  Diag: lowering<{ x: unknown }>({
    nodes(g, { x }, _, { shape, dtype }) {
      const size = sizeOf(x);
      const diagonal = g.op('Equal', [positions(g, [size, 1]), positions(g, [size])]);
      const row = reshaped(g, x.edge, x.shape, [size]);
      const square =
        dtype === 'bool' ? g.op('And', [diagonal, row]) : g.op('Where', [diagonal, row, g.scalar(0, dtype)]);
      return reshaped(g, square, [size, size], shape);
    },
  }),
};

/** 0, 1, 2, … in a shape. */
function positions(g: Graph, shape: readonly number[]): Edge {
  const size = shape.reduce((product, axis) => product * axis, 1);
  return g.constant(Int32Array.from(range(0, size)), 'int32', shape);
}
