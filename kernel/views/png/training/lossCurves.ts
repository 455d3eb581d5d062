import { scaleLinear } from 'd3-scale';
import type { LossCurvesView } from '../../types';
import { stepRange } from '../../progress';
import { smoothedCurve, WEIGHT } from '../../smoothing';
import { count, measured, quantity } from '../../wording';
import { bottom, clipped, drawBottomAxis, drawLeftAxis, drawRightAxis, line, right, spread, ticksOf } from '../axes';
import type { Box, Scale } from '../axes';
import { linearTicks } from '../../ticks';
import { drawPng, drawText, measureWith, textWidth, wrapText } from '../canvas';
import type { Context } from '../canvas';
import { pageWidth } from '../page';
import { arrangePanels, robustRange } from './curves';
import type { Curve, CurvePanel } from './curves';
import { categoryColour, INK, QUIET } from '../palette';
import { lossPages } from './lossPages';
import { STEP_AXIS, stepScale, stepTicks } from './steps';
import type { Steps } from './steps';
import { dot, strokeCurve } from './strokes';

const WIDTH = 860;
const PANEL_HEIGHT = 250;
const KEY = 42;
const KEY_ROW = 16;
/** Whether panels stand one below the other. */
const isNarrow = () => pageWidth(WIDTH) < 600;
/** Where panels begin, below a key of one row or two. */
const panelsTop = () => (isNarrow() ? 66 + KEY_ROW : 66);
const BELOW = 48;
const NOTE = { size: 10.5, colour: QUIET } as const;
/** Characters of a term's name beside its curve. */
const LONGEST_NAME = 24;

/**
 * Loss terms over the training: each step thin, the moving average bold, validation as dots. Terms much smaller
 * than the total get a separate panel, with the schedules (β) on its right axis.
 */
export function lossCurvesPng(view: LossCurvesView): Buffer {
  const panels = arrangePanels(view);
  const notes = noteLines([...(view.lastRun ? [view.lastRun.note] : []), ...view.notes]);
  const rows = isNarrow() ? panels.length : 1;
  const pages = lossPages(view, stepsOf(panels, view));
  const drawn = panelsTop() + rows * (PANEL_HEIGHT + BELOW) + pages.height;
  const height = drawn + 16 * notes.length + (notes.length > 0 ? 10 : 0);
  return drawPng(pageWidth(WIDTH), height, (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: pageWidth(WIDTH) - 28 });
    drawKey(context, 14, KEY, view);
    const boxes = panelBoxes(panels);
    panels.forEach((panel, i) => drawPanel(context, boxes[i]!, panel, view));
    pages.draw(context, drawn - pages.height);
    drawNotes(context, notes, drawn + 10);
  });
}

function panelBoxes(panels: CurvePanel[]): Box[] {
  const margin = 10;
  const axes = panels.map((panel, i) => Math.max(i === 0 ? 62 : 56, axisRoom(panel)));
  const rooms = panels.map((panel) => labelRoom(panel) + (panel.schedules.length > 0 ? 34 : 0));
  const free = pageWidth(WIDTH) - margin - [...rooms, ...axes].reduce((sum, room) => sum + room, 0);
  if (isNarrow()) {
    const [axis, room] = [Math.max(...axes), Math.max(...rooms)];
    const width = pageWidth(WIDTH) - margin - axis - room;
    return panels.map((_, i) => ({
      left: axis,
      top: panelsTop() + i * (PANEL_HEIGHT + BELOW),
      width,
      height: PANEL_HEIGHT,
    }));
  }
  let x = 0;
  return panels.map((_, i) => {
    x += axes[i]!;
    const box = { left: x, top: panelsTop(), width: free / panels.length, height: PANEL_HEIGHT };
    x += box.width + rooms[i]!;
    return box;
  });
}

/** Width that the ticks of the value axis and its name need. */
function axisRoom(panel: CurvePanel): number {
  const ticks = valueTicks(rangeOf(panel));
  return (
    40 + Math.max(0, ...measureWith((context) => ticks.map(({ text }) => textWidth(context, text, { size: 10.5 }))))
  );
}

const rangeOf = ({ curves, before }: CurvePanel) => robustRange([...curves, ...before]);

const valueTicks = (range: [number, number]) => linearTicks(...range, Math.round(PANEL_HEIGHT / 45));

/** Width that the labels at the ends of the curves need. */
function labelRoom(panel: CurvePanel): number {
  const widths = measureWith((context) =>
    panel.curves.map((curve) => textWidth(context, endLabel(curve), { size: 11 })),
  );
  return Math.max(40, ...widths) + 8;
}

