/** Sums and products of all elements up to each one. */
import { util } from '@tensorflow/tfjs';
import { range } from '../../ops/range';
import type { TensorType } from '../../ops/types';
import { as } from './elementwise';
import type { Edge, Graph } from './graph';
import { lowering, type Lowerings } from './lowering';

interface Attrs {
  axis: number;
  /** Without the element itself. */
  exclusive: boolean;
  /** From the other end. */
  reverse: boolean;
}

export const SCANS: Lowerings = {
  Cumsum: lowering<{ x: unknown }, Attrs>({
    nodes: (g, { x }, { axis, exclusive, reverse }, { dtype }) =>
      g.op('CumSum', [as(g, x, dtype), g.scalar(axis, 'int32')], {
        exclusive: exclusive ? 1 : 0,
        reverse: reverse ? 1 : 0,
      }),
  }),
  Cumprod: lowering<{ x: unknown }, Attrs>({
    nodes: (g, { x }, attrs, output) => cumprod(g, as(g, x, output.dtype), attrs, output),
    precision: 'n factors, multiplied as a tree: within n ulp',
  }),
};

/**
 * ONNX has no such operator. By doubling: after step k every element is the product of the 2ᵏ elements that end with it
 * (W. D. Hillis and G. L. Steele, “Data parallel algorithms”, 1986).
 */
function cumprod(g: Graph, x: Edge, { axis, exclusive, reverse }: Attrs, { shape, dtype }: TensorType): Edge {
  const along = util.parseAxisParam(axis, [...shape])[0]!;
  const size = shape[along]!;
  /** Moved along the axis, with ones coming in. */
  const shifted = (edge: Edge, by: number): Edge => {
    const kept = reverse ? g.slice(edge, [by], [size], [along]) : g.slice(edge, [0], [size - by], [along]);
    // For all axes: where only some are named, ONNX Runtime loses track of them when it moves a transpose past it.
    const pads = range(0, 2 * shape.length).map((i) => (i === along + (reverse ? shape.length : 0) ? by : 0));
    return g.op('Pad', [kept, g.ints(pads), g.scalar(1, dtype)]);
  };
  let products = exclusive ? shifted(x, 1) : x;
  for (let by = 1; by < size; by *= 2) products = g.op('Mul', [products, shifted(products, by)]);
  return products;
}
