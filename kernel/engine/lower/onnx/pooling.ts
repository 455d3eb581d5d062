/** Maxima and averages over windows, and their gradients. */
import type { MaxPoolWithArgmaxAttrs } from '@tensorflow/tfjs';
import { pool2D, pool3D, reachInside, type Describe } from '../../ops/images/pooling';
import type { Axis, Windows } from '../../ops/images/windows';
import { range } from '../../ops/range';
import type { Dtype } from '../../ops/types';
import { matrixOf } from '../common/matrices';
import { placesOf } from '../common/places';
import { alongAxes } from './alongAxes';
import { asFloat } from './elementwise';
import { fold, routed, unfold } from './fold';
import type { Edge, Graph } from './graph';
import { toChannelsFirst, toChannelsLast } from './layout';
import { lowering, type Lowering, type Lowerings } from './lowering';
import { onnxWindows, reached } from './windows';

type Kind = 'MaxPool' | 'AveragePool';

interface Grad {
  dy: unknown;
  input: unknown;
}

export const POOLING: Lowerings = {
  MaxPool: pool('MaxPool', pool2D),
  MaxPool3D: pool('MaxPool', pool3D),
  AvgPool: pool('AveragePool', pool2D),
  AvgPool3D: pool('AveragePool', pool3D),
  // tfjs gives the gradient to the first of equal maxima in two dimensions, to the last in three.
  MaxPoolGrad: maxPoolGradient(pool2D, 'first'),
  MaxPool3DGrad: maxPoolGradient(pool3D, 'last'),
  AvgPoolGrad: averagePoolGradient(pool2D),
  AvgPool3DGrad: averagePoolGradient(pool3D),
  MaxPoolWithArgmax: maxPoolWithArgmax(),
};

// --- forwards -----------------------------------------------------------------------------------------------------

function pool<A extends object>(kind: Kind, describe: Describe<A>): Lowering {
  return lowering<{ x: unknown }, A>({
    nodes(g, { x }, attrs) {
      const windows = describe(x.shape, attrs);
      const form = isTrivial(windows) || reachInside(windows) ? pooled : pooledOutside;
      return restored(g, form(g, kind, windows, asFloat(g, x)), x.dtype);
    },
  });
}

function pooled(g: Graph, kind: Kind, windows: Windows, x: Edge): Edge {
  if (isTrivial(windows)) return x;
  const { edge, windows: inside } = reached(g, x, windows);
  const { kernel_shape, strides, pads } = onnxWindows(inside.axes);
  const y = g.op(kind, [toChannelsFirst(g, edge, inside.inShape)], { kernel_shape, strides, pads });
  const { outShape: shape } = windows;
  return toChannelsLast(g, y, [shape[0]!, shape.at(-1)!, ...shape.slice(1, -1)]);
}

/** Each window is one element, and each element one window; to tfjs, in two dimensions, whatever the padding. */
function isTrivial({ axes }: Windows): boolean {
  const anyPadding = axes.length === 2;
  return axes.every(({ filter, input, output, before }) => {
    return filter === 1 && input === output && (before === 0 || anyPadding);
  });
}

/**
 * For windows that may lie wholly in the padding, which ONNX's operators refuse. These have no maximum, −∞, and
 * the average 0 (of tfjs's cpu kernels, that of two dimensions makes it NaN).
 */
function pooledOutside(g: Graph, kind: Kind, windows: Windows, x: Edge): Edge {
  const { axes, inShape } = windows;
  if (kind === 'MaxPool') return g.op('Max', placesOf(axes).map(unfold(g, x, windows, -Infinity)));
  return alongAxes(g, x, inShape, axes.map(average));
}

function restored(g: Graph, y: Edge, dtype: Dtype): Edge {
  return dtype === 'float32' ? y : g.cast(y, dtype);
}

