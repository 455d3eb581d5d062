/** The checks as a separate drawing: formulas in a line of text, since a drawing has no MathML. */
import type { DerivationCheck } from '../../../kernel/views/types';
import { svg } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { categoryColour } from '../../palette';
import { PRINT_THEME } from '../../theme';
import { differenceText, sign, verdict } from './model';

const WIDTH = 720;
const HEAD = 34;
/** Each row has its formula on a line, and the numbers on the next. */
const ROW = 52;

export function printChecks({ title, rows }: { title: string; rows: readonly DerivationCheck[] }): SvgImage {
  const heading = text(title, 12, 22, { 'font-size': 14, 'font-weight': 600 });
  const layers = [heading, ...rows.flatMap((check, i) => printedRow(check, HEAD + i * ROW))];
  return standalone(layers, WIDTH, HEAD + rows.length * ROW, PRINT_THEME);
}

function printedRow(check: DerivationCheck, top: number): SVGElement[] {
  const { holds, identityText, left, right, relation } = check;
  const open = check.exercise === 'unsolved';
  const colour = open ? PRINT_THEME.muted : holds ? categoryColour(PRINT_THEME.categories, 2) : PRINT_THEME.error;
  const numbers = `${left.text}  ${holds ? relation : `not ${relation}`}  ${right.text}`;
  const rule = { x1: 12, x2: WIDTH - 12, y1: top, y2: top, stroke: PRINT_THEME.grid };
  const shown = [
    svg('line', rule),
    text(sign(check), 16, top + 22, { 'font-size': 15, 'font-weight': 700, fill: colour }),
    text(identityText, 40, top + 21, { 'font-size': 13 }),
  ];
  const words = check.exercise === undefined ? '' : `${verdict(check)}, `;
  if (open) return [...shown, text(verdict(check), 40, top + 41, { 'font-size': 12, fill: PRINT_THEME.muted })];
  return [
    ...shown,
    text(numbers, 40, top + 41, { 'font-size': 12 }),
    text(`${words}difference ${differenceText(check)}`, WIDTH - 12, top + 41, {
      'font-size': 11,
      'text-anchor': 'end',
      fill: PRINT_THEME.muted,
    }),
  ];
}

function text(content: string, x: number, y: number, attributes: Record<string, string | number>): SVGElement {
  return svg('text', { x, y, fill: PRINT_THEME.foreground, ...attributes }, content);
}
