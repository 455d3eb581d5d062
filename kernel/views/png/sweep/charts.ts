/** A sweep's panels on a canvas. */
import { scaleLinear } from 'd3-scale';
import type { Chart } from '../../sweep/charts/chart';
import { bottom, clipped, drawBottomAxis, drawLeftAxis, right } from '../axes';
import type { Box } from '../axes';
import { drawText, textWidth } from '../canvas';
import type { Context } from '../canvas';
import { INK, QUIET } from '../palette';

const POINT = 3;
const CAP = 3;
/** Pixels between two words. */
const APART = 6;

export function drawChart(context: Context, box: Box, chart: Chart, title: string): void {
  drawText(context, title, box.left - 40, box.top - 14, { size: 12, weight: 'bold', maxWidth: box.width + 40 });
  if (chart.empty !== undefined) {
    drawText(context, chart.empty, box.left, box.top + 16, { size: 11, colour: QUIET, maxWidth: box.width });
    return;
  }
  const x = scaleLinear([...chart.x.range], [box.left, right(box)]);
  const y = scaleLinear([...chart.y.range], [bottom(box), box.top]);
  drawLeftAxis(context, box, y, { ticks: chart.y.ticks(chart.y.range, 5), label: chart.y.title, lines: true });
  drawBottomAxis(context, box, x, {
    ticks: chart.x.ticks(chart.x.range, Math.floor(box.width / 60)),
    label: chart.x.title,
  });
  clipped(context, box, () => {
    for (const { x: places, low, high, colour } of chart.bands) {
      context.globalAlpha = 0.16;
      context.fillStyle = colour;
      context.beginPath();
      for (let i = 0; i < places.length; i++) context.lineTo(x(places[i]!), y(high[i]!));
      for (let i = places.length - 1; i >= 0; i--) context.lineTo(x(places[i]!), y(low[i]!));
      context.fill();
      context.globalAlpha = 1;
    }
    for (const line of chart.lines) stroke(context, line, x, y);
    for (const bar of chart.bars) {
      const [left, low, high] = [x(bar.x), y(bar.low), y(bar.high)];
      stroke(context, { x: [0, 0], y: [low, high], colour: bar.colour, width: 1.4 }, () => left, identity);
      for (const end of [low, high])
        stroke(
          context,
          { x: [left - CAP, left + CAP], y: [end, end], colour: bar.colour, width: 1.4 },
          identity,
          identity,
        );
    }
  });
  for (const { x: across, y: up, colour } of chart.points) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x(across), y(up), POINT, 0, 2 * Math.PI);
    context.fill();
  }
  drawLabels(context, box, chart, x, y);
}

type Map = (value: number) => number;
const identity: Map = (value) => value;

function stroke(
  context: Context,
  line: { x: ArrayLike<number>; y: ArrayLike<number>; colour: string; width: number },
  x: Map,
  y: Map,
): void {
  context.strokeStyle = line.colour;
  context.lineWidth = line.width;
  context.beginPath();
  for (let i = 0; i < line.x.length; i++) context.lineTo(x(line.x[i]!), y(line.y[i]!));
  context.stroke();
}

/** Those for which there is room. */
function drawLabels(context: Context, box: Box, { labels }: Chart, x: Map, y: Map): void {
  const taken: Box[] = [];
  for (const { x: across, y: up, text } of labels) {
    const width = textWidth(context, text, { size: 10 });
    const place = { left: Math.min(x(across) + 5, right(box) - width), top: y(up) - 15, width, height: 12 };
    if (taken.some((one) => overlaps(one, place))) continue;
    taken.push(place);
    drawText(context, text, place.left, place.top + 10, { size: 10, colour: INK, halo: true });
  }
}

const overlaps = (a: Box, b: Box) =>
  a.left < right(b) + APART && b.left < right(a) + APART && a.top < bottom(b) && b.top < bottom(a);
