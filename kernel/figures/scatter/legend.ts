/** The legend of groups: which are in it, and where they stand. */
import { CATEGORIES_ON_LIGHT, CORNERS, SHAPES } from '../../views/categories';
import type { Colouring } from '../../views/scatter/colouring';
import { count } from '../../views/wording';
import { fitting, type WidthOf } from '../fitting';
import type { Mark } from '../marks';

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
/** From the left of an entry: the middle of its mark, its name, and what its name leaves free on the right. */
const ENTRY = { mark: 9, radius: 4, name: 21, right: 8 };

/** Whether each name has all of the width. */
export function isLong(groups: readonly Pick<Group, 'name'>[]): boolean {
  return groups.some(({ name }) => name.length > FITS_HALF);
}

/**
 * Marks and names of the groups that have points, in rows; more than have room are counted.
 *
 * @param room from its top left corner
 */
export function legendMarks(
  groups: readonly Group[],
  room: { left: number; top: number; width: number; height: number },
  widthOf: WidthOf,
): { marks: Mark[]; height: number } {
  const shown = groups.flatMap((group, index) => (group.count > 0 ? [{ ...group, index }] : []));
  const columns = isLong(groups) ? 1 : Math.max(1, Math.floor(room.width / LEGEND.column));
  const width = room.width / columns;
  const places = columns * Math.max(1, Math.floor(Math.max(LEGEND.height, room.height) / LEGEND.row));
  const kept = shown.length > places ? shown.slice(0, places - 1) : shown;
  const at = (place: number): [x: number, y: number] => [
    room.left + (place % columns) * width,
    room.top + LEGEND.row * (Math.floor(place / columns) + 0.5),
  ];
  const named = (text: string, place: number, fill: 'foreground' | 'muted'): Mark => {
    const [x, y] = at(place);
    const fitted = fitting(text, width - ENTRY.name - ENTRY.right, (part) => widthOf(part, LEGEND.size, false));
    return { kind: 'text', x: x + ENTRY.name, y: y + 4, text: fitted, size: LEGEND.size, fill };
  };
  const marks = kept.flatMap(({ name, index }, place) => {
    const [x, y] = at(place);
    return [groupMark(index, x + ENTRY.mark, y, ENTRY.radius), named(name, place, 'foreground')];
  });
  const more = shown.length - kept.length;
  if (more > 0) marks.push(named(`and ${count(more)} more`, kept.length, 'muted'));
  const rows = Math.ceil((kept.length + (more > 0 ? 1 : 0)) / columns);
  return { marks: [{ kind: 'group', id: 'legend', marks }], height: rows * LEGEND.row };
}

/** The mark of a group around a place. */
function groupMark(index: number, x: number, y: number, radius: number): Mark {
  const shape = SHAPES[Math.floor(index / CATEGORIES_ON_LIGHT.length) % SHAPES.length]!;
  const fill = `category ${index}` as const;
  if (shape === 'circle') return { kind: 'ellipse', x, y, rx: radius, ry: radius, fill };
  const points = CORNERS[shape].map(([dx, dy]) => [x + dx * radius, y + dy * radius] as const);
  return { kind: 'path', points, isClosed: true, fill };
}
