import { scaleLinear } from 'd3-scale';
import { confusionAt, histogramOf, ratesOf, rocPoints } from '../detection';
import { decode } from '../encoding';
import { besideEachOther, layoutShape } from '../pictures/layouts';
import { splitSamples } from '../samples';
import type { AnomaliesView } from '../types';
import { alike, count, percent, quantity } from '../wording';
import { bottom, drawBottomAxis, drawFrame, drawLeftAxis, line } from './axes';
import type { Box } from './axes';
import { drawPng, drawText, textWidth } from './canvas';
import type { Context } from './canvas';
import { drawImage } from './images';
import { categoryColour, INK, QUIET } from './palette';

const WIDTH = 820;
const MOST_CASES = 9;

/** Histograms of the scores with the threshold, the ROC curve where anomalies are known, and the highest scores. */
export function anomaliesPng(view: AnomaliesView): Buffer {
  const known = view.anomalous !== null;
  const histogram: Box = { left: 60, top: 76, width: known ? 440 : 720, height: 190 };
  const roc: Box = { left: 580, top: 76, width: 190, height: 190 };
  const cell = cellOf(view);
  const shown = Math.min(MOST_CASES, view.cases.length);
  const rows = view.reconstructions ? 2 : 1;
  const height = bottom(histogram) + 58 + (shown > 0 ? 34 + rows * (cell.height + 5) + 14 : 0);
  return drawPng(WIDTH, height, (context) => {
    drawText(context, view.title, 14, 22, { size: 14, weight: 'bold', maxWidth: WIDTH - 28 });
    drawText(context, factsOf(view), 14, 39, { size: 10.5, colour: QUIET, maxWidth: WIDTH - 28 });
    drawHistogram(context, view, histogram);
    if (known) drawRoc(context, view, roc);
    if (shown > 0) drawCases(context, view, shown, cell, bottom(histogram) + 76);
  });
}

function factsOf(view: AnomaliesView): string {
  const at = `threshold ${quantity(view.threshold)}, ${view.thresholdSource}`;
  if (!view.anomalous) return at;
  const { recall, falsePositiveRate, precision } = ratesOf(
    confusionAt(decode(view.scores), decode(view.anomalous), view.threshold),
  );
  return `${at}: finds ${percent(recall)} of the anomalies, flags ${percent(falsePositiveRate)} of the normal samples, precision ${percent(precision)}`;
}

function drawHistogram(context: Context, view: AnomaliesView, box: Box): void {
  const groups = groupsOf(view);
  const { low, high, counts, beyond } = histogramOf(
    groups.map(({ scores }) => scores),
    view.threshold,
  );
  // Each group is drawn as shares of its own: data and reference differ in their numbers.
  const shares = counts.map((bins, g) => bins.map((n) => n / Math.max(1, groups[g]!.scores.length)));
  const most = Math.max(0.01, ...shares.flat());
  const x = scaleLinear([low, high], [box.left, box.left + box.width]);
  const y = scaleLinear([0, most * 1.08], [bottom(box), box.top]);
  drawLeftAxis(context, box, y, { lines: true, label: 'share of each' });
  shares.forEach((bins, g) => {
    const width = box.width / bins.length;
    context.save();
    context.globalAlpha = groups[g]!.isOutline ? 1 : 0.55;
    context.fillStyle = context.strokeStyle = groups[g]!.colour;
    context.beginPath();
    context.moveTo(box.left, bottom(box));
    bins.forEach((share, i) => {
      context.lineTo(box.left + i * width, y(share));
      context.lineTo(box.left + (i + 1) * width, y(share));
    });
    context.lineTo(box.left + box.width, bottom(box));
    if (groups[g]!.isOutline) context.stroke();
    else context.fill();
    context.restore();
  });
  const unit = view.unit === '' ? view.score : `${view.score}, ${view.unit}`;
  drawBottomAxis(context, box, x, { label: beyond > 0 ? `${unit} (${count(beyond)} beyond, in the last bin)` : unit });
  line(context, x(view.threshold), box.top - 6, x(view.threshold), bottom(box), INK, 1.5);
  drawText(context, 'threshold', x(view.threshold) + 4, box.top + 2, { size: 10, halo: true });
  let left = box.left;
  for (const { name, colour, scores } of groups) {
    context.fillStyle = colour;
    context.fillRect(left, box.top - 20, 10, 10);
    const text = `${name} (${count(scores.length)})`;
    drawText(context, text, left + 15, box.top - 11, { size: 10.5 });
    left += 15 + textWidth(context, text, { size: 10.5 }) + 16;
  }
}

