/** Kernels that make tensors out of numbers. */
import { progression, steps } from '../common/progressions';
import type { Steps } from '../../ops/fills';
import { sizeOf } from '../../ops/types';
import { lowering, type Lowerings } from './lowering';

interface Points {
  start: number;
  stop: number;
  num: number;
}

export const FILLS: Lowerings = {
  Fill: lowering<object, { value: number }>((b, _, { value }, output) => b.filled(value, output)),
  Range: lowering<object, Steps>((b, _, attrs, output) => b.constant(steps(attrs), output)),
  LinSpace: lowering<object, Points>((b, _, { start, stop, num }, output) =>
    b.constant(progression(start, (stop - start) / (num - 1), num), output),
  ),
  BroadcastArgs: lowering<{ s0: unknown; s1: unknown }>((b, { s0, s1 }, _, { shape }) => {
    const [sizes, others] = [s0, s1].map((s) => b.pad(s, 1, [shape[0]! - s.shape[0]!], [0]));
    return b.select(b.compare('EQ', sizes!, b.scalar(1, 'int32')), others!, sizes!);
  }),
  Diag: lowering<{ x: unknown }>((b, { x }, _, { shape, dtype }) => {
    const size = sizeOf(x);
    const diagonal = b.compare('EQ', b.positions([size, size], 0), b.positions([size, size], 1));
    return b.reshape(b.select(diagonal, b.reshape(x, [size]), b.scalar(0, dtype)), shape);
  }),
};
