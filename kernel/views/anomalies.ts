import { decode, encode } from './encoding';
import { confusionAt, ratesOf } from './detection';
import { fitSamples } from './pictures/room';
import { drawnChannels, sampleWidth } from './samples';
import { fairSample } from './thinning';
import { VIEW_VERSION } from './types';
import type { AnomaliesView, AnomalyCase, SampleLayout, SampleShape } from './types';
import { count, counted, percent, quantity, rowName } from './wording';

/** Scores that a view carries. */
const MOST_SCORES = 10_000;
/** Cases of each kind: the highest scores, the highest of normal samples, the lowest of anomalies. */
const CASES = 12;

export interface AnomaliesInput {
  id: string;
  /** What data it is of; see `fingerprintOf`. */
  data?: string | undefined;
  title: string;
  score: string;
  unit: string;
  /** [n] */
  scores: ArrayLike<number>;
  /** [n], or null if anomalies are not known. */
  anomalous: ArrayLike<boolean> | null;
  reference: ArrayLike<number> | null;
  threshold: number;
  thresholdSource: string;
  areaUnderRoc: number | null;
  sampleShape: SampleShape;
  layout?: SampleLayout | undefined;
  /** [n · width] row-major. */
  values: Float32Array;
  /** What the model makes of the samples at these indices: [indices.length · width]; null if it makes nothing. */
  reconstruct: ((indices: number[]) => Promise<Float32Array>) | null;
  /** [n], or empty. */
  labels: readonly string[];
  full?: boolean | undefined;
}

/** Scores with their threshold, and the cases that one looks at first. */
export async function anomalies(input: AnomaliesInput): Promise<AnomaliesView> {
  const { scores, anomalous, sampleShape, values, layout } = input;
  const n = scores.length;
  const kept = fairSample(n, MOST_SCORES, 0);
  const indices = casesOf(scores, anomalous);
  const width = sampleWidth(sampleShape);
  const rows = new Float32Array(indices.length * width);
  indices.forEach((index, i) => rows.set(values.subarray(index * width, (index + 1) * width), i * width));
  const made = input.reconstruct && (await input.reconstruct(indices));
  const frames = layout?.kind === 'frames' ? layout.count : 1;
  const fitted = fitSamples([rows, made], sampleShape, ['cases', 'reconstructions'], {
    ...{ frames, keepAll: true, ask: 'anomalies(model, data, { full: true })' },
    ...(input.full && { room: Infinity }),
  });
  const cases = indices.map((index): AnomalyCase => ({
    index,
    score: Number.isFinite(scores[index]!) ? scores[index]! : null,
    label: input.labels[index] ?? '',
    anomalous: anomalous ? anomalous[index]! : null,
  }));
  const view: AnomaliesView = {
    version: VIEW_VERSION,
    id: input.id,
    title: input.title,
    summary: '',
    score: input.score,
    unit: input.unit,
    scores: encode(
      'float32',
      kept.map((i) => scores[i]!),
    ),
    anomalous: anomalous && encode('uint8', kept.map((i) => (anomalous[i] ? 1 : 0))), // prettier-ignore
    total: n,
    reference: input.reference && encode('float32', Array.from(fairSample(input.reference.length, MOST_SCORES, 1), (i) => input.reference![i]!)), // prettier-ignore
    threshold: input.threshold,
    thresholdSource: input.thresholdSource,
    areaUnderRoc: input.areaUnderRoc,
    sampleShape: fitted.shape,
    ...(input.data !== undefined && { data: input.data }),
    ...(layout && { layout }),
    cases,
    inputs: fitted.samples[0]!,
    reconstructions: fitted.samples[1]!,
    notes: [
      ...fitted.notes,
      ...(kept.length < n
        ? [`The figure draws the scores of a random sample: ${count(kept.length)} of ${count(n)}.`]
        : []),
      ...brokenNotes(scores),
    ],
  };
  return { ...view, summary: summarize(view) };
}

/** What becomes of scores that no axis has room for: a sample is flagged when its score is above the threshold. */
function brokenNotes(scores: ArrayLike<number>): string[] {
  const kinds: [name: string, flagged: string, is: (score: number) => boolean][] = [
    ['NaN', 'is above no threshold, counts as not flagged', Number.isNaN],
    ['−∞', 'is above no threshold, counts as not flagged', (score) => score === -Infinity],
    ['∞', 'is above every threshold, counts as flagged', (score) => score === Infinity],
  ];
  return kinds.flatMap(([name, flagged, is]) => {
    const found = Array.from(scores, (score, i) => (is(score) ? i : -1)).filter((i) => i >= 0);
    if (found.length === 0) return [];
    const which = found.length === 1 ? `that of ${rowName(found[0]!)}` : `the first is that of ${rowName(found[0]!)}`;
    return [
      `${counted(found.length, 'score')} ${name} (${which}): ${name} ${flagged}, and has no place in the histogram.`,
    ];
  });
}

/** Indices of the highest scores; where anomalies are known, of normal samples and of anomalies that are scored wrongly most. */
function casesOf(scores: ArrayLike<number>, anomalous: ArrayLike<boolean> | null): number[] {
  const order = Array.from({ length: scores.length }, (_, i) => i)
    .filter((i) => !Number.isNaN(scores[i]!))
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  const highest = order.slice(0, CASES);
  if (!anomalous) return highest;
  const alarms = order.filter((i) => !anomalous[i]).slice(0, CASES);
  const missed = order
    .filter((i) => anomalous[i])
    .reverse()
    .slice(0, CASES);
  return [...new Set([...highest, ...alarms, ...missed])];
}

function summarize({
  title,
  scores,
  anomalous,
  total,
  threshold,
  areaUnderRoc,
  sampleShape,
  score,
}: AnomaliesView): string {
  const values = decode(scores);
  const flagged = values.filter((one) => one > threshold).length;
  const share = percent(flagged / Math.max(1, values.length));
  const parts = [
    `${title}: ${share} of ${counted(total, 'sample')} lie above the threshold ${quantity(threshold)} (${score})`,
  ];
  if (anomalous && areaUnderRoc !== null) {
    const { recall, falsePositiveRate } = ratesOf(confusionAt(values, decode(anomalous), threshold));
    parts.push(`area under the ROC curve ${areaUnderRoc.toFixed(3)}`);
    parts.push(`${percent(recall)} of the anomalies and ${percent(falsePositiveRate)} of the normal samples`);
  }
  return `${parts.join('; ')}${drawnChannels(sampleShape)}.`;
}