function groupsOf(view: AnomaliesView) {
  const scores = decode(view.scores);
  const anomalous = view.anomalous && decode(view.anomalous);
  const of = (which: number) => scores.filter((_, i) => anomalous?.[i] === which);
  const reference = view.reference
    ? [{ name: 'normal data', colour: QUIET, scores: decode(view.reference), isOutline: true }]
    : [];
  if (!anomalous) return [{ name: 'data', colour: categoryColour(0), scores, isOutline: false }, ...reference];
  return [
    { name: 'normal', colour: categoryColour(0), scores: of(0), isOutline: false },
    { name: 'anomalies', colour: categoryColour(1), scores: of(1), isOutline: false },
    ...reference,
  ];
}

function drawRoc(context: Context, view: AnomaliesView, box: Box): void {
  const [scores, anomalous] = [decode(view.scores), decode(view.anomalous!)];
  const x = scaleLinear([0, 1], [box.left, box.left + box.width]);
  const y = scaleLinear([0, 1], [bottom(box), box.top]);
  drawFrame(context, box);
  drawBottomAxis(context, box, x, { label: 'false positive rate' });
  drawLeftAxis(context, box, y, { label: 'true positive rate' });
  line(context, x(0), y(0), x(1), y(1), QUIET, 0.7);
  context.save();
  context.strokeStyle = categoryColour(0);
  context.lineWidth = 1.8;
  context.beginPath();
  for (const [across, up] of rocPoints(scores, anomalous)) context.lineTo(x(across), y(up));
  context.stroke();
  const { recall, falsePositiveRate } = ratesOf(confusionAt(scores, anomalous, view.threshold));
  context.fillStyle = INK;
  context.beginPath();
  context.arc(x(falsePositiveRate), y(recall), 4, 0, 2 * Math.PI);
  context.fill();
  context.restore();
  if (view.areaUnderRoc !== null) {
    const text = `area ${view.areaUnderRoc.toFixed(3)}`;
    drawText(context, text, x(1) - 8, y(0) - 10, { size: 11, align: 'right' });
  }
}

function cellOf({ sampleShape, layout }: AnomaliesView): { width: number; height: number } {
  const shape = layoutShape(sampleShape, layout);
  const width = 80;
  return {
    width,
    height: shape.kind === 'image' ? Math.min(3 * width, Math.max(12, (width * shape.height) / shape.width)) : 48,
  };
}

function drawCases(
  context: Context,
  view: AnomaliesView,
  shown: number,
  cell: { width: number; height: number },
  top: number,
): void {
  drawText(context, 'highest scores', 14, top - 6, { size: 11.5, weight: 'bold' });
  const samples = [splitSamples(view.inputs), ...(view.reconstructions ? [splitSamples(view.reconstructions)] : [])];
  const order = view.cases.map((_, i) => i).sort((a, b) => view.cases[b]!.score - view.cases[a]!.score);
  const scores = alike(order.slice(0, shown).map((at) => view.cases[at]!.score));
  order.slice(0, shown).forEach((at, i) => {
    const left = 14 + i * (cell.width + 8);
    samples.forEach((row, r) =>
      drawCase(context, view, row[at]!, { left, top: top + 2 + r * (cell.height + 5), ...cell }),
    );
    const { label } = view.cases[at]!;
    const text = label === '' ? scores[i]! : `${scores[i]!} · ${label}`;
    const y = top + 2 + samples.length * (cell.height + 5) + 9;
    drawText(context, text, left + cell.width / 2, y, {
      size: 9.5,
      colour: QUIET,
      align: 'center',
      maxWidth: cell.width + 4,
    });
  });
}

function drawCase(context: Context, { sampleShape, layout }: AnomaliesView, sample: ArrayLike<number>, box: Box): void {
  if (sampleShape.kind === 'image') {
    const shape = layoutShape(sampleShape, layout);
    const pixels = layout?.kind === 'frames' ? besideEachOther(sample, sampleShape, layout.count) : sample;
    if (shape.kind === 'image') drawImage(context, pixels, shape, box);
    return;
  }
  const finite = Array.from(sample).filter(Number.isFinite);
  const y = scaleLinear([Math.min(...finite), Math.max(...finite)], [bottom(box) - 4, box.top + 4]);
  drawFrame(context, box);
  context.save();
  context.strokeStyle = categoryColour(0);
  context.beginPath();
  for (let i = 0; i < sample.length; i++) {
    context.lineTo(box.left + 4 + ((box.width - 8) * i) / Math.max(1, sample.length - 1), y(sample[i]!));
  }
  context.stroke();
  context.restore();
}
