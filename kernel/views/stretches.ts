/** How a curve is cut into stretches: one way for what is drawn of it and for what is smoothed. */

/**
 * Points in a stretch of a curve of n points, so that it has at most `most` stretches. Every stretch is as long as the
 * others, the last one may be shorter; as a curve grows only its end changes, until the next length is due.
 */
export function stretchLength(n: number, most: number): number {
  let length = 1;
  while (Math.ceil(n / length) > most) length += Math.max(1, length >> 3);
  return length;
}
