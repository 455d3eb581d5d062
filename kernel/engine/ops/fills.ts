/** Kernels that make tensors out of numbers. */
import { rule, supported, type ShapeRules } from './rule';
import { float32 } from './types';

export interface Steps {
  start: number;
  stop: number;
  step: number;
  dtype: 'float32' | 'int32';
}

export const FILLS: ShapeRules = {
  Fill: rule<object, { shape: number[]; dtype: string }>((_, { shape, dtype }) => ({ shape, dtype: supported(dtype) })),
  Range: rule<object, Steps>((_, attrs) => ({ shape: [stepCount(attrs)], dtype: attrs.dtype })),
  LinSpace: rule<object, { num: number }>((_, { num }) => float32([num])),
  BroadcastArgs: rule<{ s0: unknown; s1: unknown }>(({ s0, s1 }) => ({
    shape: [Math.max(s0.shape[0]!, s1.shape[0]!)],
    dtype: 'int32',
  })),
  Diag: rule<{ x: unknown }>(({ x }) => ({ ...x, shape: [...x.shape, ...x.shape] })),
};

/** Without `stop`. A step of 1, which is the default, also counts down. */
export function stepCount({ start, stop, step }: Steps): number {
  if (start === stop || (start < stop && step < 0) || (stop < start && step > 1)) return 0;
  return Math.abs(Math.ceil((stop - start) / step));
}
