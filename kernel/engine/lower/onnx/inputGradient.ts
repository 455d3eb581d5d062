/** Convolutions backwards: from the gradient for the output to that for the input. */
import type { Convolution } from '../../ops/images/convolution';
import type { Axis, Windows } from '../../ops/images/windows';
import { range } from '../../ops/range';
import { asGiven, channelsFirst, convolve, filterFirst, filterShape, matricesOf, prefersColumns } from './convolve';
import type { Edge, Graph } from './graph';
import { permuted, reshaped } from './layout';
import { matrixProduct } from './products';
import { onnxWindows } from './windows';

/** The gradient for the input, and the transposed convolution itself. */
export function inputGradient(g: Graph, c: Convolution, dy: Edge, filter: Edge): Edge {
  const matrices = matricesOf(c);
  if (matrices.plain) {
    const { rows, inner, outer } = matrices;
    const left = reshaped(g, dy, c.outShape, [rows, outer]);
    const right = reshaped(g, filter, filterShape(c), [inner, outer]);
    return reshaped(g, matrixProduct(g, left, right, { transposeB: true }), [rows, inner], c.inShape);
  }
  return prefersColumns(g, c) ? byPhases(g, c, dy, filter) : transposedConv(g, c, dy, filter);
}

function transposedConv(g: Graph, c: Convolution, dy: Edge, filter: Edge): Edge {
  const { axes } = c;
  // Where windows begin behind the input's front, or end a stride or more before its end, the gradient is 0.
  const missing = axes.map(
    ({ before, after, stride }) => [Math.max(0, -before), -after >= stride ? -after : 0] as const,
  );
  const covered = axes.map((axis, i) => ({ ...axis, before: axis.before + missing[i]![0] }));
  const dx = g.op('ConvTranspose', [channelsFirst(g, dy, c, c.outShape), filterFirst(g, c, filter)], {
    ...onnxWindows(covered),
    output_padding: axes.map(({ after }, i) => (missing[i]![1] > 0 ? 0 : Math.max(0, -after))),
    group: c.depthwise ? c.inChannels : 1,
  });
  const padded = missing.some(([front, end]) => front > 0 || end > 0)
    ? g.op('Pad', [dx, g.ints([0, 0, ...missing.map(([front]) => front), 0, 0, ...missing.map(([, end]) => end)])])
    : dx;
  return asGiven(g, padded, c, c.inShape);
}

// --- phases -------------------------------------------------------------------------------------------------------

/** Which places of an axis' window reach the inputs a, a + stride, a + 2·stride, …, and from which outputs. */
export interface Phase {
  /** From the one that reads the first output on. */
  readonly places: readonly number[];
  /** How far behind the m-th input of the phase the first of them reads. */
  readonly offset: number;
}

/** One for each a below the stride; only where either the stride or the dilation is 1. */
export function phasesOf({ stride, filter, dilation, before }: Axis): Phase[] {
  return range(0, stride).map((a) => {
    const places = range(0, filter)
      .filter((k) => mod(a + before - k * dilation, stride) === 0)
      .reverse();
    return { places, offset: places.length ? (a + before - places[0]! * dilation) / stride : 0 };
  });
}

/**
 * A transposed convolution as one convolution of stride 1 for each place between strides, put together afterwards: no
 * products with the zeros in between, and no scattered sums.
 */
function byPhases(g: Graph, c: Convolution, dy: Edge, filter: Edge): Edge {
  const { axes } = c;
  if (axes.some(({ dilation, stride }) => dilation > 1 && stride > 1)) return transposedConv(g, c, dy, filter);
  const phases = axes.map(phasesOf);
  const lengths = axes.map(({ input, stride }) => Math.ceil(input / stride));
  const combinations = phases.reduce<Phase[][]>((all, own) => all.flatMap((one) => own.map((p) => [...one, p])), [[]]);
  const shape = [c.batch, ...lengths, c.inChannels];
  const pieces = combinations.map((combination) => {
    if (combination.some(({ places }) => places.length === 0)) return g.op('Expand', [g.scalar(0), g.ints(shape)]);
    const convolution: Convolution = {
      ...c,
      axes: combination.map(({ places, offset }, i) => {
        const { output, dilation } = axes[i]!;
        const after = lengths[i]! - 1 + offset + (places.length - 1) * dilation - (output - 1);
        return {
          input: output,
          output: lengths[i]!,
          filter: places.length,
          stride: 1,
          dilation,
          before: -offset,
          after,
        };
      }),
      inChannels: c.outChannels,
      outChannels: c.inChannels,
      inShape: c.outShape,
      outShape: shape,
    };
    const places = combination.map((phase) => phase.places);
    return convolve(g, convolution, dy, turned(g, c, filter, places));
  });
  return interleaved(g, pieces, c, lengths);
}

/** The filter at these places alone, in and out changed: [...places, out, in]. */
function turned(g: Graph, c: Convolution, filter: Edge, places: readonly (readonly number[])[]): Edge {
  const rank = places.length;
  const shape = [...places.map(({ length }) => length), c.inChannels, c.outChannels];
  return permuted(g, taken(g, c, filter, places), shape, [...range(0, rank), rank + 1, rank]);
}

/** The filter at these places alone. */
export function taken(g: Graph, { axes }: Windows, filter: Edge, places: readonly (readonly number[])[]): Edge {
  return places.reduce((edge, indices, axis) => {
    const all = indices.length === axes[axis]!.filter && indices.every((index, i) => index === i);
    return all ? edge : g.op('Gather', [edge, g.ints(indices)], { axis });
  }, filter);
}

/** Pieces [N, ...lengths, C], one for each phase, the last axis' next to each other, as the input. */
function interleaved(g: Graph, pieces: readonly Edge[], c: Windows, lengths: readonly number[]): Edge {
  const { axes, batch, inChannels } = c;
  let [left, inner] = [[...pieces], inChannels];
  for (const i of range(0, axes.length).reverse()) {
    const { stride } = axes[i]!;
    const outer = lengths.slice(0, i + 1).reduce((a, b) => a * b, batch);
    left = range(0, left.length / stride).map((j) => {
      const own = left.slice(j * stride, (j + 1) * stride);
      return own.length === 1
        ? own[0]!
        : g.op(
            'Concat',
            own.map((piece) => g.reshape(piece, [outer, inner])),
            { axis: 1 },
          );
    });
    inner *= stride * lengths[i]!;
  }
  const whole = g.reshape(left[0]!, [batch, ...axes.map(({ stride }, i) => stride * lengths[i]!), inChannels]);
  if (axes.every(({ input, stride }, i) => input === stride * lengths[i]!)) return whole;
  const none = axes.map(() => 0);
  return g.slice(
    whole,
    none,
    axes.map(({ input }) => input),
    range(1, 1 + axes.length),
  );
}

function mod(a: number, n: number): number {
  return ((a % n) + n) % n;
}
