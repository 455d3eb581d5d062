/** Greyscale dilation: the maximum, over each window, of image plus filter; and its gradients. */
import type { Dilation2DAttrs } from '@tensorflow/tfjs';
import { placesOf, type Place } from '../common/places';
import { dilationWindows, type Dilation } from '../../ops/images/dilation';
import type { Body, Operand } from './body';
import { lowering, type Lowerings } from './lowering';
import { refold, unfold } from './windows';

type Gradient = Dilation & { dy: unknown };
type Factors = Record<'x' | 'filter', Operand>;

export const DILATION: Lowerings = {
  Dilation2D: lowering<Dilation, Dilation2DAttrs>((b, inputs, attrs) => largest(b, candidates(b, inputs, attrs))),
  Dilation2DBackpropInput: lowering<Gradient, Dilation2DAttrs>((b, inputs, attrs) => {
    const windows = dilationWindows(inputs.x, inputs.filter, attrs);
    const pieces = routed(b, inputs, attrs).map(({ place, piece }) => refold(b, piece, windows, place));
    return pieces.reduce((sum, piece) => b.each('add', sum, piece));
  }),
  Dilation2DBackpropFilter: lowering<Gradient, Dilation2DAttrs>((b, inputs, attrs, output) => {
    const sums = routed(b, inputs, attrs).map(({ piece }) => b.reduce(piece, [0, 1, 2], 'add', 0));
    return b.reshape(b.concat(sums, 0), output.shape);
  }),
};

interface Candidate {
  readonly place: Place;
  readonly sum: Operand;
}

/** By place: the elements under it plus its element of the filter. */
function candidates(b: Body, { x, filter }: Factors, attrs: Dilation2DAttrs): Candidate[] {
  const windows = dilationWindows(x, filter, attrs);
  const under = unfold(b, b.as(x, 'float32'), windows, -Infinity);
  const channels = filter.shape[2]!;
  return placesOf(windows.axes).map((place) => {
    const [row, column] = place as readonly [number, number];
    const element = b.slice(b.as(filter, 'float32'), [row, column, 0], [row + 1, column + 1, channels]);
    return { place, sum: b.each('add', under(place), b.reshape(element, [channels])) };
  });
}

function largest(b: Body, all: readonly Candidate[]): Operand {
  return all.map(({ sum }) => sum).reduce((best, sum) => b.each('maximum', best, sum));
}

/** By place: what of the gradient goes there, the first of equal maxima. */
function routed(b: Body, inputs: Factors & { dy: Operand }, attrs: Dilation2DAttrs) {
  const all = candidates(b, inputs, attrs);
  const [maximum, none] = [largest(b, all), b.scalar(0)];
  // What no place has taken yet.
  let rest = b.as(inputs.dy, 'float32');
  return all.map(({ place, sum }) => {
    const taken = b.compare('EQ', sum, maximum);
    const piece = b.select(taken, rest, none);
    rest = b.select(taken, none, rest);
    return { place, piece };
  });
}
