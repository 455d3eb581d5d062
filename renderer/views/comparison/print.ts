/** The figure for a file, as the kernel's own picture has it. */
import type { ComparisonData } from '../../../kernel/figures/comparison/data';
import type { ComparisonDrawing } from '../../../kernel/figures/comparison/panels';
import { comparisonPicture } from '../../../kernel/figures/comparison/picture';
import type { SvgImage } from '../../figure/save';
import { printedPanels, printMeasure } from '../../panels/printed';

const MARGIN = 12;

export function printComparison(
  title: string,
  data: ComparisonData,
  drawing: Omit<ComparisonDrawing, 'look'>,
  width: number,
): SvgImage {
  const { panels, marks, bottom } = comparisonPicture(title, data, drawing, { width, widthOf: printMeasure() });
  return printedPanels(panels, marks, width + MARGIN, bottom);
}
