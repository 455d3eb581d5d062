/** Scores, their threshold and their cases as one picture. */
import { evenly, fitting, wrapped, type WidthOf } from '../fitting';
import type { Mark, Place } from '../marks';
import { heightOf } from '../traversal/places';
import { alike } from '../../views/wording';
import { anomalyCharts, type Curve } from './charts';
import { casesOf, scoreOf, thresholdText, type Anomalies, type CaseKind } from './data';

/** What is looked at. */
export interface AnomalyChoices {
  threshold: number;
  curve: Curve;
  kind: CaseKind;
}

export interface AnomaliesPicture {
  marks: Mark[];
  /** Where the sample of a case lies, and what the model makes of it. */
  cells: { place: number; isReconstruction: boolean; box: Place }[];
  bottom: number;
}

const [MARGIN, TITLE, GAP, LINE] = [12, 20, 8, 15];
/** Width of a card: as much as fills a row, within what can be made out and what is comfortable. */
const CARD = { least: 84, most: 132 };
/** On both sides of a sample in its card. */
const PADDING = 4;

export function anomaliesPicture(
  data: Anomalies,
  { threshold, curve, kind }: AnomalyChoices,
  { width: whole, widthOf }: { width: number; widthOf: WidthOf },
): AnomaliesPicture {
  const { view, shape, inputs, reconstructions } = data;
  const width = whole - 2 * MARGIN;
  const ink = { kind: 'text', fill: 'foreground' } as const;
  const title = fitting(view.title, width, (text) => widthOf(text, 14, true));
  const charts = anomalyCharts(data, threshold, curve, width);
  const shifted = charts.marks.map((mark) => moved(mark, MARGIN, TITLE + 10));
  let top = TITLE + 10 + charts.height + 14;
  const facts = wrapped(thresholdText(data, threshold), width, (text) => widthOf(text, 11.5, false));
  const marks: Mark[] = [
    { ...ink, x: MARGIN, y: TITLE, text: title, size: 14, isBold: true },
    ...shifted,
    ...facts.map((text, i): Mark => ({ ...ink, x: MARGIN, y: top + LINE * i, text, size: 11.5 })),
  ];
  top += LINE * facts.length;
  const places = casesOf(data, kind, threshold);
  if (data.anomalous || places.length > 0) {
    marks.push({ ...ink, x: MARGIN, y: top + 8, text: places.length > 0 ? kind : `no ${kind} at this threshold`, size: 12, isBold: true }); // prettier-ignore
    top += 18;
  }
  const columns = evenly(places.length, Math.floor((width + GAP) / (CARD.least + GAP)));
  const across = Math.floor(Math.min(CARD.most, (width + GAP) / columns - GAP));
  const sample = across - 2 * PADDING;
  const height = heightOf(shape, sample);
  const isLabelled = view.cases.some(({ label }) => label !== '');
  const rows = inputs.length > 0 && reconstructions ? 2 : 1;
  const card = 4 + rows * (height + 3) + 15 + (isLabelled ? 15 : 0) + 4;
  const scores = alike(places.map((place) => scoreOf(view.cases[place]!)));
  const cells = places.flatMap((place, i) => {
    const [x, y] = [MARGIN + (i % columns) * (across + GAP), top + Math.floor(i / columns) * (card + GAP)];
    const { label } = view.cases[place]!;
    const middle = { kind: 'text', x: x + across / 2, anchor: 'middle' } as const;
    const foot = y + 4 + rows * (height + 3) + 12;
    const name = fitting(label, across - 6, (text) => widthOf(text, 10.5, false));
    marks.push({ kind: 'rect', x, y, width: across, height: card, radius: 3, stroke: 'line' });
    marks.push({ ...middle, y: foot, text: scores[i]!, size: 11, fill: 'foreground' });
    if (name !== '') marks.push({ ...middle, y: foot + 15, text: name, size: 10.5, fill: 'muted' });
    return Array.from({ length: rows }, (_, row) => {
      const box = { x: x + PADDING, y: y + 4 + row * (height + 3), width: sample, height };
      return { place, isReconstruction: row === 1, box };
    });
  });
  const filled = Math.ceil(places.length / Math.max(1, columns)) * (card + GAP);
  return { marks, cells, bottom: top + filled + 4 };
}

function moved(mark: Mark, x: number, y: number): Mark {
  if (mark.kind === 'group') return { ...mark, marks: mark.marks.map((one) => moved(one, x, y)) };
  if (mark.kind === 'path') return { ...mark, points: mark.points.map(([a, b]) => [a + x, b + y] as const) };
  return { ...mark, x: mark.x + x, y: mark.y + y };
}
