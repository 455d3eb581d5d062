/** The box around points in three dimensions, with ticks and names along three of its edges. */
import { seenAt } from '../../../../kernel/views/scatter/turned';
import { linearTicks } from '../../../../kernel/views/ticks';
import { svg } from '../../../dom';
import type { Theme } from '../../../theme';
import { toPixel } from './plane';
import type { Plane } from './plane';
import type { Solid } from './spaces';

type Corner = readonly [0 | 1, 0 | 1, 0 | 1];

interface Edge {
  axis: 0 | 1 | 2;
  from: Corner;
  to: Corner;
}

const BITS = [0, 1] as const;
const CORNERS: Corner[] = BITS.flatMap((a) => BITS.flatMap((b) => BITS.map((c): Corner => [a, b, c])));
const EDGES: Edge[] = CORNERS.flatMap((from) =>
  ([0, 1, 2] as const).flatMap((axis) =>
    from[axis] === 0 ? [{ axis, from, to: from.map((bit, i) => (i === axis ? 1 : bit)) as unknown as Corner }] : [],
  ),
);

/** Pixels from an edge to its numbers, and to its name. */
const [TICKS, NAME] = [11, 27];

interface Seen {
  at: [number, number];
  nearness: number;
}

/** What lies behind the points, and what before them. */
export function boxMarks(plane: Plane, solid: Solid, theme: Theme): { behind: SVGElement[]; before: SVGElement[] } {
  const seen = (place: ArrayLike<number>): Seen => {
    const [x, y, nearness] = seenAt(place, solid.turned);
    return { at: toPixel(plane, x, y), nearness };
  };
  const cornerPlace = (corner: Corner) => corner.map((bit, i) => solid.box[i]![bit]);
  const cornerAt = (corner: Corner) => seen(cornerPlace(corner));
  const nearest = CORNERS.reduce((a, b) => (cornerAt(b).nearness > cornerAt(a).nearness ? b : a));
  const farthest = nearest.map((bit) => 1 - bit);
  const touches = ({ from, to }: Edge, corner: ArrayLike<number>) =>
    [from, to].some((one) => one.every((bit, i) => bit === corner[i]));
  const line = (edge: Edge) => {
    const [[x1, y1], [x2, y2]] = [cornerAt(edge.from).at, cornerAt(edge.to).at];
    const isFar = touches(edge, farthest);
    return svg('line', { x1, y1, x2, y2, stroke: isFar ? theme.grid : theme.line, 'stroke-width': 1 });
  };
  const before = EDGES.filter((edge) => touches(edge, nearest));
  const marks = ([0, 1, 2] as const).flatMap((axis) => axisMarksOf(axis, { plane, solid, theme, seen, cornerPlace }));
  return {
    behind: EDGES.filter((edge) => !before.includes(edge)).map(line),
    before: [...before.map(line), ...marks],
  };
}

interface Context {
  plane: Plane;
  solid: Solid;
  theme: Theme;
  seen(place: ArrayLike<number>): Seen;
  cornerPlace(corner: Corner): number[];
}

/** Numbers and name along the edge of an axis that lies lowest; of the upright one, farthest to the left. */
function axisMarksOf(axis: 0 | 1 | 2, { plane, solid, theme, seen, cornerPlace }: Context): SVGElement[] {
  const middle = ({ from, to }: Edge): [number, number] => {
    const [a, b] = [seen(cornerPlace(from)).at, seen(cornerPlace(to)).at];
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  };
  const isBetter = (a: [number, number], b: [number, number]) => (axis === 1 ? a[0] < b[0] : a[1] > b[1]);
  const edge = EDGES.filter((one) => one.axis === axis).reduce((a, b) => (isBetter(middle(b), middle(a)) ? b : a));
  const centre = seen(solid.turned.centre).at;
  const [x, y] = middle(edge);
  const length = Math.hypot(x - centre[0], y - centre[1]) || 1;
  const out = [(x - centre[0]) / length, (y - centre[1]) / length] as const;
  const [a, b] = [seen(cornerPlace(edge.from)).at, seen(cornerPlace(edge.to)).at];
  const pixels = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const write = (content: string, [left, top]: readonly [number, number], by: number, more: object) =>
    svg(
      'text',
      {
        ...{ x: left + by * out[0], y: top + by * out[1] + 4, 'text-anchor': 'middle', 'font-size': 11 },
        ...{ fill: theme.muted, stroke: theme.background, 'stroke-width': 3, 'paint-order': 'stroke', ...more },
      },
      content,
    );
  const [low, high] = solid.box[axis];
  // An edge that goes away from the eye has no room for numbers.
  const ticks = pixels < 40 ? [] : linearTicks(low, high, Math.max(2, Math.floor(pixels / 70)), { longest: 7 });
  const numbers = ticks
    .filter(({ value }) => value >= low && value <= high)
    .map(({ value, text }) => {
      const share = (value - low) / (high - low || 1);
      return write(text, [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])], TICKS, {});
    });
  const { left, top, width, height } = plane.area;
  const inside = x > left && x < left + width && y > top && y < top + height;
  const name = { 'font-size': 13, 'font-style': 'italic', fill: theme.foreground };
  return [...numbers, ...(inside ? [write(solid.names[axis], [x, y], NAME, name)] : [])];
}
