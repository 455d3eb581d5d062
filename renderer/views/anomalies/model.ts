/** Scores, decoded, and what a threshold does to them. */
import * as z from '../../schema';
import { confusionAt, ratesOf } from '../../../kernel/views/detection';
import { layoutShape } from '../../../kernel/views/pictures/layouts';
import type { AnomaliesView, AnomalyCase, SampleShape } from '../../../kernel/views/types';
import { rowName } from '../../../kernel/views/wording';
import { decode, encodedArray, sampleShape, splitSamples, viewBase } from '../../data';
import type { TypedArray } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import { count, percent, quantity } from '../../numbers';
import { extent } from '../../samples';
import { sampleLayout } from '../reconstructions/schema';
import { drawn } from '../traversal/model';

export const anomaliesSchema: z.Schema<AnomaliesView> = z.object({
  ...viewBase,
  data: z.optional(z.string()),
  score: z.string(),
  unit: z.string(),
  scores: encodedArray,
  anomalous: z.nullable(encodedArray),
  total: z.number(),
  reference: z.nullable(encodedArray),
  threshold: z.number(),
  thresholdSource: z.string(),
  areaUnderRoc: z.nullable(z.number()),
  sampleShape,
  layout: z.optional(sampleLayout),
  cases: z.array(
    z.object({ index: z.number(), score: z.number(), label: z.string(), anomalous: z.nullable(z.boolean()) }),
  ),
  inputs: encodedArray,
  reconstructions: z.nullable(encodedArray),
  notes: z.array(z.string()),
});

export interface Group {
  name: string;
  scores: TypedArray;
  /** Index of its colour; null for the data that the threshold comes from, which are an outline. */
  colour: number | null;
}

export interface Anomalies {
  view: AnomaliesView;
  scores: TypedArray;
  anomalous: TypedArray | null;
  groups: Group[];
  shape: SampleShape;
  inputs: TypedArray[];
  reconstructions: TypedArray[] | null;
  /** Least and greatest value of all cases, for profiles. */
  range: [number, number];
}

/** @throws RangeError when there is another number of samples than of cases, or of classes than of scores */
export function readAnomalies(view: AnomaliesView): Anomalies {
  const scores = decode(view.scores);
  const anomalous = view.anomalous && decode(view.anomalous);
  if (anomalous && anomalous.length !== scores.length) {
    throw new RangeError(`${anomalous.length} classes for ${scores.length} scores`);
  }
  const read = (samples: AnomaliesView['inputs']) => {
    const all = view.cases.length === 0 ? [] : splitSamples(samples, view.sampleShape);
    if (all.length !== view.cases.length) throw new RangeError(`${all.length} samples for ${view.cases.length} cases`);
    return all.map((sample) => drawn(sample, view.sampleShape, view.layout));
  };
  const [inputs, reconstructions] = [read(view.inputs), view.reconstructions && read(view.reconstructions)];
  const of = (which: number) => scores.filter((_, i) => anomalous?.[i] === which);
  const groups: Group[] = anomalous
    ? [
        { name: 'normal', scores: of(0), colour: 0 },
        { name: 'anomalies', scores: of(1), colour: 1 },
      ]
    : [{ name: 'data', scores, colour: 0 }];
  if (view.reference) groups.push({ name: 'normal data', scores: decode(view.reference), colour: null });
  return {
    ...{ view, scores, anomalous, groups, inputs, reconstructions },
    shape: layoutShape(view.sampleShape, view.layout),
    range: extent(...inputs, ...(reconstructions ?? [])),
  };
}

/** `12.4 % of 500 samples flagged; …` */
export function factsAt({ scores, anomalous, view }: Anomalies, threshold: number): string {
  const flagged = scores.filter((score) => score > threshold).length;
  const all = `${percent(flagged / Math.max(1, scores.length))} of ${count(view.total)} samples above`;
  if (!anomalous) return all;
  const { recall, falsePositiveRate, precision, f1 } = ratesOf(confusionAt(scores, anomalous, threshold));
  const share = (value: number) => (Number.isNaN(value) ? 'none' : percent(value));
  return [
    all,
    `finds ${share(recall)} of the anomalies`,
    `flags ${share(falsePositiveRate)} of the normal samples`,
    `precision ${share(precision)}`,
    `F₁ ${f1.toFixed(3)}`,
  ].join(' · ');
}

/** What the reader looks at: the highest scores, and where anomalies are known, what the threshold takes wrongly. */
export const CASES = ['highest scores', 'missed anomalies', 'false alarms'] as const;
/** The view holds others that stand in the other lists. */
const MOST_HIGHEST = 12;

export type CaseKind = (typeof CASES)[number];

/** Places of the cases, those that are looked at first in front. */
export function casesOf({ view }: Anomalies, kind: CaseKind, threshold: number): number[] {
  const order = view.cases.map((_, i) => i).sort((a, b) => view.cases[b]!.score - view.cases[a]!.score);
  const is = (i: number, anomalous: boolean, above: boolean) =>
    view.cases[i]!.anomalous === anomalous && view.cases[i]!.score > threshold === above;
  if (kind === 'missed anomalies') return order.filter((i) => is(i, true, false)).reverse();
  return kind === 'false alarms' ? order.filter((i) => is(i, false, true)) : order.slice(0, MOST_HIGHEST);
}

export function caseText(one: AnomalyCase, threshold: number): string {
  const [row, ...facts] = caseFacts(one, threshold);
  const label = one.label === '' ? [] : [one.label];
  return [row, ...label, ...facts.slice(0, -1), `score ${quantity(one.score)}`, facts.at(-1)].join(' · ');
}

/** What is not written below a case: which row it is, what it is, and what the threshold makes of it. */
export function caseFacts({ index, score, anomalous }: AnomalyCase, threshold: number): string[] {
  const what = anomalous === null ? [] : [anomalous ? 'anomaly' : 'normal'];
  return [rowName(index), ...what, score > threshold ? 'flagged' : 'not flagged'];
}

export function anomaliesTable({ view }: Anomalies, threshold: number): TableData {
  const labelled = view.cases.some(({ label }) => label !== '');
  const known = view.anomalous !== null;
  const columns = ['row', ...(labelled ? ['label'] : []), ...(known ? ['is'] : []), view.score, 'flagged'];
  return {
    columns,
    words: columns.map((name) => ['label', 'is', 'flagged'].includes(name)),
    rows: view.cases.length,
    row: (i): Cell[] => {
      const { index, score, label, anomalous } = view.cases[i]!;
      return [
        index,
        ...(labelled ? [label] : []),
        ...(known ? [anomalous ? 'anomaly' : 'normal'] : []),
        score,
        score > threshold ? 'yes' : 'no',
      ];
    },
  };
}
