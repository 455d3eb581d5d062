import { range } from '../../ops/range';

export type Mirroring = 'reflect' | 'symmetric';

/** Where each element of a mirrored axis comes from; the edge is repeated or not. */
export function mirror(size: number, before: number, after: number, mode: Mirroring): number[] {
  const edge = mode === 'symmetric' ? 1 : 0;
  return range(-before, size + after).map((i) => (i < 0 ? -i - edge : i < size ? i : 2 * (size - 1) - i + edge));
}