/** Name and last value of a curve. */
function endLabel({ name, split, end }: Curve): string {
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
  return `${split === 'validation' ? `${short}, val.` : short} ${measured(end)}`;
}

/** The steps that the axes of some panels reach over. */
function stepsOf(panels: CurvePanel[], view: LossCurvesView): Steps {
  const [first, reached] = stepRange(view.progress, ...ends(panels.flatMap(({ curves }) => curves)));
  const before = panels.flatMap((panel) => panel.before);
  const last = Math.max(reached, ...before.map(({ steps }) => steps[steps.length - 1] ?? 0));
  return { first, last };
}

function drawPanel(context: Context, box: Box, panel: CurvePanel, view: LossCurvesView): void {
  const steps = stepsOf([panel], view);
  const x = stepScale(steps, box);
  const range = rangeOf(panel);
  const y = scaleLinear(range, [bottom(box), box.top]);
  drawLeftAxis(context, box, y, { label: view.unit, lines: true, ticks: valueTicks(range) });
  drawBottomAxis(context, box, x, { label: STEP_AXIS, ticks: stepTicks(x, box) });
  drawSchedules(context, box, panel, x);
  clipped(context, box, () =>
    panel.before.forEach((curve) => strokeCurve(context, curve, x, y, { colour: INK, width: 1.8, alpha: 0.28 })),
  );
  const labels = panel.curves.flatMap((curve) => drawCurve(context, box, curve, x, y));
  drawBroken(context, box, panel, view, x);
  const labelX = right(box) + (panel.schedules.length > 0 ? 40 : 8);
  for (const label of spread(labels, 14, box.top + 4, bottom(box) - 4)) {
    drawText(context, label.text, labelX, label.y, { size: 11, colour: label.colour, baseline: 'middle' });
  }
  noteHidden(context, box, panel.curves, y);
}

/** The first and the last step of all curves; neither where there is none. */
function ends(curves: Curve[]): [] | [number, number] {
  const steps = curves.flatMap((curve) => (curve.steps.length > 0 ? [curve.steps[0]!, curve.steps.at(-1)!] : []));
  return steps.length > 0 ? [Math.min(...steps), Math.max(...steps)] : [];
}

/** Draws one curve and returns the label for its end. */
function drawCurve(context: Context, box: Box, curve: Curve, x: Scale, y: Scale) {
  const colour = categoryColour(curve.colour);
  const at = (i: number) => ({ x: x(curve.steps[i]!), y: y(curve.values[i]!) });
  const few = curve.values.length < 30;
  clipped(context, { ...box, width: box.width + 3, top: box.top - 1 }, () => {
    if (curve.split === 'validation') {
      strokeCurve(context, curve, x, y, { colour, width: 1, dash: [1, 3] });
      for (let i = 0; i < curve.values.length; i++) dot(context, at(i).x, at(i).y, few ? 3 : 2, colour);
      return;
    }
    strokeCurve(context, curve, x, y, { colour, width: 0.7, alpha: 0.35 });
    strokeCurve(context, smoothedCurve(curve, WEIGHT), x, y, { colour, width: 1.8 });
    // A line needs two: one alone is a mark.
    if (curve.values.length === 1) dot(context, at(0).x, at(0).y, 3, colour);
    markBroken(context, box, curve, x);
  });
  return Number.isFinite(curve.end) ? [{ y: y(curve.end), text: endLabel(curve), colour }] : [];
}

/** A red mark at the foot of the panel where values stop being numbers. */
function markBroken(context: Context, box: Box, curve: Curve, x: Scale): void {
  const first = curve.values.findIndex((value) => !Number.isFinite(value));
  if (first < 0) return;
  const px = x(curve.steps[first]!);
  line(context, px, box.top, px, bottom(box), '#bd1f01', 1);
  drawText(context, 'NaN', px + 4, box.top + 12, { size: 10, colour: '#bd1f01', weight: 'bold', halo: true });
}

/** Steps that were not taken: in the panel of their term, of the gradient in that of the total. */
function drawBroken(
  context: Context,
  box: Box,
  { curves }: CurvePanel,
  { broken = [] }: LossCurvesView,
  x: Scale,
): void {
  const names = new Set(curves.map(({ name }) => name));
  for (const { quantity: term, value, step, batch } of broken) {
    if (!names.has(term) && !names.has('total')) continue;
    const px = Math.min(right(box), x(step));
    line(context, px, box.top, px, bottom(box), '#bd1f01', 1);
    const style = { size: 10, colour: '#bd1f01', weight: 'bold', halo: true, align: 'right' } as const;
    drawText(context, `${term} ${value}, batch ${count(batch)}`, px - 4, box.top + 12, style);
  }
}

