/** The elements of ranges. */
import { stepCount, type Steps } from '../../ops/fills';

/** A step of 1, which is the default, also counts down. */
export function steps(attrs: Steps): Float32Array | Int32Array {
  const { start, stop, step, dtype } = attrs;
  return progression(start, stop < start && step === 1 ? -1 : step, stepCount(attrs), dtype);
}

/** As tfjs adds it up, rounding at each step. */
export function progression(
  start: number,
  step: number,
  count: number,
  dtype: 'float32' | 'int32' = 'float32',
): Float32Array | Int32Array {
  const elements = dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) elements[i] = i === 0 ? start : elements[i - 1]! + step;
  return elements;
}
