/** Greyscale dilation: the maximum, over each window, of image plus filter; and its gradients. */
import type { Dilation2DAttrs } from '@tensorflow/tfjs';
import { dilationWindows, type Dilation } from '../../ops/images/dilation';
import type { Windows } from '../../ops/images/windows';
import { asFloat } from './elementwise';
import { placesOf } from '../common/places';
import { fold, routed, unfold } from './fold';
import type { Edge, Graph } from './graph';
import { lowering, type Lowerings, type Operand } from './lowering';

type Gradient = Dilation & { dy: unknown };

export const DILATION: Lowerings = {
  Dilation2D: lowering<Dilation, Dilation2DAttrs>({
    nodes: (g, { x, filter }, attrs) => g.op('Max', candidates(g, dilationWindows(x, filter, attrs), x, filter)),
  }),
  Dilation2DBackpropInput: lowering<Gradient, Dilation2DAttrs>({
    nodes(g, inputs, attrs) {
      const over = dilationWindows(inputs.x, inputs.filter, attrs);
      return fold(g, pieces(g, over, inputs), over);
    },
  }),
  Dilation2DBackpropFilter: lowering<Gradient, Dilation2DAttrs>({
    nodes(g, inputs, attrs) {
      const over = dilationWindows(inputs.x, inputs.filter, attrs);
      const axes = g.ints([0, 1, 2]);
      const sums = pieces(g, over, inputs).map((piece) => g.op('ReduceSum', [piece, axes], { keepdims: 0 }));
      return g.reshape(sums.length === 1 ? sums[0]! : g.op('Concat', sums, { axis: 0 }), inputs.filter.shape);
    },
  }),
};

/** By place: the elements under it plus its element of the filter. */
function candidates(g: Graph, over: Windows, x: Operand, filter: Operand): Edge[] {
  const under = unfold(g, asFloat(g, x), over, -Infinity);
  return placesOf(over.axes).map((place) => {
    const [row, column] = place as readonly [number, number];
    const element = g.slice(asFloat(g, filter), [row, column], [row + 1, column + 1], [0, 1]);
    return g.op('Add', [under(place), element]);
  });
}

/** By place: what of the gradient goes there, the first of equal maxima. */
function pieces(g: Graph, over: Windows, { x, filter, dy }: Record<'x' | 'filter' | 'dy', Operand>): Edge[] {
  const sums = candidates(g, over, x, filter);
  return routed(g, sums, { maximum: g.op('Max', sums), dy: asFloat(g, dy) });
}