function drawSchedules(context: Context, box: Box, panel: CurvePanel, x: Scale): void {
  if (panel.schedules.length === 0) return;
  const highest = Math.max(...panel.schedules.flatMap((one) => Array.from(one.values)).filter(Number.isFinite), 0);
  const y = scaleLinear([0, highest > 0 ? highest * 1.08 : 1], [bottom(box), box.top]);
  drawRightAxis(context, box, y, { ticks: ticksOf(y, 4), colour: QUIET });
  panel.schedules.forEach((schedule, i) => {
    const dash = [
      [5, 3],
      [2, 2],
      [7, 2, 2, 2],
    ][i % 3]!;
    clipped(context, { ...box, top: box.top - 2, height: box.height + 4 }, () =>
      strokeCurve(context, schedule, x, y, { colour: QUIET, width: 1.2, dash }),
    );
  });
  const names = panel.schedules.map((one) => one.name).join(', ');
  drawText(context, names, right(box) + 7, box.top - 6, { size: 11, colour: QUIET, align: 'left' });
}

/** How high the curves go where the axis leaves their peaks out. */
function noteHidden(context: Context, box: Box, curves: Curve[], y: Scale): void {
  const top = y.domain()[1]!;
  const peaks = curves
    .filter((curve) => curve.split === 'train')
    .map((curve) => ({
      name: curve.name,
      value: curve.values.filter(Number.isFinite).reduce((a, b) => Math.max(a, b), -Infinity),
    }))
    .filter((peak) => peak.value > top);
  if (peaks.length === 0) return;
  const text = `↑ ${peaks.map((peak) => `${peak.name} ${quantity(peak.value)}`).join(', ')}`;
  const style = { size: 10, colour: QUIET, align: 'right', maxWidth: box.width } as const;
  drawText(context, text, right(box), box.top - 6, style);
}

function drawKey(context: Context, left: number, y: number, view: LossCurvesView): void {
  const trains = view.series.filter((one) => one.split === 'train');
  const entries: { text: string; width: number; alpha: number; dots: boolean; dash?: number[] }[] = [];
  if (trains.length > 0) {
    entries.push({ text: `training, smoothed (weight ${WEIGHT})`, width: 1.8, alpha: 1, dots: false });
    entries.push({ text: 'each step', width: 0.8, alpha: 0.5, dots: false });
  }
  if (view.series.some((one) => one.split === 'validation')) {
    entries.push({ text: 'validation', width: 1, alpha: 1, dots: true, dash: [1, 3] });
  }
  if (view.lastRun) entries.push({ text: 'last run', width: 1.8, alpha: 0.28, dots: false });
  for (const schedule of view.schedules) {
    entries.push({ text: `${schedule.name} (right axis)`, width: 1.2, alpha: 0.8, dots: false, dash: [5, 3] });
  }
  let x = left;
  let row = y;
  for (const entry of entries) {
    const size = 28 + textWidth(context, entry.text, { size: 10.5 });
    if (isNarrow() && x > left && x + size > pageWidth(WIDTH)) [x, row] = [left, row + KEY_ROW];
    const ends = { steps: [0, 1], values: [row, row] };
    const across = scaleLinear([0, 1], [x, x + 22]);
    strokeCurve(context, ends, across, scaleLinear([0, 1], [0, 1]), { colour: INK, ...entry });
    if (entry.dots) dot(context, x + 11, row, 3, INK);
    drawText(context, entry.text, x + 28, row, { size: 10.5, colour: QUIET, baseline: 'middle' });
    x += size + 18;
  }
  const style = { size: 10.5, colour: QUIET, align: 'right', baseline: 'middle' } as const;
  const text = endsText(view);
  if (row === y && x + textWidth(context, text, style) < pageWidth(WIDTH))
    drawText(context, text, pageWidth(WIDTH) - 14, y, style);
}

/** What the numbers at the ends of the curves are. */
function endsText({ series, stepsPerEpoch }: LossCurvesView): string {
  const of = (split: 'train' | 'validation') => series.some((one) => one.split === split);
  if (!of('train') || stepsPerEpoch === 0) return of('train') || of('validation') ? 'numbers: last values' : '';
  return `numbers: mean of the last epoch${of('validation') ? ', last validation' : ''}`;
}

/** Each on as many lines as it takes. */
function noteLines(notes: readonly string[]): string[] {
  return measureWith((context) => notes.flatMap((note) => wrapText(context, note, pageWidth(WIDTH) - 28, NOTE)));
}

function drawNotes(context: Context, lines: readonly string[], top: number): void {
  lines.forEach((text, i) => drawText(context, text, 14, top + 16 * i, { ...NOTE, maxWidth: pageWidth(WIDTH) - 28 }));
}
