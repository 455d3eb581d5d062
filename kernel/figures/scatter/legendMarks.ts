/** The legend of groups in a picture: which are in it, and where they stand. */
import { count } from '../../views/wording';
import { fitting, type WidthOf } from '../fitting';
import type { Mark } from '../marks';
import { groupMark } from './groupMark';
import { isLong, LEGEND } from './legend';
import type { Group } from './legend';

/** From the left of an entry: the middle of its mark, its name, and what its name leaves free on the right. */
const ENTRY = { mark: 9, radius: 4, name: 21, right: 8 };

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
