/** How a growing curve is sent: by the new end of its arrays. Sender and receiver share this rule. */

export type Numbers = Float32Array | Int32Array | Uint8Array;

/** How many of the first elements are the same. */
export function commonStart(known: Numbers, next: Numbers): number {
  const most = Math.min(known.length, next.length);
  let same = 0;
  while (same < most && Object.is(known[same], next[same])) same++;
  return same;
}

/**
 * The first `keep` elements of what is known, and the tail behind them.
 *
 * @throws RangeError when not so many are known, or the elements are of another type
 */
export function joined<T extends Numbers>(known: T, keep: number, tail: Numbers): T {
  const Elements = known.constructor as new (length: number) => T;
  if (!(tail instanceof Elements)) throw new RangeError('the end of an array has another type than its beginning');
  if (keep > known.length) throw new RangeError(`${keep} elements are to be kept of ${known.length}`);
  const whole = new Elements(keep + tail.length);
  whole.set(known.subarray(0, keep));
  whole.set(tail, keep);
  return whole;
}
