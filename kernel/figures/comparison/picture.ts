/** Compared trainings as one picture: title, key and names of the panels are part of it. */
import { fitting, type WidthOf } from '../fitting';
import { PRINT_LOOK } from '../look';
import type { Mark } from '../marks';
import type { Panel } from '../panel/panel';
import { keyMarks } from '../training/key';
import type { ComparisonData } from './data';
import { comparisonKey, laidOutComparison } from './panels';
import type { ComparisonDrawing } from './panels';

const MARGIN = 12;
const TITLE = 20;

export function comparisonPicture(
  title: string,
  data: ComparisonData,
  drawing: Omit<ComparisonDrawing, 'look'>,
  { width, widthOf }: { width: number; widthOf: WidthOf },
): { panels: Panel[]; marks: Mark[]; bottom: number } {
  const look = PRINT_LOOK;
  const entries = comparisonKey(data.groups, drawing.terms, look);
  const key = keyMarks(entries, { left: MARGIN, top: TITLE + 9, width }, (text) => widthOf(text, 11, false));
  const head = TITLE + 9 + key.height + 8;
  const { arrangement, panels } = laidOutComparison({ ...drawing, look }, width, head);
  const ink = { kind: 'text', fill: 'foreground', isBold: true } as const;
  const names = data.terms.map((term, i): Mark => {
    const { left, top, width: room } = arrangement.boxes[i]!;
    const text = fitting(term, room, (part) => widthOf(part, 12, true));
    return { ...ink, x: left, y: top - 9, text, size: 12 };
  });
  const marks: Mark[] = [{ ...ink, x: MARGIN, y: TITLE, text: title, size: 14 }, ...key.marks, ...names];
  return { panels, marks, bottom: head + arrangement.height };
}
