/** What of a panel has to be painted again: of a training that continues, the end of its curves. */
import type { Line, Panel } from './panel';
import { scaleOf } from './panel';

/** Pixels about a changed place that its strokes and rings may reach. */
const REACH = 6;

/**
 * The pixel from which on a panel differs from what was painted before on the same axes.
 *
 * @returns Infinity where nothing differs, and undefined if all of it has to be painted
 */
export function changedFrom(before: Panel, now: Panel): number | undefined {
  const hasMore = [before, now].some(({ bands, cells, points }) => bands.length > 0 || cells || points);
  if (hasMore || before.lines.length !== now.lines.length) return undefined;
  let from = Infinity;
  for (const [i, line] of now.lines.entries()) {
    const known = before.lines[i]!;
    if (!isAlike(known, line)) return undefined;
    const same = commonPoints(known, line);
    if (same === line.x.length && same === known.x.length) continue;
    const scale = scaleOf(now, line.right);
    const at = line.x[Math.max(0, Math.min(same, line.x.length) - 1)];
    from = Math.min(from, at === undefined ? now.box.left : scale.x(at) - REACH);
  }
  return from;
}

function isAlike(a: Line, b: Line): boolean {
  const { name, colour, width, markers, right } = b;
  const isDrawnAlike = a.name === name && a.colour === colour && a.width === width && a.markers === markers;
  return isDrawnAlike && a.right === right && String(a.dash) === String(b.dash);
}

function commonPoints(a: Line, b: Line): number {
  const most = Math.min(a.x.length, b.x.length);
  let i = 0;
  while (i < most && a.x[i] === b.x[i] && Object.is(a.y[i], b.y[i])) i++;
  return i;
}
