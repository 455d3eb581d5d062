/** Notes below a picture, and widths of its texts. */
import { drawText, measureWith, textWidth, wrapText } from '../canvas';
import type { Context } from '../canvas';
import { QUIET } from '../palette';

const NOTE = { size: 10.5, colour: QUIET } as const;
const LINE = 16;
const MARGIN = 12;

/** Each on as many lines as it takes. */
export function noteLines(notes: readonly string[], width: number): string[] {
  return measureWith((context) => notes.flatMap((note) => wrapText(context, note, width - 2 * MARGIN, NOTE)));
}

export function notesHeight(lines: readonly string[]): number {
  return lines.length > 0 ? LINE * lines.length + 10 : 0;
}

export function drawNotes(context: Context, lines: readonly string[], top: number): void {
  lines.forEach((text, i) => drawText(context, text, MARGIN, top + 10 + LINE * i, NOTE));
}

export const widthIn = (context: Context) => (text: string, size: number, isBold: boolean) =>
  textWidth(context, text, { size, weight: isBold ? 'bold' : 'normal' });
