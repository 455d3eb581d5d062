/** Panels with what is written around them and notes below, as a picture. */
import { printColours } from '../../../figures/colours';
import type { WidthOf } from '../../../figures/fitting';
import type { Mark } from '../../../figures/marks';
import { axisMarks, brokenMarks } from '../../../figures/panel/axisMarks';
import { paintPanels } from '../../../figures/panel/paint';
import type { Panel } from '../../../figures/panel/panel';
import { drawPng, drawText, measureWith, textWidth, wrapText } from '../canvas';
import type { Context } from '../canvas';
import { QUIET } from '../palette';
import { paintMarks } from './paintMarks';

const NOTE = { size: 10.5, colour: QUIET } as const;
const LINE = 16;
const MARGIN = 12;

export interface PanelPicture {
  panels: readonly Panel[];
  marks: readonly Mark[];
  /** Their foot: notes stand below. */
  bottom: number;
  notes: readonly string[];
}

/** @param layOut for the room that a picture of `width` has */
export function drawPanels(width: number, layOut: (room: { width: number; widthOf: WidthOf }) => PanelPicture): Buffer {
  const { panels, marks, bottom, notes } = measureWith((context) =>
    layOut({ width: width - 4, widthOf: widthIn(context) }),
  );
  const lines = measureWith((context) => notes.flatMap((note) => wrapText(context, note, width - 2 * MARGIN, NOTE)));
  const height = bottom + LINE * lines.length + (lines.length > 0 ? 10 : 0);
  return drawPng(width, Math.ceil(height), (context) => {
    paintMarks(context, axisMarks(panels), printColours);
    paintPanels(context, panels);
    context.setLineDash([]);
    paintMarks(context, [...brokenMarks(panels), ...marks], printColours);
    lines.forEach((text, i) => drawText(context, text, MARGIN, bottom + 10 + LINE * i, NOTE));
  });
}

const widthIn = (context: Context) => (text: string, size: number, isBold: boolean) =>
  textWidth(context, text, { size, weight: isBold ? 'bold' : 'normal' });
