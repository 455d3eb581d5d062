import { relationText, tally } from '../claims';
import { differenceText, verdictText } from '../derivationChecks';
import type { DerivationCheck, DerivationChecksView } from '../types';
import { line } from './axes';
import { drawPng, drawText, measureWith, wrapText } from './canvas';
import type { Context } from './canvas';
import { drawNotes, noteLines, notesHeight } from './figures/notes';
import { pageWidth } from './page';
import { categoryColour, INK, QUIET, RULE } from './palette';

const WIDTH = 720;
const LEFT = 40;
/** Where the numbers stand, beside the identity. */
const numbersAt = () => (pageWidth(WIDTH) * 5) / 9;
const LINE = 16;
const IDENTITY = { size: 12 };

/** A row for each identity: verdict, the formula in a line, both sides, and their difference beside what is allowed. */
export function derivationChecksPng(view: DerivationChecksView): Buffer {
  const rows = measureWith((context) =>
    view.rows.map((check) => {
      const lines = wrapText(context, check.identityText, numbersAt() - LEFT - 16, IDENTITY);
      return { check, lines, height: Math.max(2, lines.length) * LINE + 16 };
    }),
  );
  const notes = noteLines([tally(view.rows)].filter(Boolean), pageWidth(WIDTH));
  const height = 38 + rows.reduce((sum, row) => sum + row.height, 0) + notesHeight(notes);
  return drawPng(pageWidth(WIDTH), height, (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: pageWidth(WIDTH) - 28 });
    let top = 34;
    for (const row of rows) {
      drawRow(context, row.check, row.lines, top);
      top += row.height;
    }
    drawNotes(context, notes, top);
  });
}

function drawRow(context: Context, check: DerivationCheck, lines: string[], top: number): void {
  line(context, 14, top, pageWidth(WIDTH) - 14, top, RULE, 1);
  const first = top + 20;
  const open = check.exercise === 'unsolved';
  const colour = open ? QUIET : categoryColour(check.holds ? 2 : 1);
  drawText(context, open ? '○' : check.holds ? '✓' : '✗', 20, first, { size: 14, weight: 'bold', colour });
  lines.forEach((text, i) => drawText(context, text, LEFT, first + i * LINE, { ...IDENTITY, colour: INK }));
  const maxWidth = pageWidth(WIDTH) - numbersAt() - 14;
  if (open) {
    drawText(context, verdictText(check), numbersAt(), first, { size: 12, colour: QUIET, maxWidth });
    return;
  }
  const { left, right, relation } = check;
  const sign = relationText(relation, check.holds);
  drawText(context, `${left.text}  ${sign}  ${right.text}`, numbersAt(), first, {
    size: 12,
    maxWidth,
  });
  const difference = `${verdictText(check)}, difference ${differenceText(check)}`;
  drawText(context, difference, numbersAt(), first + LINE, { size: 10, colour: QUIET, maxWidth });
}
