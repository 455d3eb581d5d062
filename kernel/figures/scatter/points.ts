/** The look of points by their number, and which are drawn first. */

export function pointRadius(n: number): number {
  return Math.min(3.6, Math.max(1.5, 115 / Math.sqrt(Math.max(1, n))));
}

export function opacity(n: number): number {
  return n > 12_000 ? 0.6 : n > 4000 ? 0.7 : 0.82;
}

/** More points crowd, and are not told apart by which lies in front. */
const MOST_ORDERED = 50_000;

/** Points by their place; of three dimensions the farthest first. */
export function inDrawingOrder(n: number, nearness: Float32Array | undefined): Iterable<number> {
  const order = Int32Array.from({ length: n }, (_, k) => k);
  return nearness && n <= MOST_ORDERED ? order.sort((a, b) => nearness[a]! - nearness[b]!) : order;
}