/** The maxima, and where each stood. */
function maxPoolWithArgmax<A extends MaxPoolWithArgmaxAttrs>(): Lowering {
  return {
    nodes(g, { x }, attrs) {
      const windows = pool2D(x!.shape, attrs as A);
      const [values, { includeBatchInIndex }] = [asFloat(g, x!), attrs as A];
      const y = pooled(g, 'MaxPool', windows, values);
      return [restored(g, y, x!.dtype), positions(g, windows, values, y, includeBatchInIndex)];
    },
  };
}

// --- backwards ----------------------------------------------------------------------------------------------------

/** Each window's gradient goes to one of its elements that equal its maximum. */
function maxPoolGradient<A extends object>(describe: Describe<A>, chosen: 'first' | 'last'): Lowering {
  return lowering<Grad & { output: unknown }, A>({
    nodes(g, { dy, input, output }, attrs) {
      const windows = describe(input.shape, attrs);
      const candidates = placesOf(windows.axes).map(unfold(g, asFloat(g, input), windows, -Infinity));
      const pieces = routed(g, candidates, { maximum: asFloat(g, output), dy: asFloat(g, dy) }, chosen);
      return fold(g, pieces, windows);
    },
  });
}

/** Spreads each window's gradient evenly over all its places, those in the padding among them, as tfjs does. */
function averagePoolGradient<A extends object>(describe: Describe<A>): Lowering {
  return lowering<Grad, A>({
    nodes(g, { dy, input }, attrs) {
      const { axes } = describe(input.shape, attrs);
      return alongAxes(g, asFloat(g, dy), dy.shape, axes.map(spread));
    },
  });
}

/** [input, output]: 1 / filter wherever the output's window lies over the input. */
function spread(axis: Axis) {
  const weights = underWindows(axis).flatMap((inside, o) => inside.map((i) => [i, o, 1 / axis.filter] as const));
  return matrixOf(axis.input, axis.output, weights);
}

/** [output, input]: the mean of what lies under each window. */
function average(axis: Axis) {
  const weights = underWindows(axis).flatMap((inside, o) => inside.map((i) => [o, i, 1 / inside.length] as const));
  return matrixOf(axis.output, axis.input, weights);
}

/** For each output, the inputs under its window. */
function underWindows({ input, output, filter, stride, before }: Axis): number[][] {
  const under = (o: number) => range(0, filter).map((k) => o * stride + k - before);
  return range(0, output).map((o) => under(o).filter((i) => i >= 0 && i < input));
}

// --- positions ----------------------------------------------------------------------------------------------------

/** (row · width + column) · channels + channel of each window's first maximum, with all batches counted or each anew. */
function positions(g: Graph, windows: Windows, x: Edge, maximum: Edge, includeBatch: boolean): Edge {
  const { axes, batch, inChannels: channels, outShape } = windows;
  const [rows, columns] = axes as readonly [Axis, Axis];
  const under = unfold(g, x, windows, -Infinity);
  const distance = ([i, j]: readonly number[]) => (i! * columns.input + j!) * channels;
  // From the last place to the first, so that the first stays.
  const within = placesOf(axes)
    .reverse()
    .reduce(
      (last, place) =>
        g.op('Where', [g.op('Equal', [under(place), maximum]), g.scalar(distance(place), 'int32'), last]),
      g.op('Expand', [g.scalar(0, 'int32'), g.ints(outShape)]),
    );
  const corners = range(0, includeBatch ? batch : 1).flatMap((b) =>
    range(0, rows.output).flatMap((i) =>
      range(0, columns.output).flatMap((j) => {
        const [row, column] = [i * rows.stride - rows.before, j * columns.stride - columns.before];
        const corner = ((b * rows.input + row) * columns.input + column) * channels;
        return range(0, channels).map((channel) => corner + channel);
      }),
    ),
  );
  const shape = [includeBatch ? batch : 1, ...outShape.slice(1)];
  return g.op('Add', [within, g.constant(Int32Array.from(corners), 'int32', shape)]);
}
