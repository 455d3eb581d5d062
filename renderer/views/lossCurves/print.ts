/** The figure for a file: title, key and panel names are part of the drawing, as in the kernel's own picture. */
import { PRINT_LOOK } from '../../../kernel/figures/look';
import type { Mark } from '../../../kernel/figures/marks';
import type { Drawing, Page } from '../../../kernel/figures/training/pages/page';
import { stillPage } from '../../../kernel/figures/training/still';
import type { SvgImage } from '../../figure/save';
import { printedPanels, printMeasure } from '../../panels/printed';

const MARGIN = 12;
const TITLE = 20; // its foot

export function printCurves(title: string, page: Page, drawing: Drawing, width: number): SvgImage {
  const place = { look: PRINT_LOOK, width, top: TITLE + 9, widthOf: printMeasure() };
  const { panels, marks, bottom } = stillPage(page, drawing, place);
  const heading: Mark = { kind: 'text', x: MARGIN, y: TITLE, text: title, size: 14, fill: 'foreground', isBold: true };
  return printedPanels(panels, [heading, ...marks], width + MARGIN, bottom);
}
