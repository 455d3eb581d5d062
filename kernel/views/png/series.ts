import { scaleLinear } from 'd3-scale';
import { bottom, clipped, drawBottomAxis, drawLeftAxis, right, ticksOf } from './axes';
import { drawPng, drawText, textWidth } from './canvas';
import { categoryColour, QUIET } from './palette';

const WIDTH = 640;
const HEIGHT = 280;
const BOX = { left: 70, top: 52, width: 552, height: 180 };
/** Points of a curve; longer ones are drawn by the least and the greatest of equal stretches, so that peaks stay. */
const POINTS = 1000;

/** One curve: its numbers in their order. */
export interface SeriesCurve {
  name: string;
  values: ArrayLike<number>;
}

/** Numbers over their index, from 0; those that are not finite are gaps. */
export function seriesPng(title: string, curves: readonly SeriesCurve[]): Buffer {
  const drawn = curves.map(({ values }) => thinned(values));
  const heights = drawn.flatMap((points) => points.map(([, value]) => value)).filter(Number.isFinite);
  const low = heights.reduce((least, value) => Math.min(least, value), Infinity);
  const high = heights.reduce((most, value) => Math.max(most, value), -Infinity);
  const margin = heights.length === 0 ? 1 : (high - low) * 0.05 || Math.abs(high) * 0.1 || 1;
  const domain = heights.length === 0 ? [0, 1] : [low - margin, high + margin];
  const last = Math.max(1, ...curves.map(({ values }) => values.length - 1));
  const x = scaleLinear([0, last], [BOX.left, right(BOX)]);
  const y = scaleLinear(domain, [bottom(BOX), BOX.top]);
  return drawPng(WIDTH, HEIGHT, (context) => {
    drawText(context, title, 14, 22, { size: 14, weight: 'bold', maxWidth: WIDTH - 28 });
    drawLeftAxis(context, BOX, y, { lines: true });
    drawBottomAxis(context, BOX, x, { label: 'index', ticks: ticksOf(x, 8, { whole: true }) });
    let left = BOX.left;
    curves.forEach(({ name }, i) => {
      const colour = categoryColour(i);
      clipped(context, BOX, () => {
        context.strokeStyle = colour;
        context.lineWidth = 1.4;
        context.lineJoin = 'round';
        context.beginPath();
        let down = false;
        for (const [index, value] of drawn[i]!) {
          if (!Number.isFinite(value)) down = false;
          else if (down) context.lineTo(x(index), y(value));
          else {
            context.moveTo(x(index), y(value));
            down = true;
          }
        }
        context.stroke();
      });
      if (curves.length === 1) return;
      drawText(context, name, left, 42, { size: 10.5, colour });
      left += textWidth(context, name, { size: 10.5, colour: QUIET }) + 14;
    });
  });
}

function thinned(values: ArrayLike<number>): [index: number, value: number][] {
  const all = Array.from(values, (value, i): [number, number] => [i, value]);
  if (all.length <= POINTS) return all;
  const stretches = POINTS / 2;
  return Array.from({ length: stretches }, (_, i) => {
    const part = all.slice(Math.floor((i * all.length) / stretches), Math.floor(((i + 1) * all.length) / stretches));
    const least = part.reduce((a, b) => (b[1] < a[1] ? b : a));
    const most = part.reduce((a, b) => (b[1] > a[1] ? b : a));
    return least[0] <= most[0] ? [least, most] : [most, least];
  }).flat();
}
