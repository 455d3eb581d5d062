/** The classes of points that are taken. */
import { classMix } from '../../../../kernel/views/scatter/masks';
import type { LatentData } from '../model';

export interface ClassShare {
  /** Index among the classes. */
  index: number;
  name: string;
  count: number;
}

/** The classes of the points that are selected, the largest first; empty without classes. */
export function mixOf(mask: Uint8Array, { classOf, classes }: LatentData): ClassShare[] {
  if (classOf === null) return [];
  return Array.from(classMix(mask, classOf, classes.length), (count, index) => ({
    index,
    name: classes[index]!.name,
    count,
  }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.index - b.index);
}
