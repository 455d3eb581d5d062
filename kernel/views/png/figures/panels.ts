/** Panels with what is written around them and notes below, as a picture. */
import { printColours } from '../../../figures/colours';
import type { WidthOf } from '../../../figures/fitting';
import type { Mark } from '../../../figures/marks';
import { axisMarks, brokenMarks } from '../../../figures/panel/axisMarks';
import { paintPanels } from '../../../figures/panel/paint';
import type { Panel } from '../../../figures/panel/panel';
import { drawPng, measureWith } from '../canvas';
import type { Context } from '../canvas';
import { drawNotes, noteLines, notesHeight, widthIn } from './notes';
import { paintMarks } from './paintMarks';

export interface PanelPicture {
  panels: readonly Panel[];
  marks: readonly Mark[];
  /** Their foot: notes stand below. */
  bottom: number;
  notes: readonly string[];
  /** Draws what else there is. */
  paint?: (context: Context) => void;
}

/** @param layOut for the room that a picture of `width` has */
export function drawPanels(width: number, layOut: (room: { width: number; widthOf: WidthOf }) => PanelPicture): Buffer {
  const { panels, marks, bottom, notes, paint } = measureWith((context) =>
    layOut({ width: width - 4, widthOf: widthIn(context) }),
  );
  const lines = noteLines(notes, width);
  return drawPng(width, Math.ceil(bottom + notesHeight(lines)), (context) => {
    paintMarks(context, axisMarks(panels), printColours);
    paintPanels(context, panels);
    context.setLineDash([]);
    paintMarks(context, [...brokenMarks(panels), ...marks], printColours);
    paint?.(context);
    drawNotes(context, lines, bottom);
  });
}
