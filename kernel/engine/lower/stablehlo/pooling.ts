/** Maxima and averages over windows, and their gradients. */
import type { MaxPoolWithArgmaxAttrs } from '@tensorflow/tfjs';
import { placesOf } from '../common/places';
import { pool2D, pool3D, type Describe } from '../../ops/images/pooling';
import type { Axis, Windows } from '../../ops/images/windows';
import { range } from '../../ops/range';
import { float32, sizeOf, type TensorType } from '../../ops/types';
import type { Body, Operand } from './body';
import { missing } from './elementwise';
import { lowering, type Lowering, type Lowerings } from './lowering';
import { chosen } from './reductions';
import { refolded, routed, unfold, windowAttributes } from './windows';

interface Grad {
  dy: unknown;
  input: unknown;
}

export const POOLING: Lowerings = {
  MaxPool: maximum(pool2D),
  MaxPool3D: maximum(pool3D),
  AvgPool: average(pool2D),
  AvgPool3D: average(pool3D),
  // tfjs gives the gradient to the first of equal maxima in two dimensions, to the last in three.
  MaxPoolGrad: maximumGradient(pool2D, 'first'),
  MaxPool3DGrad: maximumGradient(pool3D, 'last'),
  AvgPoolGrad: averageGradient(pool2D),
  AvgPool3DGrad: averageGradient(pool3D),
  MaxPoolWithArgmax: {
    write(b, { x }, attrs, [values, positions]) {
      const { includeBatchInIndex } = attrs as unknown as MaxPoolWithArgmaxAttrs;
      const windows = pool2D(x!.shape, attrs as unknown as MaxPoolWithArgmaxAttrs);
      const places = placesIn(b, x!.shape, includeBatchInIndex);
      const given = [b.as(x!, 'float32'), places, b.scalar(-Infinity), b.scalar(2 ** 31 - 1, 'int32')];
      const types = [float32(values!.shape), positions!];
      const region = chosen(b, given[0]!, 'GT');
      const [maxima, where] = b.ops('reduce_window', given, types, windowAttributes(windows.axes), [region]);
      return [b.as(maxima!, values!.dtype), where!];
    },
  },
};

// --- forwards -----------------------------------------------------------------------------------------------------

function maximum<A extends object>(describe: Describe<A>): Lowering {
  return lowering<{ x: unknown }, A>((b, { x }, attrs, output) => {
    const windows = describe(x.shape, attrs);
    const y = isTrivial(windows) ? b.as(x, 'float32') : pooled(b, numbers(b, x), windows, 'maximum', -Infinity);
    return b.as(y, output.dtype);
  });
}

/** In float32, with −∞ for NaN: as tfjs has it, a window's maximum passes over what is none. */
function numbers(b: Body, x: Operand): Operand {
  const real = b.as(x, 'float32');
  return x.dtype === 'float32' ? b.select(missing(b, real), b.scalar(-Infinity), real) : real;
}

/** The average of what lies in the input; a window wholly in the padding has the average 0. */
function average<A extends object>(describe: Describe<A>): Lowering {
  return lowering<{ x: unknown }, A>((b, { x }, attrs, output) => {
    const windows = describe(x.shape, attrs);
    if (isTrivial(windows)) return x;
    const sums = pooled(b, b.as(x, 'float32'), windows, 'add', 0);
    return b.as(b.each('divide', sums, counts(b, windows)), output.dtype);
  });
}

function pooled(b: Body, x: Operand, { axes, outShape }: Windows, combination: 'maximum' | 'add', initial: number) {
  const given = [x, b.scalar(initial)];
  return b.op('reduce_window', given, float32(outShape), windowAttributes(axes), [b.combining(x, combination)]);
}

/** Each window is one element, and each element one window; to tfjs, in two dimensions, whatever the padding. */
function isTrivial({ axes }: Windows): boolean {
  const anyPadding = axes.length === 2;
  return axes.every(({ filter, input, output, before }) => {
    return filter === 1 && input === output && (before === 0 || anyPadding);
  });
}

/** How many elements lie under each window: [...output, 1]. */
function counts(b: Body, { axes }: Windows): Operand {
  const along = axes.map(({ input, output, filter, stride, before }) =>
    range(0, output).map((o) => range(0, filter).filter((k) => inside(o * stride + k - before, input)).length),
  );
  const all = along.reduce<number[]>((outer, own) => outer.flatMap((count) => own.map((more) => count * more)), [1]);
  const type: TensorType = float32([...axes.map(({ output }) => output), 1]);
  return b.constant(
    Float32Array.from(all, (count) => Math.max(1, count)),
    type,
  );
}

function inside(position: number, size: number): boolean {
  return position >= 0 && position < size;
}

/** Where each element stands, counted through the batch or anew in each image. */
function placesIn(b: Body, shape: readonly number[], throughBatch: boolean): Operand {
  const counted = throughBatch ? shape : shape.slice(1);
  return b.broadcast(b.reshape(b.positions([sizeOf({ shape: counted })], 0), counted), shape);
}

// --- backwards ----------------------------------------------------------------------------------------------------

/**
 * Each window's gradient goes to one of its largest elements. Place by place, since of equal ones select_and_scatter
 * takes whichever it meets.
 */
function maximumGradient<A extends object>(describe: Describe<A>, chosen: 'first' | 'last'): Lowering {
  return lowering<Grad, A>((b, { dy, input }, attrs) => {
    const windows = describe(input.shape, attrs);
    const candidates = placesOf(windows.axes).map(unfold(b, numbers(b, input), windows, -Infinity));
    return refolded(b, routed(b, candidates, b.as(dy, 'float32'), chosen), windows);
  });
}

/** Spreads each window's gradient evenly over all its places, those in the padding among them, as tfjs does. */
function averageGradient<A extends object>(describe: Describe<A>): Lowering {
  return lowering<Grad, A>((b, { dy, input }, attrs) => {
    const { axes } = describe(input.shape, attrs);
    const share = axes.reduce((product, { filter }) => product * filter, 1);
    const spread = b.each('divide', b.as(dy, 'float32'), b.scalar(share));
    // Sums over the windows of dy that lie over each element.
    const low = axes.map(({ filter, before }) => filter - 1 - before);
    const high = axes.map(({ filter, after }) => filter - 1 - after);
    const between = axes.map(({ stride }) => stride - 1);
    const padded = b.pad(spread, 0, [0, ...low, 0], [0, ...high, 0], [0, ...between, 0]);
    const plain = axes.map((axis): Axis => ({ ...axis, stride: 1, before: 0, after: 0 }));
    const given = [padded, b.scalar(0)];
    return b.op('reduce_window', given, float32(input.shape), windowAttributes(plain), [b.combining(padded, 'add')]);
  });
}
