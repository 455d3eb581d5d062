/** The new ends of arrays as JSON. */
import { encode, type DType } from './encoding';
import type { PlainStretches } from './smoothing';
import { commonStart, type Numbers } from './tails';
import type { EncodedStretches, EncodedTail, Tails } from './types';

export function tailOf(dtype: DType, known: Numbers, next: Numbers): EncodedTail {
  const keep = commonStart(known, next);
  return { keep, tail: encode(dtype, next.subarray(keep)) };
}

const NONE: PlainStretches = { steps: new Float32Array(), means: new Float32Array(), sizes: new Int32Array() };

export function stretchTails(known = NONE, next: PlainStretches): Tails<EncodedStretches> {
  return {
    steps: tailOf('float32', known.steps, next.steps),
    means: tailOf('float32', known.means, next.means),
    sizes: tailOf('int32', known.sizes, next.sizes),
  };
}

export function encodedStretches({ steps, means, sizes }: PlainStretches): EncodedStretches {
  return { steps: encode('float32', steps), means: encode('float32', means), sizes: encode('int32', sizes) };
}
