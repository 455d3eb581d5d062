/** The share of its opacity that a point has which is so near: what is far fades. */
export function clarity(nearness: number): number {
  return 0.28 + 0.72 * nearness;
}
