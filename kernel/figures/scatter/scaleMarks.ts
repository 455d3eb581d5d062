/** The scale of points in a picture: its bar with its name above and its note below. */
import { colourText, type Scale } from '../../views/scatter/colouring';
import { fitting, wrapped, type WidthOf } from '../fitting';
import type { Mark } from '../marks';
import { BAR, barMarks, scaleNote } from './scale';

/** Its name stands above it, and what it leaves out below. */
const [NAME, NOTE, LINE] = [21, 12, 16];

export function scaleMarks(
  scale: Scale,
  { left, top, width }: { left: number; top: number; width: number },
  widthOf: WidthOf,
): { marks: Mark[]; height: number } {
  const measure = (text: string) => widthOf(text, 12, false);
  const name = fitting(colourText(scale.name), width, measure);
  const foot = NAME + BAR.foot;
  const notes = wrapped(scaleNote(scale), width, measure);
  const text = { kind: 'text', x: left, size: 12 } as const;
  return {
    marks: [
      { ...text, y: top + NOTE, text: name, fill: 'foreground' },
      ...barMarks(scale, left, top + NAME, false),
      ...notes.map((line, i): Mark => ({ ...text, y: top + foot + NOTE + LINE * i, text: line, fill: 'muted' })),
    ],
    height: foot + LINE * notes.length,
  };
}
