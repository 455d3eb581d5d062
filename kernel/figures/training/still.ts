/** A page of the training's figure for a picture or a file: its key and the names of its panels are part of the drawing. */
import { fitting, type WidthOf } from '../fitting';
import type { Look } from '../look';
import type { ColourRole, Mark } from '../marks';
import type { Box, Panel } from '../panel/panel';
import { quantity } from '../../views/wording';
import { arrangementOf } from './drawing';
import { keyMarks } from './key';
import type { Drawing, Page, PanelText } from './pages/page';
import { readingsOf } from './reading';

export interface StillPage {
  panels: Panel[];
  /** Key and names of the panels. */
  marks: Mark[];
  /** The foot of the page. */
  bottom: number;
}

const MARGIN = 12;

/** @param top from which on there is room */
export function stillPage(
  page: Page,
  drawing: Drawing,
  { look, width, top, widthOf }: { look: Look; width: number; top: number; widthOf: WidthOf },
): StillPage {
  const key = keyMarks(keyOf(page, drawing, look), { left: MARGIN, top, width }, (text) => widthOf(text, 11, false));
  const head = top + key.height + (key.height > 0 ? 10 : 0);
  const { boxes: placed, height, ...rest } = arrangementOf(page, drawing, width);
  const boxes = placed.map((box) => ({ ...box, top: box.top + head }));
  const panels = page.panels(drawing, look, { ...rest, boxes, height: height + head });
  const names = page.texts(drawing, { step: null, row: null }, look);
  const marks = [...key.marks, ...names.flatMap((text, i) => nameMarks(text, boxes[i]!, widthOf))];
  return { panels, marks, bottom: head + height };
}

/** Nobody can look the weight up in a picture. */
function keyOf(page: Page, drawing: Drawing, look: Look) {
  const weight = quantity(drawing.choices.smoothing);
  return page.key(drawing, look).map((entry) => {
    return entry.text.endsWith('smoothed') ? { ...entry, text: `${entry.text} (weight ${weight})` } : entry;
  });
}

const SWATCH = 20;

/** The name of a panel, and as much of what it reads as there is room for. */
function nameMarks(text: PanelText, { left, top, width }: Box, widthOf: WidthOf): Mark[] {
  const room = width + 8 - SWATCH;
  const readings = readingsOf(text);
  // A long name leaves room for the shortest reading.
  const most = Math.max(0.6 * room, room - 8 - widthOf(readings.at(-1)!, 12, false));
  const name = fitting(text.name, most, (part) => widthOf(part, 12, true));
  const at = left + SWATCH + widthOf(name, 12, true) + 8;
  const rest = left + SWATCH + room - at;
  const reads = readings.find((one) => widthOf(one, 12, false) <= rest) ?? readings.at(-1)!;
  const reading = fitting(reads, rest, (part) => widthOf(part, 12, false));
  const y = top - 9;
  const look = { kind: 'text', y, size: 12, fill: 'foreground' } as const;
  return [
    { kind: 'rect', x: left, y: y - 6, width: 14, height: 3, radius: 1, fill: text.colour as ColourRole },
    { ...look, x: left + SWATCH, text: name, isBold: true },
    { ...look, x: at, text: reading },
  ];
}
