/** Where axes and lines of parallel coordinates stand, on a canvas and as SVG. */
import type { ParallelAxis } from '../../../../kernel/views/sweep/charts/parallel';
import type { Box } from '../../../chart/axes';
import { svg } from '../../../dom';
import type { Theme } from '../../../theme';
import type { Brush } from '../store';

const ROOM = { left: 54, right: 62, top: 34, below: 14 };
const FONT = 11;
/** Pixels about a line in which its run is pointed at. */
const REACH = 12;

export interface ParallelLayout {
  box: Box;
  /** Pixels of each axis. */
  lefts: number[];
}

export function layoutOf(axes: readonly ParallelAxis[], width: number, height: number): ParallelLayout {
  const box = {
    ...{ left: ROOM.left, top: ROOM.top },
    ...{ width: Math.max(40, width - ROOM.left - ROOM.right), height: height - ROOM.top - ROOM.below },
  };
  const gaps = Math.max(1, axes.length - 1);
  return { box, lefts: axes.map((_, i) => box.left + (i / gaps) * box.width) };
}

export const topOf = ({ box }: ParallelLayout, share: number) => box.top + (1 - share) * box.height;

export function paintLines(
  paper: CanvasRenderingContext2D,
  layout: ParallelLayout,
  axes: readonly ParallelAxis[],
  runs: readonly number[],
  colourOf: (run: number) => string,
  alpha: number,
): void {
  paper.globalAlpha = alpha;
  paper.lineWidth = runs.length > 200 ? 0.9 : 1.3;
  paper.lineJoin = 'round';
  for (const run of runs) {
    paper.strokeStyle = colourOf(run);
    paper.beginPath();
    for (const [[x0, y0], [x1, y1]] of stretchesOf(layout, axes, run)) {
      paper.moveTo(x0, y0);
      paper.lineTo(x1, y1);
    }
    paper.stroke();
  }
  paper.globalAlpha = 1;
}

export function pathOf(layout: ParallelLayout, axes: readonly ParallelAxis[], run: number): string {
  return [...stretchesOf(layout, axes, run)]
    .map(([[x0, y0], [x1, y1]]) => `M${x0.toFixed(1)} ${y0.toFixed(1)}L${x1.toFixed(1)} ${y1.toFixed(1)}`)
    .join('');
}

type Point = readonly [x: number, y: number];

/** From axis to axis, where a run has values on both. */
function* stretchesOf(layout: ParallelLayout, axes: readonly ParallelAxis[], run: number): Generator<[Point, Point]> {
  for (let i = 0; i + 1 < axes.length; i++) {
    const [from, to] = [axes[i]!.shares[run]!, axes[i + 1]!.shares[run]!];
    if (!Number.isFinite(from) || !Number.isFinite(to)) continue;
    yield [
      [layout.lefts[i]!, topOf(layout, from)],
      [layout.lefts[i + 1]!, topOf(layout, to)],
    ];
  }
}

/** The run whose line passes nearest, if one is near. */
export function nearestRun(
  layout: ParallelLayout,
  axes: readonly ParallelAxis[],
  runs: readonly number[],
  [x, y]: readonly [number, number],
): number | null {
  const at = layout.lefts.findLastIndex((left) => left <= x);
  const i = Math.min(Math.max(0, at), axes.length - 2);
  if (axes.length < 2 || x < layout.lefts[0]! - REACH || x > layout.lefts.at(-1)! + REACH) return null;
  const [left, right] = [layout.lefts[i]!, layout.lefts[i + 1]!];
  const share = Math.max(0, Math.min(1, (x - left) / (right - left)));
  let [nearest, distance]: [number | null, number] = [null, REACH];
  for (const run of runs) {
    const [from, to] = [topOf(layout, axes[i]!.shares[run]!), topOf(layout, axes[i + 1]!.shares[run]!)];
    const slope = (to - from) / (right - left);
    // Across a steep line, not down to it.
    const off = Math.abs(from + share * (to - from) - y) / Math.hypot(1, slope);
    if (off < distance) [nearest, distance] = [run, off];
  }
  return nearest;
}

/** Axes, their numbers, and what is brushed of them. */
export function axisMarks(
  layout: ParallelLayout,
  axes: readonly ParallelAxis[],
  theme: Theme,
  brushes: ReadonlyMap<string, Brush>,
): SVGElement[] {
  const { box, lefts } = layout;
  const halo = { stroke: theme.background, 'stroke-width': 3, 'paint-order': 'stroke', 'stroke-linejoin': 'round' };
  return axes.flatMap(({ column, ticks }, i) => {
    const x = lefts[i]!;
    const brush = brushes.get(column.name);
    const isFirst = i === 0;
    const line = (x0: number, y0: number, x1: number, y1: number, stroke: string) =>
      svg('line', { x1: x0, y1: y0, x2: x1, y2: y1, stroke, 'shape-rendering': 'crispEdges' });
    return [
      line(x, box.top, x, box.top + box.height, theme.muted),
      ...(brush ? [brushMark(layout, x, brush, theme)] : []),
      ...ticks.flatMap(({ value, text }) => {
        const y = topOf(layout, value);
        const label = {
          x: isFirst ? x - 7 : x + 7,
          y: y + 4,
          'text-anchor': isFirst ? 'end' : 'start',
          'font-size': FONT,
        };
        return [line(x - 3, y, x + 3, y, theme.muted), svg('text', { ...label, fill: theme.muted, ...halo }, text)];
      }),
    ];
  });
}

function brushMark(layout: ParallelLayout, x: number, [low, high]: Brush, theme: Theme): SVGElement {
  const top = topOf(layout, high);
  const height = Math.max(2, topOf(layout, low) - top);
  return svg('rect', {
    x: x - 6,
    y: top,
    width: 12,
    height,
    rx: 2,
    fill: theme.accent,
    'fill-opacity': 0.35,
    stroke: theme.accent,
  });
}
