/** What a model has not learned: scores of data, a threshold, and how well both tell anomalies. */
import { randomUUID } from 'node:crypto';
import {
  dataset,
  finite,
  flag,
  list,
  modelWith,
  object,
  optional,
  takes,
  text,
  type Kind,
} from '../../autoencoders/arguments';
import { anomalyScores, rocCurve } from '../../autoencoders/index';
import type { AnomalyScoreOptions, Dataset } from '../../autoencoders/index';
import * as views from '../../views/index';
import { MIME } from '../../views/index';
import { counted } from '../../views/wording';
import { drawnLayout, drawnShape } from './drawnShape';
import { fingerprintOf } from './fingerprint';
import { read, viewOf, type ReconstructingModel, type View } from './modelViews';
import { captions } from './shownClasses';

/** Options of {@link anomalies}. */
export interface AnomaliesOptions extends AnomalyScoreOptions {
  title?: string;
  /** Data without anomalies that the model was not trained on: the threshold comes from their scores. */
  normal?: Dataset;
  /** The share of normal samples that stays below the threshold. Default 0.95. */
  quantile?: number;
  /** The threshold itself, instead. */
  threshold?: number;
  /**
   * Which samples are anomalies, where that is known, for the ROC curve: names or numbers of classes of the data, or a list
   * of true and false, one for each sample.
   */
  anomalous?: string | number | readonly (string | number)[] | readonly boolean[];
  /** The cases at their full size, as for `reconstructions`. */
  full?: boolean;
}

type ScoredModel = Parameters<typeof anomalyScores>[0] & { readonly name?: string };

const SCORES = {
  reconstruction: { score: 'squared error', unit: '' },
  elbo: { score: 'negative bound', unit: 'nats' },
  likelihoodRegret: { score: 'likelihood regret', unit: 'nats' },
} as const;

/**
 * Scores of data as histograms with a threshold to move, ROC and precision–recall curves where anomalies are known, and the
 * cases that are scored highest or most wrongly, beside what the model makes of them.
 *
 * ```ts
 * await anomalies(vae, test, { normal: heldOut, anomalous: ['Bag', 'Sandal'] })
 * ```
 */
export async function anomalies(
  model: ScoredModel,
  data: Dataset,
  options: AnomaliesOptions = {},
): Promise<View<views.AnomaliesView>> {
  takes('anomalies', ['model', model, modelWith()], ['data', data, dataset], ['options', options, object()]);
  const { title, normal, quantile = 0.95, threshold, anomalous, full, ...scoring } = options;
  takes('anomalies', ['title', title, optional(text)], ['normal', normal, optional(dataset)]);
  takes('anomalies', ['quantile', quantile, share], ['threshold', threshold, optional(finite)]);
  takes('anomalies', ['anomalous', anomalous, optional(anomaliesOf(data))], ['full', full, optional(flag)]);
  const known = anomalous === undefined ? null : flagsOf(anomalous, data);
  const scores = await anomalyScores(model, data, scoring);
  const reference = normal ? await anomalyScores(model, normal, scoring) : null;
  const found = threshold === undefined ? thresholdOf(scores, known, reference, quantile) : undefined;
  const broken = scores.findIndex((score) => Number.isNaN(score));
  const area = known && broken < 0 ? rocCurve(scores, known).areaUnderCurve : null;
  const view = await views.anomalies({
    id: randomUUID(),
    title: title ?? `Anomalies by ${model.name ?? 'the model'}`,
    ...SCORES[scoring.score ?? 'reconstruction'],
    scores,
    anomalous: known,
    reference,
    threshold: threshold ?? found!.threshold,
    thresholdSource: found?.source ?? 'as given',
    areaUnderRoc: area,
    data: fingerprintOf(data),
    sampleShape: drawnShape(data.shape),
    layout: drawnLayout(data.shape),
    values: data.values,
    reconstruct:
      'reconstruct' in model ? (indices) => reconstructed(model as ReconstructingModel, data, indices) : null,
    labels: captions(data),
    full,
  });
  return viewOf(MIME.anomalies, view);
}

function reconstructed(model: ReconstructingModel, data: Dataset, indices: number[]): Promise<Float32Array> {
  return indices.length === 0 ? Promise.resolve(new Float32Array()) : read(model.reconstruct(data.select(indices)));
}

/** The least score that this share of the normal samples does not exceed, as `AnomalyDetector.fit` has it. */
function thresholdOf(
  scores: Float32Array,
  known: boolean[] | null,
  reference: Float32Array | null,
  quantile: number,
): { threshold: number; source: string } {
  const normal = reference ?? (known ? scores.filter((_, i) => !known[i]) : scores);
  const sorted = normal.filter(Number.isFinite).sort();
  const threshold = sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(quantile * sorted.length) - 1))] ?? 0;
  const whose =
    known && !reference
      ? `${sorted.length.toLocaleString('en-US')} normal samples of the data`
      : counted(sorted.length, reference ? 'normal sample' : 'sample');
  return { threshold, source: `the ${Number((100 * quantile).toPrecision(4))} % quantile of ${whose}` };
}

const share: Kind = (value) =>
  typeof value === 'number' && value > 0 && value < 1 ? undefined : 'a number between 0 and 1';

const anomaliesOf =
  (data: Dataset): Kind =>
  (value) => {
    if (isFlags(value)) {
      return value.length === data.length ? mixed(value) : `${data.length} of true and false, one for each sample`;
    }
    if (!data.labels) return 'a list of true and false, since the data have no labels';
    const names = [value].flat() as unknown[];
    const classes = data.classNames.length || 1 + data.labels.reduce((most, label) => Math.max(most, label), 0);
    const isClass = (one: unknown) =>
      typeof one === 'string'
        ? data.classNames.includes(one)
        : Number.isSafeInteger(one) && (one as number) >= 0 && (one as number) < classes;
    const known =
      data.classNames.length > 0
        ? data.classNames.map((name) => JSON.stringify(name)).join(', ')
        : `0 to ${classes - 1}`;
    if (names.length === 0 || !names.every(isClass)) return `classes of the data (${known})`;
    return mixed(flagsOf(names as (string | number)[], data));
  };

const isFlags = (value: unknown): value is ArrayLike<boolean> =>
  list(value) === undefined &&
  (value as unknown[]).length > 0 &&
  Array.prototype.every.call(value, (one) => typeof one === 'boolean');

function mixed(flags: ArrayLike<boolean>): string | undefined {
  const positives = Array.prototype.filter.call(flags, Boolean).length;
  return positives > 0 && positives < flags.length
    ? undefined
    : 'such that there are both anomalies and normal samples';
}

function flagsOf(anomalous: NonNullable<AnomaliesOptions['anomalous']>, { labels, classNames }: Dataset): boolean[] {
  if (isFlags(anomalous)) return Array.from(anomalous);
  const chosen = ([anomalous].flat() as (string | number)[]).map((one) =>
    typeof one === 'string' ? classNames.indexOf(one) : one,
  );
  return Array.from(labels ?? [], (label) => chosen.includes(label));
}
