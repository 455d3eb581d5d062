/**
 * Windows taken apart and put together, of tensors [N, ...spatial, C]: for each place of the window, the elements that lie
 * under it as a tensor [N, ...output, C].
 */
import type { Axis, Windows } from '../../ops/images/windows';
import { range } from '../../ops/range';
import type { Place } from '../common/places';
import type { Edge, Graph } from './graph';

/** Gives the elements under each place; behind the input's edges they are `outside`. */
export function unfold(g: Graph, x: Edge, { axes }: Windows, outside: number): (place: Place) => Edge {
  const before = axes.map((axis) => Math.max(0, axis.before));
  const after = axes.map((axis) => Math.max(0, axis.after));
  const pads = [0, ...before, 0, 0, ...after, 0];
  const padded = pads.some((pad) => pad > 0) ? g.op('Pad', [x, g.ints(pads), g.scalar(outside)]) : x;
  return (place) => {
    const starts = axes.map((axis, i) => place[i]! * axis.dilation + before[i]! - axis.before);
    const ends = axes.map(({ output, stride }, i) => starts[i]! + (output - 1) * stride + 1);
    const steps = axes.map(({ stride }) => stride);
    const spatial = range(1, 1 + axes.length);
    return g.slice(padded, starts, ends, spatial, steps.some((step) => step > 1) ? steps : undefined);
  };
}

/**
 * Each window's gradient to one of the candidates that equal its maximum; 0 to all others.
 *
 * @param candidates by place
 */
export function routed(
  g: Graph,
  candidates: readonly Edge[],
  { maximum, dy }: { maximum: Edge; dy: Edge },
  chosen: 'first' | 'last' = 'first',
): Edge[] {
  const none = g.scalar(0);
  const pieces: Edge[] = [];
  // What no place has taken yet.
  let rest = dy;
  for (const i of chosen === 'first' ? candidates.keys() : [...candidates.keys()].reverse()) {
    const equal = g.op('Equal', [candidates[i]!, maximum]);
    pieces[i] = g.op('Where', [equal, rest, none]);
    rest = g.op('Where', [equal, none, rest]);
  }
  return pieces;
}

/**
 * Adds up, at each element of the input, what lies over it: the adjoint of {@link unfold}.
 *
 * @param pieces by place, in the order of {@link placesOf}
 */
export function fold(g: Graph, pieces: readonly Edge[], { axes, batch, inShape }: Windows): Edge {
  const channels = inShape.at(-1)!;
  let left = [...pieces];
  // Axis by axis from the last, whose places are neighbours in the list.
  for (const i of range(0, axes.length).reverse()) {
    const outer = [batch, ...axes.slice(0, i).map(({ output }) => output)];
    const inner = axes.slice(i + 1).reduce((product, { input }) => product * input, channels);
    const { filter } = axes[i]!;
    left = range(0, left.length / filter).map((j) =>
      foldAxis(g, left.slice(j * filter, (j + 1) * filter), axes[i]!, outer, inner),
    );
  }
  return g.reshape(left[0]!, inShape);
}

/** [...outer, output, …] by place as [...outer, input, inner]. */
function foldAxis(g: Graph, pieces: readonly Edge[], axis: Axis, outer: readonly number[], inner: number): Edge {
  const { input, output, stride, dilation, before } = axis;
  // Elements whose distance is the stride make one phase, in which places are shifts by whole elements.
  const length = Math.ceil(
    Math.max(...pieces.map((_, k) => k * dilation + (output - 1) * stride + 1), input + before) / stride,
  );
  const phases: Edge[][] = Array.from({ length: stride }, () => []);
  pieces.forEach((piece, k) => {
    const [shift, phase] = [Math.floor((k * dilation) / stride), (k * dilation) % stride];
    const flat = g.reshape(piece, [...outer, output, 1, inner]);
    const [front, end] = [shift, length - output - shift];
    const none = outer.map(() => 0);
    const shifted = front + end > 0 ? g.op('Pad', [flat, g.ints([...none, front, 0, 0, ...none, end, 0, 0])]) : flat;
    phases[phase]!.push(shifted);
  });
  const zeros = () => g.op('Expand', [g.scalar(0), g.ints([...outer, length, 1, inner])]);
  const sums = phases.map((terms) => (terms.length === 0 ? zeros() : terms.reduce((a, b) => g.op('Add', [a, b]))));
  const joined = sums.length === 1 ? sums[0]! : g.op('Concat', sums, { axis: outer.length + 1 });
  const whole = g.reshape(joined, [...outer, length * stride, inner]);
  if (before === 0 && length * stride === input) return whole;
  return within(g, whole, { size: length * stride, input, before }, outer.length);
}

/** The part of an axis that is the input: from `before` on; what lies before 0 or behind the end is 0. */
function within(
  g: Graph,
  whole: Edge,
  { size, input, before }: { size: number; input: number; before: number },
  axis: number,
): Edge {
  const [start, end] = [Math.max(0, before), Math.min(size, before + input)];
  const part = start === 0 && end === size ? whole : g.slice(whole, [start], [end], [axis]);
  const [front, back] = [Math.max(0, -before), before + input - end];
  if (front === 0 && back === 0) return part;
  const none = Array.from({ length: axis }, () => 0);
  return g.op('Pad', [part, g.ints([...none, front, 0, ...none, back, 0])]);
}
