/** Points that are taken, as a number for each: 1 for those that are. */

export function countOf(mask: Uint8Array): number {
  let count = 0;
  for (let k = 0; k < mask.length; k++) count += mask[k]!;
  return count;
}

/** The places of those that are selected, ascending. */
export function placesOf(mask: Uint8Array): Int32Array {
  const places = new Int32Array(countOf(mask));
  let at = 0;
  for (let k = 0; k < mask.length; k++) if (mask[k] === 1) places[at++] = k;
  return places;
}

/** How many of each class are selected: [classes]. */
export function classMix(mask: Uint8Array, classOf: ArrayLike<number>, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (let k = 0; k < mask.length; k++) if (mask[k] === 1) counts[classOf[k]!]!++;
  return counts;
}
