/** Scores, decoded, and what a threshold does to them. */
import { confusionAt, ratesOf } from '../../views/detection';
import { besideEachOther, layoutShape } from '../../views/pictures/layouts';
import type { AnomaliesView, AnomalyCase, EncodedArray, SampleShape } from '../../views/types';
import { count, percent, quantity, rowName } from '../../views/wording';
import { spanOf } from '../span';
import type { Decode, Numbers } from '../training/curves';

export interface Group {
  name: string;
  scores: Numbers;
  /** Index of its colour; null for the data that the threshold comes from, which are an outline. */
  colour: number | null;
}

export interface Anomalies {
  view: AnomaliesView;
  scores: Numbers;
  anomalous: Numbers | null;
  groups: Group[];
  shape: SampleShape;
  inputs: Numbers[];
  reconstructions: Numbers[] | null;
  /** Least and greatest value of all cases, for profiles. */
  range: [number, number];
}

/** @throws RangeError when there is another number of samples than of cases, or of classes than of scores */
export function decodedAnomalies(
  view: AnomaliesView,
  decode: Decode,
  split: (samples: EncodedArray, shape: SampleShape) => Numbers[],
): Anomalies {
  const scores = decode(view.scores);
  const anomalous = view.anomalous && decode(view.anomalous);
  if (anomalous && anomalous.length !== scores.length) {
    throw new RangeError(`${anomalous.length} classes for ${scores.length} scores`);
  }
  const read = (samples: AnomaliesView['inputs']) => {
    const all = view.cases.length === 0 ? [] : split(samples, view.sampleShape);
    if (all.length !== view.cases.length) throw new RangeError(`${all.length} samples for ${view.cases.length} cases`);
    return all.map((sample) => besideInRow(sample, view));
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
    range: spanOf(...inputs, ...(reconstructions ?? [])),
  };
}

/** `12.4 % of 500 samples above · …` */
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

/** `threshold 40.1 · …` */
export function thresholdText(data: Anomalies, threshold: number): string {
  return `threshold ${quantity(threshold)} · ${factsAt(data, threshold)}`;
}

/** What the reader looks at: the highest scores, and where anomalies are known, what the threshold takes wrongly. */
export const CASES = ['highest scores', 'missed anomalies', 'false alarms'] as const;
/** The view holds others that stand in the other lists. */
const MOST_HIGHEST = 12;

export type CaseKind = (typeof CASES)[number];

/** The score of a case. */
export const scoreOf = ({ score }: AnomalyCase): number => score ?? Infinity;

const descending = (a: number, b: number) => (a === b ? 0 : b - a);

/** Places of the cases, those that are looked at first in front. */
export function casesOf({ view }: Anomalies, kind: CaseKind, threshold: number): number[] {
  const order = view.cases
    .map((_, i) => i)
    .sort((a, b) => descending(scoreOf(view.cases[a]!), scoreOf(view.cases[b]!)));
  const is = (i: number, anomalous: boolean, above: boolean) =>
    view.cases[i]!.anomalous === anomalous && scoreOf(view.cases[i]!) > threshold === above;
  if (kind === 'missed anomalies') return order.filter((i) => is(i, true, false)).reverse();
  return kind === 'false alarms' ? order.filter((i) => is(i, false, true)) : order.slice(0, MOST_HIGHEST);
}

export function caseText(one: AnomalyCase, threshold: number): string {
  const [row, ...facts] = caseFacts(one, threshold);
  const label = one.label === '' ? [] : [one.label];
  return [row, ...label, ...facts.slice(0, -1), `score ${quantity(scoreOf(one))}`, facts.at(-1)].join(' · ');
}

/** What is not written below a case: which row it is, what it is, and what the threshold makes of it. */
export function caseFacts(one: AnomalyCase, threshold: number): string[] {
  const { index, anomalous } = one;
  const what = anomalous === null ? [] : [anomalous ? 'anomaly' : 'normal'];
  return [rowName(index), ...what, scoreOf(one) > threshold ? 'flagged' : 'not flagged'];
}

/** Frames of a film strip stand beside each other. */
function besideInRow(sample: Numbers, { sampleShape: shape, layout }: AnomaliesView): Numbers {
  return layout?.kind === 'frames' && shape.kind === 'image' ? besideEachOther(sample, shape, layout.count) : sample;
}

/** What stands below. */
export function anomalyNotes({ thresholdSource, notes }: AnomaliesView): string[] {
  return [`The kernel chose the first threshold: ${thresholdSource}.`, ...notes];
}
