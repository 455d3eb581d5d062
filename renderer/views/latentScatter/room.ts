/** How large the plane is, and where the column with sample and legend stands. */
import { MARGIN } from './plane/axes';

/** Width of the column beside the plane, with its gap. */
const ASIDE = 268;
/** Below this width the column goes under the plane. */
const NARROW = 620;
/** A plane is nearly square, and as high as a screen has room for. */
const HIGH = { least: 280, most: 560, share: 0.86, shareOfLine: 0.45 };

/** @param isPlane whether it has two dimensions, not one */
export function roomFor(width: number, isPlane: boolean) {
  const isNarrow = width < NARROW;
  const across = isNarrow ? width : width - ASIDE;
  const share = isPlane ? HIGH.share : HIGH.shareOfLine;
  const high = Math.round(Math.min(HIGH.most, Math.max(HIGH.least, across * share)));
  const { left, right, top, bottom } = MARGIN;
  const area = { left, top, width: Math.max(40, across - left - right), height: high - top - bottom };
  return { isNarrow, stage: { width: across, height: high }, area };
}
