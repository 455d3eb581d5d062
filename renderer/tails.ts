/** The new ends of growing arrays, as they arrive. */
import * as z from './schema';
import { joined } from '../kernel/views/tails';
import type { EncodedTail } from '../kernel/views/types';
import { decode, encodedArray } from './data';
import type { TypedArray } from './data';

export const encodedTail = z.object({ keep: z.number(), tail: encodedArray });

/** @throws RangeError when the end does not fit what is known */
export function extended(known: TypedArray | undefined, { keep, tail }: EncodedTail): TypedArray {
  const end = decode(tail);
  return joined(known ?? end.subarray(0, 0), keep, end);
}
