/** Sums and products of all elements up to each one. */
import { util } from '@tensorflow/tfjs';
import type { Body, Operand } from './body';
import { lowering, type Lowering, type Lowerings } from './lowering';

interface Attrs {
  axis: number;
  /** Without the element itself. */
  exclusive: boolean;
  /** From the other end. */
  reverse: boolean;
}

export const SCANS: Lowerings = {
  Cumsum: scan('add', 0),
  Cumprod: scan('multiply', 1),
};

/**
 * By doubling: after step k every element combines the 2ᵏ elements that end with it (W. D. Hillis and G. L. Steele,
 * “Data parallel algorithms”, 1986).
 */
function scan(combination: 'add' | 'multiply', neutral: number): Lowering {
  return lowering<{ x: unknown }, Attrs>((b, { x }, { axis, exclusive, reverse }, { dtype }) => {
    const along = util.parseAxisParam(axis, [...x.shape])[0]!;
    const size = x.shape[along]!;
    const shifted = (all: Operand, by: number) => moved(b, all, along, reverse ? -by : by, neutral);
    const given = b.as(x, dtype);
    let combined = exclusive && size > 0 ? shifted(given, 1) : given;
    for (let by = 1; by < size; by *= 2) combined = b.each(combination, combined, shifted(combined, by));
    return combined;
  }, 'n terms, combined as a tree: within n ulp');
}

/** Moved along an axis, back where `by` is negative; what comes in is one number. */
function moved(b: Body, x: Operand, axis: number, by: number, incoming: number): Operand {
  const none = x.shape.map(() => 0);
  return b.pad(x, incoming, none.with(axis, by), none.with(axis, -by));
}
