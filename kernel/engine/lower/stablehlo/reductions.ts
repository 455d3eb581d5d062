/** Kernels that reduce axes: sums, means, extremes and where they are. Softmax, which divides by such a sum. */
import { LoweringError } from '../loweringError';
import { reduced, type Reduced, type ReductionAttrs } from '../../ops/reductions';
import { wider, type TensorType } from '../../ops/types';
import type { Body, Combination, Direction, Operand } from './body';
import { lowering, type Lowering, type Lowerings } from './lowering';
import { i64s } from './text';

interface Input {
  x: unknown;
}

const ORDER_OF_SUMMATION =
  'sums in float32 in XLA’s order, tfjs in float64: n terms are within n ulp of the sum of their magnitudes';

export const REDUCTIONS: Lowerings = {
  Sum: reduction('add', 0, ORDER_OF_SUMMATION),
  Mean: mean(),
  Prod: reduction('multiply', 1, 'multiplies in float32, tfjs in float64: n factors are within n ulp'),
  Max: reduction('maximum', -Infinity),
  Min: reduction('minimum', Infinity),
  All: reduction('and', 1),
  Any: reduction('or', 0),
  ArgMax: position('GT', -Infinity),
  ArgMin: position('LT', Infinity),
  Softmax: softmax((b, shifted, sum) => b.each('divide', b.each('exponential', shifted), sum)),
  LogSoftmax: softmax((b, shifted, sum) => b.each('subtract', shifted, b.each('log', sum))),
};

function reduction(combination: Combination, initial: number, precision?: string): Lowering {
  return lowering<Input, ReductionAttrs>((b, { x }, attrs, { dtype }) => {
    const result = reduced(x, attrs);
    if (result.count === 0 && !Number.isFinite(initial)) {
      throw new LoweringError('there are no elements to choose from along an empty axis');
    }
    const logical = combination === 'and' || combination === 'or';
    const computed = logical ? 'bool' : wider(dtype, 'int32');
    return b.as(over(b, b.as(x, computed), result, combination, initial), dtype);
  }, precision);
}

function mean(): Lowering {
  return lowering<Input, ReductionAttrs>((b, { x }, attrs) => {
    const result = reduced(x, attrs);
    const sum = over(b, b.as(x, 'float32'), result, 'add', 0);
    return b.each('divide', sum, b.scalar(Math.max(1, result.count)));
  }, ORDER_OF_SUMMATION);
}

function over(b: Body, x: Operand, { axes, shape }: Reduced, combination: Combination, initial: number): Operand {
  return b.reshape(axes.length === 0 ? x : b.reduce(x, axes, combination, initial), shape);
}

/** The first position of the largest or smallest element. */
function position(better: Direction, worst: number): Lowering {
  return lowering<Input, { axis: number }>((b, { x }, attrs, output) => {
    const { axes, count } = reduced(x, attrs);
    const [axis] = axes;
    if (axis === undefined) return b.filled(0, output);
    if (count === 0) throw new LoweringError(`there are no elements to choose from along axis ${axis}`);
    const numbers = b.as(x, wider(x.dtype, 'int32'));
    const given = [numbers, b.positions(x.shape, axis), b.scalar(worst, numbers.dtype), b.scalar(0, 'int32')];
    const types = [{ ...output, dtype: numbers.dtype }, output];
    return b.ops('reduce', given, types, { dimensions: i64s([axis]) }, [chosen(b, numbers, better)])[1]!;
  }, 'passes over NaN');
}

/** The better one of two numbers with their positions; of equal ones, that which comes first. */
export function chosen(b: Body, { dtype }: TensorType, better: Direction): string {
  const [number, place] = [{ shape: [], dtype } as const, { shape: [], dtype: 'int32' } as const];
  return b.region([number, place, number, place], (body, x, i, y, j) => {
    const ahead = body.compare(better, x!, y!);
    const tied = body.each('and', body.compare('EQ', x!, y!), body.compare('LT', i!, j!));
    // y is NaN: x, unless that is NaN, too.
    const alone = body.compare('NE', y!, y!);
    const first = body.each('or', ahead, body.each('or', tied, alone));
    return [body.select(first, x!, y!), body.select(first, i!, j!)];
  });
}

function softmax(finish: (b: Body, shifted: Operand, sum: Operand) => Operand): Lowering {
  return lowering<{ logits: unknown }, { dim?: number; axis?: number }>((b, { logits }, { dim, axis = -1 }) => {
    const x = b.as(logits, 'float32');
    const along = reduced(x, { axis: dim ?? axis, keepDims: true });
    const shifted = b.each('subtract', x, over(b, x, along, 'maximum', -Infinity));
    return finish(b, shifted, over(b, b.each('exponential', shifted), along, 'add', 0));
  }, 'within a few ulp');
}
