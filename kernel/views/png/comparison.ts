import { scaleLinear } from 'd3-scale';
import { alignedCurve, groupCurve } from '../comparing';
import type { GroupCurve } from '../comparing';
import { decode } from '../encoding';
import { WEIGHT } from '../smoothing';
import type { ComparisonView, Series } from '../types';
import { bottom, clipped, drawBottomAxis, drawLeftAxis, right, ticksOf } from './axes';
import type { Box } from './axes';
import { drawPng, drawText, textWidth } from './canvas';
import type { Context } from './canvas';
import { pageWidth } from './page';
import { categoryColour, QUIET } from './palette';

const WIDTH = 860;
/** Panels beside each other. */
const columns = () => (pageWidth(WIDTH) < 600 ? 1 : 2);
const PANEL = {
  get width() {
    return columns() === 2 ? (pageWidth(WIDTH) - 180) / 2 : pageWidth(WIDTH) - 92;
  },
  height: 200,
};
const TOP = 72;
const ROOM = { left: 72, between: 74, below: 62 };

/** A panel for each term: the smoothed mean of each group over the steps, its spread as a band. */
export function comparisonPng(view: ComparisonView): Buffer {
  const terms = [...new Set(view.runs.flatMap(({ series }) => series.map(({ name }) => name)))];
  const rows = Math.max(1, Math.ceil(terms.length / columns()));
  return drawPng(pageWidth(WIDTH), TOP + rows * (PANEL.height + ROOM.below), (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: pageWidth(WIDTH) - 28 });
    const hasValidation = view.runs.some(({ series }) => series.some(({ split }) => split === 'validation'));
    drawKey(context, view.groups, hasValidation);
    terms.forEach((term, i) => {
      const left = ROOM.left + (i % columns()) * (PANEL.width + ROOM.between);
      const top = TOP + Math.floor(i / columns()) * (PANEL.height + ROOM.below);
      drawTerm(context, { left, top, ...PANEL }, term, view);
    });
  });
}

function drawKey(context: Context, groups: readonly string[], hasValidation: boolean): void {
  let left = 14;
  groups.forEach((name, i) => {
    const colour = categoryColour(i);
    context.fillStyle = colour;
    context.fillRect(left, 39, 18, 3);
    drawText(context, name, left + 24, 45, { size: 11, colour: QUIET });
    left += 42 + textWidth(context, name, { size: 11 });
  });
  if (!hasValidation) return;
  context.fillStyle = QUIET;
  for (let dot = 0; dot < 18; dot += 5) context.fillRect(left + dot, 40, 2, 2);
  drawText(context, 'validation', left + 24, 45, { size: 11, colour: QUIET });
}

function drawTerm(context: Context, box: Box, term: string, view: ComparisonView): void {
  const curves = (['train', 'validation'] as const).flatMap((split) =>
    view.groups.flatMap((_, group) => {
      const curve = groupOf(view, term, split, group);
      return curve ? [{ group, split, ...curve }] : [];
    }),
  );
  const values = curves.flatMap(({ mean }) => [...mean.subarray(Math.floor(mean.length / 20))]).filter(Number.isFinite);
  const ends = curves.flatMap(({ x }) => (x.length > 0 ? [x[0]!, x.at(-1)!] : []));
  if (values.length === 0 || ends.length === 0) return;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  const x = scaleLinear([Math.min(...ends), Math.max(...ends)], [box.left, right(box)]);
  const y = scaleLinear([low - margin, high + margin], [bottom(box), box.top]);
  drawText(context, term, box.left, box.top - 8, { size: 12, weight: 'bold' });
  drawLeftAxis(context, box, y, { label: view.unit, lines: true });
  drawBottomAxis(context, box, x, { label: 'optimizer step', ticks: ticksOf(x, 6, { whole: true }) });
  clipped(context, box, () =>
    curves.forEach((curve) => {
      context.setLineDash(curve.split === 'validation' ? [2, 3] : []);
      drawCurve(context, curve, categoryColour(curve.group), x, y);
    }),
  );
}

/** Training is smoothed, validation is as it was measured. */
function groupOf(view: ComparisonView, term: string, split: Series['split'], group: number): GroupCurve | undefined {
  const series = view.runs
    .filter((run) => run.group === group)
    .flatMap((run) => run.series.filter((one) => one.name === term && one.split === split));
  const weight = split === 'train' ? WEIGHT : 0;
  const aligned = series.map(({ steps, means, sizes }) =>
    alignedCurve({ steps: decode(steps), means: decode(means), sizes: decode(sizes) }, weight, 1, 0),
  );
  return aligned.length > 0 ? groupCurve(aligned) : undefined;
}

type Map = (value: number) => number;

function drawCurve(context: Context, { x, mean, deviation }: GroupCurve, colour: string, across: Map, up: Map): void {
  const edge = (sign: 1 | -1) => [...x].map((at, i) => [across(at), up(mean[i]! + sign * deviation[i]!)] as const);
  if (deviation.some(Number.isFinite)) {
    context.globalAlpha = 0.18;
    context.fillStyle = colour;
    context.beginPath();
    for (const [left, top] of [...edge(1), ...edge(-1).reverse()]) if (Number.isFinite(top)) context.lineTo(left, top);
    context.fill();
    context.globalAlpha = 1;
  }
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.beginPath();
  let down = false;
  for (let i = 0; i < x.length; i++) {
    const top = up(mean[i]!);
    if (!Number.isFinite(top)) down = false;
    else if (down) context.lineTo(across(x[i]!), top);
    else {
      context.moveTo(across(x[i]!), top);
      down = true;
    }
  }
  context.stroke();
}
