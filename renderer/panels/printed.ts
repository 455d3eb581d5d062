/** Panels with what is written around them, as a file on white paper. */
import type { WidthOf } from '../../kernel/figures/fitting';
import type { Mark } from '../../kernel/figures/marks';
import { coloursOf, markElement } from '../figure/marks';
import type { SvgImage } from '../figure/save';
import { standalone } from '../figure/stage';
import { measureIn } from '../figure/text';
import { PRINT_THEME } from '../theme';
import { panelDrawing } from './drawing';
import type { Panel } from './panel';

/** Widths of texts in the font of files. */
export function printMeasure(): WidthOf {
  const measure = measureIn(PRINT_THEME.fontFamily);
  return (text, size, strong) => measure(text, { size, strong });
}

export function printedPanels(
  panels: readonly Panel[],
  marks: readonly Mark[],
  width: number,
  height: number,
): SvgImage {
  const colours = coloursOf(PRINT_THEME);
  const written = marks.map((mark) => markElement(mark, colours));
  return standalone([...panelDrawing(panels, PRINT_THEME), ...written], width, height, PRINT_THEME);
}
