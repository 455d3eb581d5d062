/** Histograms with the threshold, and ROC or precision–recall: a pure drawing of the data, the threshold and the width. */
import {
  averagePrecision,
  confusionAt,
  histogramOf,
  precisionRecallPoints,
  ratesOf,
  rocPoints,
} from '../../views/detection';
import { linearTicks } from '../../views/ticks';
import { count } from '../../views/wording';
import { textWidth } from '../marks';
import type { ColourRole, Mark, TextMark } from '../marks';
import type { Box } from '../panel/panel';
import type { Anomalies } from './data';

export const CURVES = ['ROC', 'precision–recall'] as const;
export type Curve = (typeof CURVES)[number];

export interface Charts {
  marks: Mark[];
  height: number;
  /** Scores of the histogram's ends, and where they lie. */
  scale: { low: number; high: number; left: number; width: number; top: number; bottom: number };
}

const PLOT = 200;
const NARROW = 620;
const SIDE = 190;

export function anomalyCharts(data: Anomalies, threshold: number, curve: Curve, width: number): Charts {
  const known = data.anomalous !== null;
  const narrow = width < NARROW;
  const histogram: Box = { left: 52, top: 42, width: width - 70 - (known && !narrow ? SIDE + 76 : 0), height: PLOT };
  const { marks, low, high } = histogramLayers(data, threshold, histogram);
  const scale = { low, high, left: histogram.left, width: histogram.width, top: histogram.top, bottom: 42 + PLOT };
  if (!known) return { marks, height: PLOT + 86, scale };
  const box: Box = narrow
    ? { left: 52, top: PLOT + 116, width: SIDE, height: SIDE }
    : { left: width - SIDE - 14, top: 42 + PLOT - SIDE, width: SIDE, height: SIDE };
  const all = [...marks, ...curveLayers(data, threshold, curve, box)];
  return { marks: all, height: narrow ? 2 * PLOT + 156 : PLOT + 86, scale };
}

function histogramLayers({ groups, view }: Anomalies, threshold: number, box: Box) {
  const scores = groups.map((group) => group.scores);
  // The threshold that the kernel found is in the picture always, so that the bins stay as they are while it is moved.
  const { low, high, counts, beyond } = histogramOf(scores, view.threshold);
  const shares = counts.map((bins, g) => bins.map((n) => n / Math.max(1, scores[g]!.length)));
  const most = 1.08 * Math.max(0.01, ...shares.flat());
  const bottom = box.top + box.height;
  const y = (share: number) => bottom - (box.height * share) / most;
  const marks: Mark[] = [];
  for (const { value, text: label } of linearTicks(0, most, 4)) {
    marks.push(line(box.left, y(value), box.left + box.width, y(value), 'grid'));
    marks.push(text(label, box.left - 6, y(value) + 3.5, 'end'));
  }
  shares.forEach((bins, g) => {
    const step = box.width / bins.length;
    const points = [
      [box.left, bottom] as const,
      ...bins.flatMap((share, i) => {
        const [left, top] = [box.left + i * step, y(share)];
        return [[left, top] as const, [left + step, top] as const];
      }),
      [box.left + box.width, bottom] as const,
    ];
    const colour = colourOf(groups[g]!.colour);
    const isOutline = groups[g]!.colour === null;
    marks.push({
      ...{ kind: 'path', points },
      ...(isOutline ? { stroke: colour, strokeWidth: 1.4 } : { fill: colour, opacity: 0.55 }),
    });
  });
  marks.push(line(box.left, bottom, box.left + box.width, bottom, 'line'));
  const x = (score: number) => box.left + (box.width * (score - low)) / (high - low);
  for (const { value, text: label } of linearTicks(low, high, Math.max(2, Math.round(box.width / 80)))) {
    marks.push(line(x(value), bottom, x(value), bottom + 4, 'line'));
    marks.push(text(label, x(value), bottom + 16, 'middle'));
  }
  const unit = view.unit === '' ? view.score : `${view.score}, ${view.unit}`;
  const far = beyond > 0 ? ` (${count(beyond)} beyond, in the last bin)` : '';
  marks.push(text(unit + far, box.left + box.width / 2, bottom + 34, 'middle', 'foreground'));
  marks.push(text('share of each', box.left, box.top - 4, 'start'));
  marks.push(...keyLayers(groups, box.left));
  const at = Math.max(box.left, Math.min(box.left + box.width, x(threshold)));
  marks.push(line(at, box.top - 4, at, bottom, 'foreground', 1.5));
  return { marks, low, high };
}

