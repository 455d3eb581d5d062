/** Windows as ONNX's convolutions and poolings state them. */
import type { Axis, Windows } from '../../ops/images/windows';
import type { Edge, Graph } from './graph';

/**
 * Attributes of ONNX's Conv, ConvTranspose, MaxPool and AveragePool, for windows over an input as {@link reached} gives
 * it.
 */
export function onnxWindows(axes: readonly Axis[]) {
  return {
    kernel_shape: axes.map(({ filter }) => filter),
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    pads: [...axes.map(({ before }) => before), ...axes.map(({ after }) => Math.max(0, after))],
  };
}

/**
 * The input without what no window reaches at its front, and without a whole stride or more of that at its end: ONNX
 * has no negative padding, and would count another window in.
 */
export function reached(g: Graph, x: Edge, windows: Windows): { edge: Edge; windows: Windows } {
  const { axes, channelsLast, inShape } = windows;
  const first = channelsLast ? 1 : 2;
  const cut = axes.map(({ before, after, stride }) => [Math.max(0, -before), -after >= stride ? -after : 0] as const);
  if (cut.every(([front, end]) => front === 0 && end === 0)) return { edge: x, windows };
  const left = axes.map((axis, i) => {
    const [front, end] = cut[i]!;
    return { ...axis, input: axis.input - front - end, before: axis.before + front, after: axis.after + end };
  });
  const edge = g.slice(
    x,
    cut.map(([front]) => front),
    axes.map(({ input }, i) => input - cut[i]![1]),
    axes.map((_, i) => first + i),
  );
  const inside = left.map(({ input }) => input);
  const shape = [...inShape.slice(0, first), ...inside, ...inShape.slice(first + axes.length)];
  return { edge, windows: { ...windows, axes: left, inShape: shape } };
}
