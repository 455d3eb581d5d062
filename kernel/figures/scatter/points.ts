/** The look of points by their number, and which are drawn first. */
import { isMany } from './crowd';

export function pointRadius(n: number): number {
  return Math.min(3.6, Math.max(1.5, 115 / Math.sqrt(Math.max(1, n))));
}

export function opacity(n: number): number {
  return n > 12_000 ? 0.6 : n > 4000 ? 0.7 : 0.82;
}

/** Points by their place; of three dimensions the farthest first, unless they may crowd: then none lies in front. */
export function inDrawingOrder(n: number, nearness: Float32Array | undefined): Iterable<number> {
  const order = Int32Array.from({ length: n }, (_, k) => k);
  return nearness && !isMany(n) ? order.sort((a, b) => nearness[a]! - nearness[b]!) : order;
}
