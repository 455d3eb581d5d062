/** Kernels that make tensors out of numbers. */
import { sizeOf } from '../trace/program';
import { filled, supported } from './elementwise';
import type { Edge, Graph } from './graph';
import { range, reshaped } from './layout';
import { lowering, type Lowerings } from './lowering';
import { pad } from './slices';

interface Steps {
  start: number;
  stop: number;
  step: number;
  dtype: 'float32' | 'int32';
}
interface Points {
  start: number;
  stop: number;
  num: number;
}

export const FILLS: Lowerings = {
  Fill: lowering<object, { shape: number[]; value: number; dtype: string }>({
    infer: (_, { shape, dtype }) => ({ shape, dtype: supported(dtype) }),
    nodes: (g, _, { value }, output) => filled(g, value, output),
  }),
  Range: lowering<object, Steps>({
    infer: (_, attrs) => ({ shape: [steps(attrs).length], dtype: attrs.dtype }),
    nodes(g, _, attrs, { shape }) {
      const elements = steps(attrs);
      return g.constant(attrs.dtype === 'int32' ? Int32Array.from(elements) : elements, attrs.dtype, shape);
    },
  }),
  LinSpace: lowering<object, Points>({
    infer: (_, { num }) => ({ shape: [num], dtype: 'float32' }),
    nodes: (g, _, { start, stop, num }, { shape }) =>
      g.constant(progression(start, (stop - start) / (num - 1), num), 'float32', shape),
  }),
  BroadcastArgs: lowering<{ s0: unknown; s1: unknown }>({
    infer: ({ s0, s1 }) => ({ shape: [Math.max(s0.shape[0]!, s1.shape[0]!)], dtype: 'int32' }),
    nodes(g, { s0, s1 }, _, { shape }) {
      const [a, b] = [s0, s1].map((s) => pad(g, s, [[shape[0]! - s.shape[0]!, 0]], 1));
      return g.op('Where', [g.op('Equal', [a, g.scalar(1, 'int32')]), b, a]);
    },
  }),
  Diag: lowering<{ x: unknown }>({
    infer: ({ x }) => ({ ...x, shape: [...x.shape, ...x.shape] }),
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

/** Without `stop`. A step of 1, which is the default, also counts down. */
function steps({ start, stop, step, dtype }: Steps): Float32Array | Int32Array {
  if (start === stop || (start < stop && step < 0) || (stop < start && step > 1)) return new Float32Array(0);
  const count = Math.abs(Math.ceil((stop - start) / step));
  return progression(start, stop < start && step === 1 ? -1 : step, count, dtype);
}

/** As tfjs adds it up, rounding at each step. */
function progression(
  start: number,
  step: number,
  count: number,
  dtype: 'float32' | 'int32' = 'float32',
): Float32Array | Int32Array {
  const elements = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) elements[i] = i === 0 ? start : elements[i - 1]! + step;
  return elements;
}
