/**
 * Windows over tensors [N, ...spatial, C]: reduced by the operation for it, or taken apart and put together, for each place
 * of the window the elements that lie under it as a tensor [N, ...output, C].
 */
import { placesOf, type Place } from '../common/places';
import type { Axis, Windows } from '../../ops/images/windows';
import type { Body, Operand } from './body';
import { i64s, pairs } from './text';

/** Attributes of reduce_window. */
export function windowAttributes(axes: readonly Axis[]) {
  return {
    window_dimensions: i64s([1, ...axes.map(({ filter }) => filter), 1]),
    window_strides: i64s([1, ...axes.map(({ stride }) => stride), 1]),
    padding: pairs([[0, 0], ...axes.map(({ before, after }) => [before, after] as const), [0, 0]]),
  };
}

/** Gives the elements under each place; behind the input's edges they are `outside`. */
export function unfold(b: Body, x: Operand, { axes }: Windows, outside: number): (place: Place) => Operand {
  const around = (each: (axis: Axis) => number, edge = 0) => [edge, ...axes.map(each), edge];
  const padded = b.pad(
    x,
    outside,
    around(({ before }) => Math.max(0, before)),
    around(({ after }) => Math.max(0, after)),
  );
  return (place) => {
    const starts = axes.map(({ dilation, before }, i) => place[i]! * dilation + Math.max(0, before) - before);
    const ends = axes.map(({ output, stride }, i) => starts[i]! + (output - 1) * stride + 1);
    return b.slice(
      padded,
      [0, ...starts, 0],
      [x.shape[0]!, ...ends, x.shape.at(-1)!],
      around(({ stride }) => stride, 1),
    );
  };
}

export function largest(b: Body, candidates: readonly Operand[]): Operand {
  return candidates.reduce((best, candidate) => b.each('maximum', best, candidate));
}

/** Each window's gradient to one of the candidates, by place, that equal the largest; 0 to all others. */
export function routed(b: Body, candidates: readonly Operand[], dy: Operand, chosen: 'first' | 'last'): Operand[] {
  const [maximum, none] = [largest(b, candidates), b.scalar(0)];
  const pieces: Operand[] = [];
  // What no place has taken yet.
  let rest = dy;
  for (const i of chosen === 'first' ? candidates.keys() : [...candidates.keys()].reverse()) {
    const equal = b.compare('EQ', candidates[i]!, maximum);
    pieces[i] = b.select(equal, rest, none);
    rest = b.select(equal, none, rest);
  }
  return pieces;
}

/** Adds up, at each element of the input, what lies over it: the adjoint of {@link unfold}. */
export function refolded(b: Body, pieces: readonly Operand[], windows: Windows): Operand {
  const places = placesOf(windows.axes);
  return pieces
    .map((piece, i) => refold(b, piece, windows, places[i]!))
    .reduce((sum, piece) => b.each('add', sum, piece));
}

/** What lies under one place as a part of the input, 0 elsewhere: what unfold took there goes back. */
function refold(b: Body, piece: Operand, { axes }: Windows, place: Place): Operand {
  const low = axes.map(({ dilation, before }, i) => place[i]! * dilation - before);
  const high = axes.map(({ input, output, stride }, i) => input - low[i]! - (output - 1) * stride - 1);
  return b.pad(piece, 0, [0, ...low, 0], [0, ...high, 0], [0, ...axes.map(({ stride }) => stride - 1), 0]);
}
