/** What stands around and above the curves of panels, as elements of the page. */
import * as marks from '../../kernel/figures/panel/axisMarks';
import { coloursOf, markElement } from '../figure/marks';
import type { Theme } from '../theme';
import type { Panel } from './panel';

/** Below the curves: grid, axes, numbers, names. */
export function axisMarks(panels: readonly Panel[], theme: Theme): SVGElement[] {
  const colours = coloursOf(theme);
  return marks.axisMarks(panels).map((mark) => markElement(mark, colours));
}

/** Above them: levels, and a dotted line where a value is not finite, or an area where many follow each other. */
export function brokenMarks(panels: readonly Panel[], theme: Theme): SVGElement[] {
  const colours = coloursOf(theme);
  return marks.brokenMarks(panels).map((mark) => markElement(mark, colours));
}