function keyLayers(groups: Anomalies['groups'], left: number): Mark[] {
  let at = left;
  return groups.flatMap(({ name, colour, scores }) => {
    const label = `${name} (${count(scores.length)})`;
    const mark: Mark = { kind: 'rect', x: at, y: 3, width: 10, height: 10, radius: 2, fill: colourOf(colour) };
    const words = text(label, at + 15, 12, 'start', 'foreground');
    at += 31 + textWidth(label, 11);
    return [mark, words];
  });
}

function colourOf(colour: number | null): ColourRole {
  return colour === null ? 'muted' : `category ${colour}`;
}

function curveLayers(data: Anomalies, threshold: number, curve: Curve, box: Box): Mark[] {
  const anomalous = data.anomalous!;
  const isRoc = curve === 'ROC';
  const points = isRoc ? rocPoints(data.scores, anomalous) : precisionRecallPoints(data.scores, anomalous);
  const bottom = box.top + box.height;
  const [x, y] = [(share: number) => box.left + box.width * share, (share: number) => bottom - box.height * share];
  const marks: Mark[] = [
    { kind: 'rect', x: box.left, y: box.top, width: box.width, height: box.height, stroke: 'grid' },
  ];
  for (const { value, text: label } of linearTicks(0, 1, 3)) {
    marks.push(text(label, x(value), bottom + 15, 'middle'), text(label, box.left - 6, y(value) + 3.5, 'end'));
  }
  const { recall, falsePositiveRate, precision } = ratesOf(confusionAt(data.scores, anomalous, threshold));
  // What chance does: the diagonal, or the share of anomalies.
  const chance = Array.from(anomalous).filter((one) => one === 1).length / anomalous.length;
  const ends = isRoc ? [0, 1] : [chance, chance];
  marks.push(line(x(0), y(ends[0]!), x(1), y(ends[1]!), 'line', 1, [3, 3]));
  const course = points.map(([across, up]) => [x(across), y(up)] as const);
  marks.push({ kind: 'path', points: course, stroke: 'category 0', strokeWidth: 2 });
  const now = isRoc ? [falsePositiveRate, recall] : [recall, Number.isNaN(precision) ? 1 : precision];
  const dot = { x: x(now[0]!), y: y(now[1]!), rx: 4.5, ry: 4.5, fill: 'foreground', stroke: 'background' } as const;
  marks.push({ kind: 'ellipse', ...dot, strokeWidth: 1.5 });
  const area = isRoc ? (data.view.areaUnderRoc ?? NaN) : averagePrecision(points);
  const said = `${isRoc ? 'area' : 'average precision'} ${Number.isNaN(area) ? 'not known' : area.toFixed(3)}`;
  marks.push(text(said, x(1) - 8, bottom - 10, 'end', 'foreground'));
  const [across, up] = isRoc ? ['false positive rate', 'true positive rate'] : ['recall', 'precision'];
  marks.push(text(across, x(0.5), bottom + 32, 'middle', 'foreground'));
  marks.push(text(up, box.left, box.top - 8, 'start', 'foreground'));
  return marks;
}

function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: ColourRole,
  strokeWidth = 1,
  dash?: readonly number[],
): Mark {
  return { kind: 'path', points: [[x1, y1], [x2, y2]], stroke, strokeWidth, ...(dash && { dash }) }; // prettier-ignore
}

function text(
  content: string,
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  fill: ColourRole = 'muted',
): TextMark {
  return { kind: 'text', x, y, text: content, fill, anchor, size: 11 };
}
