/** The groups that points are coloured by, and the room that their legend has. */
import type { Colouring } from '../../views/scatter/colouring';

export interface Group {
  /** What it is in the data. */
  label: number;
  name: string;
  count: number;
}

/** Each group with the number of its points. */
export function groupsOf(colouring: Colouring): Group[] {
  if (colouring.kind !== 'groups') return [];
  const groups = colouring.labels.map((label, i): Group => ({ label, name: colouring.names[i]!, count: 0 }));
  for (const index of colouring.groupOf) groups[index]!.count++;
  return groups;
}

/** Names of more letters do not fit into one of two columns. */
const FITS_HALF = 12;
/** The least width of a column, the height of an entry, and that of all that a legend may have at least. */
export const LEGEND = { column: 118, row: 24, height: 250, size: 12 } as const;

/** Whether each name has all of the width. */
export function isLong(groups: readonly Pick<Group, 'name'>[]): boolean {
  return groups.some(({ name }) => name.length > FITS_HALF);
}
