/** Where axes lie, and what part of them is shown. */

import type { Box } from '../../kernel/figures/panel/panel';

export type { Box } from '../../kernel/figures/panel/panel';

/** The value on an axis at pixels from the left edge of the figure. */
export function fromX(x: number, range: readonly [number, number], box: Box): number {
  return range[0] + ((x - box.left) / box.width) * (range[1] - range[0]);
}

/** A range made smaller (factor < 1) or larger around a centre. */
export function scaleRange([low, high]: readonly [number, number], centre: number, factor: number): [number, number] {
  return [centre + (low - centre) * factor, centre + (high - centre) * factor];
}
