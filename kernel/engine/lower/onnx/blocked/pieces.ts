import type { Edge } from '../graph';
import type { Layouts } from './layouts';

/** Stands for a piece of zeros, outside of an image. */
export const OUTSIDE = -1;

/**
 * Pieces of memory in another order, [numbers.length, width]. Gathering moves whole registers in several threads, where
 * a Transpose of ONNX Runtime that keeps the last axis moves them ten times slower in one.
 *
 * @param edge elements of the pieces, in order
 * @param numbers of the pieces, or {@link OUTSIDE}
 */
export function gathered(
  { graph: g }: Layouts,
  edge: Edge,
  { pieces, width }: { readonly pieces: number; readonly width: number },
  numbers: Int32Array,
): Edge {
  const table = g.reshape(edge, [pieces, width]);
  const outside = numbers.includes(OUTSIDE);
  const zeros = () => g.constant(new Float32Array(width), 'float32', [1, width]);
  // Behind the last piece stands one of zeros.
  const padded = outside ? g.op('Concat', [table, zeros()], { axis: 0 }) : table;
  const places = outside ? numbers.map((number) => (number === OUTSIDE ? pieces : number)) : numbers;
  return g.op('Gather', [padded, g.constant(places, 'int32', [places.length])], { axis: 0 });
}

/** Squares [count, b, b], each with its rows as columns: to ONNX Runtime, images of b pixels that leave their layout. */
export function turned({ graph: g, block }: Layouts, squares: Edge, count: number): Edge {
  const images = g.reshape(squares, [count, block, 1, block]);
  return g.nchwcOp('ReorderOutput', [images], { channels: block, channels_last: 0 });
}

/** What a function says of every index of a shape, the last axis' next to each other. */
export function numbered(shape: readonly number[], numberAt: (index: readonly number[]) => number): Int32Array {
  const numbers = new Int32Array(shape.reduce((product, length) => product * length, 1));
  const index = shape.map(() => 0);
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = numberAt(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return numbers;
}
