/** The codes where they lie among each other, by how often each was used. */
import { linearTicks } from '../../../views/ticks';
import { fromHex, hex, mix } from '../../colourSpace';
import { count, percent } from '../../../views/wording';
import { categoryColour } from '../../look';
import { pointsOf } from '../../panel/trace';
import type { Panel, Range } from '../../panel/panel';
import type { Look } from '../../look';
import { scaleOf } from '../../panel/panel';
import { MARGIN } from './part';
import type { CodebookData, Drawing, Part } from './part';

const HEIGHT = 420;
/** Pixels from a code at which it is still pointed at. */
const REACH = 24;

export const planePart: Part = {
  height: HEIGHT,
  panels: (drawing, top) => [panelOf(drawing, top)],
  names: (drawing) => [{ box: boxOf(drawing.width), text: coloursOf(drawing.data) }],
  codeAt: (_drawing, [panel], [x, y]) => {
    let [nearest, distance]: [number | null, number] = [null, REACH];
    for (const { x: left, y: top, point } of pointsOf(panel!.points!, panel!)) {
      const off = Math.hypot(left - x, top - y);
      // Only the uppermost of those that lie at one place is seen.
      if (off <= distance) [nearest, distance] = [point, off];
    }
    return nearest;
  },
  markOf: ({ data: { plane }, code }, [panel]) => {
    if (code === null || !plane) return null;
    const scale = scaleOf(panel!);
    return { x: scale.x(plane.points[2 * code]!), y: scale.y(plane.points[2 * code + 1]!) };
  },
};

/** What the colours mean, for those too who do not see them. */
function coloursOf({ usage }: CodebookData): string {
  const most = usage.counts.reduce((a, b) => Math.max(a, b), 0);
  const dead = usage.dead.length > 0 ? `; grey: ${count(usage.dead.length)} dead` : '';
  return `stronger: more uses, up to ${count(most)}${dead}`;
}

function boxOf(width: number) {
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  return {
    ...{ left: MARGIN.left, top: MARGIN.top, height },
    width: Math.min(Math.max(60, width - MARGIN.left - MARGIN.right), 1.6 * height),
  };
}

function panelOf({ data: { usage, plane }, zoom, look, width }: Drawing, top: number): Panel {
  const { points, explained } = plane!;
  const K = usage.counts.length;
  const x = Float32Array.from({ length: K }, (_, code) => points[2 * code]!);
  const y = Float32Array.from({ length: K }, (_, code) => points[2 * code + 1]!);
  const box = { ...boxOf(width), top: MARGIN.top + top };
  const { width: boxWidth, height } = box;
  // One unit is as long both ways: distances mean something.
  const [across, up] = zoom.x || zoom.y0 ? [rangeOf(x), rangeOf(y)] : alike(rangeOf(x), rangeOf(y), boxWidth / height);
  const shades = shadesOf(look);
  const most = Math.log1p(usage.counts.reduce((a, b) => Math.max(a, b), 1));
  const axis = (range: Range, size: number, i: number) => ({
    ...{ range, ticks: linearTicks(...range, Math.max(2, Math.floor(size / 70))) },
    title: `component ${i + 1}${explained[i] === undefined ? '' : ` (${percent(explained[i])} of the variance)`}`,
  });
  return {
    ...{ box, x: axis(zoom.x ?? across, boxWidth, 0), hasLabels: true, y: axis(zoom.y0 ?? up, height, 1) },
    ...{ bands: [], lines: [], broken: [] },
    points: {
      ...{ name: 'codes', x, y, size: K > 4096 ? 2 : K > 600 ? 4 : 7 },
      // Those that are used most lie above the others.
      order: Int32Array.from(usage.byRank).reverse(),
      colour: (code) => {
        const uses = usage.counts[code]!;
        return uses === 0 ? look.line : shades[Math.round((Math.log1p(uses) / most) * (SHADES - 1))]!;
      },
    },
  };
}

const SHADES = 32;

/** From seldom to often, on a logarithmic scale: away from the background. */
function shadesOf(look: Look): string[] {
  const colour = fromHex(categoryColour(look.categories, 0));
  const [from, to] = [mix(fromHex(look.background), colour, 0.35), mix(colour, fromHex(look.foreground), 0.3)];
  return Array.from({ length: SHADES }, (_, i) => hex(mix(from, to, i / (SHADES - 1))));
}

function rangeOf(values: Float32Array): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const span = high - low || 1;
  return [low - 0.04 * span, high + 0.04 * span];
}

/** The narrower range widened, so that a pixel is as much on both axes. */
function alike(x: Range, y: Range, aspect: number): [Range, Range] {
  const unit = Math.max((x[1] - x[0]) / aspect, y[1] - y[0]);
  const about = ([low, high]: Range, size: number): Range => [(low + high - size) / 2, (low + high + size) / 2];
  return [about(x, unit * aspect), about(y, unit)];
}
