/** Greyscale dilation: the maximum, over each window, of image plus filter; and its gradients. */
import type { Dilation2DAttrs } from '@tensorflow/tfjs';
import { placesOf } from '../common/places';
import { dilationWindows, type Dilation } from '../../ops/images/dilation';
import type { Body, Operand } from './body';
import { lowering, type Lowerings } from './lowering';
import { largest, refolded, routed, unfold } from './windows';

type Gradient = Dilation & { dy: unknown };
type Factors = Record<'x' | 'filter', Operand>;

export const DILATION: Lowerings = {
  Dilation2D: lowering<Dilation, Dilation2DAttrs>((b, inputs, attrs) => largest(b, candidates(b, inputs, attrs))),
  Dilation2DBackpropInput: lowering<Gradient, Dilation2DAttrs>((b, inputs, attrs) =>
    refolded(b, pieces(b, inputs, attrs), dilationWindows(inputs.x, inputs.filter, attrs)),
  ),
  Dilation2DBackpropFilter: lowering<Gradient, Dilation2DAttrs>((b, inputs, attrs, output) => {
    const sums = pieces(b, inputs, attrs).map((piece) => b.reduce(piece, [0, 1, 2], 'add', 0));
    return b.reshape(b.concat(sums, 0), output.shape);
  }),
};

/** By place: the elements under it plus its element of the filter. */
function candidates(b: Body, { x, filter }: Factors, attrs: Dilation2DAttrs): Operand[] {
  const windows = dilationWindows(x, filter, attrs);
  const under = unfold(b, b.as(x, 'float32'), windows, -Infinity);
  const channels = filter.shape[2]!;
  return placesOf(windows.axes).map((place) => {
    const [row, column] = place as readonly [number, number];
    const element = b.slice(b.as(filter, 'float32'), [row, column, 0], [row + 1, column + 1, channels]);
    return b.each('add', under(place), b.reshape(element, [channels]));
  });
}

function pieces(b: Body, inputs: Factors & { dy: Operand }, attrs: Dilation2DAttrs): Operand[] {
  return routed(b, candidates(b, inputs, attrs), b.as(inputs.dy, 'float32'), 'first');
}
