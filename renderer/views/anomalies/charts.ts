/** Histograms with the threshold, and ROC or precision–recall: a pure drawing of the data, the threshold and the width. */
import {
  averagePrecision,
  confusionAt,
  histogramOf,
  precisionRecallPoints,
  ratesOf,
  rocPoints,
} from '../../../kernel/views/detection';
import { linearTicks } from '../../../kernel/views/ticks';
import { svg } from '../../dom';
import { count } from '../../numbers';
import { categoryColour } from '../../palette';
import type { Theme } from '../../theme';
import type { Anomalies } from './model';

export type Curve = 'ROC' | 'precision–recall';

export interface Charts {
  layers: SVGElement[];
  height: number;
  /** Scores of the histogram's ends, and where they lie. */
  scale: { low: number; high: number; left: number; width: number; top: number; bottom: number };
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const PLOT = 200;
const NARROW = 620;
const SIDE = 190;

export function buildCharts(data: Anomalies, threshold: number, curve: Curve, width: number, theme: Theme): Charts {
  const known = data.anomalous !== null;
  const narrow = width < NARROW;
  const histogram: Box = { left: 52, top: 42, width: width - 70 - (known && !narrow ? SIDE + 76 : 0), height: PLOT };
  const { layers, low, high } = histogramLayers(data, threshold, histogram, theme);
  const scale = { low, high, left: histogram.left, width: histogram.width, top: histogram.top, bottom: 42 + PLOT };
  if (!known) return { layers, height: PLOT + 86, scale };
  const box: Box = narrow
    ? { left: 52, top: PLOT + 116, width: SIDE, height: SIDE }
    : { left: width - SIDE - 14, top: 42 + PLOT - SIDE, width: SIDE, height: SIDE };
  const all = [...layers, ...curveLayers(data, threshold, curve, box, theme)];
  return { layers: all, height: narrow ? 2 * PLOT + 156 : PLOT + 86, scale };
}

function histogramLayers({ groups, view }: Anomalies, threshold: number, box: Box, theme: Theme) {
  const scores = groups.map((group) => group.scores);
  // The threshold that the kernel found is in the picture always, so that the bins stay as they are while it is moved.
  const { low, high, counts, beyond } = histogramOf(scores, view.threshold);
  const shares = counts.map((bins, g) => bins.map((n) => n / Math.max(1, scores[g]!.length)));
  const most = 1.08 * Math.max(0.01, ...shares.flat());
  const bottom = box.top + box.height;
  const y = (share: number) => bottom - (box.height * share) / most;
  const layers: SVGElement[] = [];
  for (const { value, text: label } of linearTicks(0, most, 4)) {
    layers.push(line(box.left, y(value), box.left + box.width, y(value), theme.grid));
    layers.push(text(label, box.left - 6, y(value) + 3.5, theme, 'end'));
  }
  shares.forEach((bins, g) => {
    const step = box.width / bins.length;
    const up = bins.map((share, i) => `L${(box.left + i * step).toFixed(1)} ${y(share).toFixed(1)}h${step.toFixed(2)}`);
    const d = `M${box.left} ${bottom}${up.join('')}L${box.left + box.width} ${bottom}`;
    const colour = colourOf(groups[g]!.colour, theme);
    const isOutline = groups[g]!.colour === null;
    const look = isOutline
      ? { fill: 'none', stroke: colour, 'stroke-width': 1.4 }
      : { fill: colour, 'fill-opacity': 0.55 };
    layers.push(svg('path', { d, ...look }));
  });
  layers.push(line(box.left, bottom, box.left + box.width, bottom, theme.line));
  const x = (score: number) => box.left + (box.width * (score - low)) / (high - low);
  for (const { value, text: label } of linearTicks(low, high, Math.max(2, Math.round(box.width / 80)))) {
    layers.push(line(x(value), bottom, x(value), bottom + 4, theme.line));
    layers.push(text(label, x(value), bottom + 16, theme, 'middle'));
  }
  const unit = view.unit === '' ? view.score : `${view.score}, ${view.unit}`;
  const far = beyond > 0 ? ` (${count(beyond)} beyond, in the last bin)` : '';
  layers.push(text(unit + far, box.left + box.width / 2, bottom + 34, theme, 'middle', theme.foreground));
  layers.push(text('share of each', box.left, box.top - 4, theme, 'start'));
  layers.push(...keyLayers(groups, box.left, theme));
  const at = Math.max(box.left, Math.min(box.left + box.width, x(threshold)));
  layers.push(line(at, box.top - 4, at, bottom, theme.foreground, 1.5));
  return { layers, low, high };
}

function keyLayers(groups: Anomalies['groups'], left: number, theme: Theme): SVGElement[] {
  let at = left;
  return groups.flatMap(({ name, colour, scores }) => {
    const label = `${name} (${count(scores.length)})`;
    const mark = svg('rect', { x: at, y: 3, width: 10, height: 10, rx: 2, fill: colourOf(colour, theme) });
    const words = text(label, at + 15, 12, theme, 'start', theme.foreground);
    at += 32 + 6.4 * label.length;
    return [mark, words];
  });
}

function colourOf(colour: number | null, theme: Theme): string {
  return colour === null ? theme.muted : categoryColour(theme.categories, colour);
}

function curveLayers(data: Anomalies, threshold: number, curve: Curve, box: Box, theme: Theme): SVGElement[] {
  const anomalous = data.anomalous!;
  const isRoc = curve === 'ROC';
  const points = isRoc ? rocPoints(data.scores, anomalous) : precisionRecallPoints(data.scores, anomalous);
  const bottom = box.top + box.height;
  const [x, y] = [(share: number) => box.left + box.width * share, (share: number) => bottom - box.height * share];
  const layers: SVGElement[] = [
    svg('rect', { x: box.left, y: box.top, width: box.width, height: box.height, fill: 'none', stroke: theme.grid }),
  ];
  for (const { value, text: label } of linearTicks(0, 1, 3)) {
    layers.push(
      text(label, x(value), bottom + 15, theme, 'middle'),
      text(label, box.left - 6, y(value) + 3.5, theme, 'end'),
    );
  }
  const { recall, falsePositiveRate, precision } = ratesOf(confusionAt(data.scores, anomalous, threshold));
  // What chance does: the diagonal, or the share of anomalies.
  const chance = Array.from(anomalous).filter((one) => one === 1).length / anomalous.length;
  const ends = isRoc ? [0, 1] : [chance, chance];
  layers.push(line(x(0), y(ends[0]!), x(1), y(ends[1]!), theme.line, 1, '3 3'));
  const d = points
    .map(([across, up], i) => `${i === 0 ? 'M' : 'L'}${x(across).toFixed(1)} ${y(up).toFixed(1)}`)
    .join('');
  layers.push(svg('path', { d, fill: 'none', stroke: categoryColour(theme.categories, 0), 'stroke-width': 2 }));
  const now = isRoc ? [falsePositiveRate, recall] : [recall, Number.isNaN(precision) ? 1 : precision];
  const dot = { cx: x(now[0]!), cy: y(now[1]!), r: 4.5, fill: theme.foreground, stroke: theme.background };
  layers.push(svg('circle', { ...dot, 'stroke-width': 1.5 }));
  const area = isRoc ? (data.view.areaUnderRoc ?? NaN) : averagePrecision(points);
  const said = `${isRoc ? 'area' : 'average precision'} ${area.toFixed(3)}`;
  layers.push(text(said, x(1) - 8, bottom - 10, theme, 'end', theme.foreground));
  const [across, up] = isRoc ? ['false positive rate', 'true positive rate'] : ['recall', 'precision'];
  layers.push(text(across, x(0.5), bottom + 32, theme, 'middle', theme.foreground));
  layers.push(text(up, box.left, box.top - 8, theme, 'start', theme.foreground));
  return layers;
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1, dashes?: string): SVGElement {
  return svg('line', { x1, y1, x2, y2, stroke, 'stroke-width': width, 'stroke-dasharray': dashes });
}

function text(
  content: string,
  x: number,
  y: number,
  theme: Theme,
  anchor: 'start' | 'middle' | 'end',
  fill = theme.muted,
): SVGElement {
  return svg('text', { x, y, fill, 'text-anchor': anchor, 'font-size': 11 }, content);
}
