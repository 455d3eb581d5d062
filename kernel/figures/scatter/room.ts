/** How large the plane is, and where the column with sample and legend stands. */
import { MARGIN } from './axes';
import type { Box } from '../panel/panel';

/** The column beside the plane, … */
const ASIDE = { width: 248, gap: 20, top: 8 };
/** … and where it goes under the plane, which it does below this width. */
const [NARROW, BELOW] = [620, 4];
/** A plane is nearly square, and as high as a screen has room for. */
const HIGH = { least: 280, most: 560, share: 0.86, shareOfLine: 0.45 };

/** The sample and what stands beside it under a plane, which has to have some room, and the gap between them. */
export const SIDE = { usual: 224, small: 112 };
export const UNDER = { legend: 140, gap: 16 } as const;

export interface ScatterRoom {
  isNarrow: boolean;
  /** All of the plane, with its axes. */
  stage: { width: number; height: number };
  /** Where its points are. */
  area: Box;
  aside: { left: number; top: number; width: number };
  /** That of the square which the decoded sample fits into. */
  side: number;
}

/** @param isPlane whether it has two dimensions, not one */
export function roomFor(width: number, isPlane: boolean): ScatterRoom {
  const isNarrow = width < NARROW;
  const across = isNarrow ? width : width - ASIDE.width - ASIDE.gap;
  const share = isPlane ? HIGH.share : HIGH.shareOfLine;
  const high = Math.round(Math.min(HIGH.most, Math.max(HIGH.least, across * share)));
  const { left, right, top, bottom } = MARGIN;
  const area = { left, top, width: Math.max(40, across - left - right), height: high - top - bottom };
  const aside = isNarrow
    ? { left, top: high + BELOW, width: width - left }
    : { left: across + ASIDE.gap, top: ASIDE.top, width: ASIDE.width };
  const hasBoth = !isNarrow || aside.width >= SIDE.usual + UNDER.gap + UNDER.legend;
  const side = hasBoth ? SIDE.usual : SIDE.small;
  return { isNarrow, stage: { width: across, height: high }, area, aside, side };
}
