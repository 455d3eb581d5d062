/** The figure for a file: title and perplexity are part of the drawing, as in the kernel's own picture. */
import { codebookHead, stillPart } from '../../../kernel/figures/codebook/picture';
import type { Drawing, Part } from '../../../kernel/figures/codebook/parts/part';
import type { SvgImage } from '../../figure/save';
import { printedPanels, printMeasure } from '../../panels/printed';

export function printCodebook(title: string, part: Part, drawing: Drawing): SvgImage {
  const widthOf = printMeasure();
  const head = codebookHead(title, drawing.data.usage, drawing.width, widthOf);
  const { panels, marks, bottom } = stillPart(part, drawing, head.bottom, widthOf);
  return printedPanels(panels, [...head.marks, ...marks], drawing.width + 12, bottom);
}
