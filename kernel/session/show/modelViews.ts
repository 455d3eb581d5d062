/** The functions with which a cell looks into a model: they take numbers from it and build the views. */
import { randomUUID } from 'node:crypto';
import type * as tf from '@tensorflow/tfjs';
import { dataset, flag, modelWith, object, optional, takes, whole } from '../../autoencoders/arguments';
import type { Dataset, SampleShape, TrainingHistory } from '../../autoencoders/index';
import * as views from '../../views/index';
import { MIME } from '../../views/index';
import { drawnLayout, drawnShape } from './drawnShape';
import { fingerprintOf } from './fingerprint';
import { captions } from './shownClasses';
import { read, squaredError } from './latentScatter/model';
import { viewOf, type View } from './view';

export {
  latentFrames,
  latentScatter,
  type LatentFrames,
  type LatentFramesOptions,
  type ColouredRow,
  type ColourSource,
  type ColourValue,
  type LatentModel,
  type LatentScatterOptions,
  type LatentSelection,
} from './latentScatter';
export { decodeAll, read } from './latentScatter/model';
export { viewOf, type View } from './view';

/** Makes something of its input again. */
export interface ReconstructingModel {
  readonly name: string;
  /** [n, d] → [n, d]. */
  reconstruct(data: Dataset): tf.Tensor2D;
}

/** Draws from its prior. */
export interface GenerativeModel {
  readonly name: string;
  readonly inputShape: SampleShape;
  /** Samples drawn from the prior and decoded: [count, d]. */
  sample(count: number, options?: { seed?: number }): tf.Tensor2D;
}

// --- reconstructions ----------------------------------------------------------------------------------------------

/** Options of {@link reconstructions}. */
export interface ReconstructionsOptions {
  title?: string;
  /** Samples shown, the first of the data; the errors in the captions are over all of it. Default 10. */
  count?: number;
  /**
   * Keeps every sample at its full size. Default: to keep an output below 300 kB, large images are drawn smaller and
   * then samples are left out; the figure says so.
   */
  full?: boolean;
  /**
   * Frames of images that are film strips, one below the other. Default: where the height is three or more times the
   * width, square ones; 1: no strip.
   */
  frames?: number;
}

/** Data beside what each model makes of it, with the squared error of each sample and over the whole of the data. */
export async function reconstructions(
  models: ReconstructingModel | ReconstructingModel[],
  data: Dataset,
  options: ReconstructionsOptions = {},
): Promise<View<views.ReconstructionsView>> {
  for (const model of [models].flat()) takes('reconstructions', ['model', model, modelWith('reconstruct')]);
  takes('reconstructions', ['data', data, dataset], ['options', options, object()]);
  takes('reconstructions', ['count', options.count, optional(whole(1))]);
  takes('reconstructions', ['full', options.full, optional(flag)]);
  takes('reconstructions', ['frames', options.frames, optional(whole(1))]);
  const shown = data.take(Math.min(options.count ?? 10, data.length));
  const methods = [];
  for (const model of [models].flat()) {
    const all = await read(model.reconstruct(data));
    const heldOut = { meanSquaredError: squaredError(data.values, all) / data.length, count: data.length };
    methods.push({ name: model.name, samples: all.subarray(0, shown.values.length), heldOut });
  }
  const view = views.reconstructions({
    id: randomUUID(),
    title: options.title,
    data: fingerprintOf(data),
    sampleShape: drawnShape(data.shape),
    inputs: shown.values,
    methods,
    labels: captions(shown),
    full: options.full,
    layout: drawnLayout(data.shape, options.frames),
    ...(data.standardization && { standardization: data.standardization }),
  });
  return viewOf(MIME.reconstructions, view);
}

/** Draws from a model's prior, decoded; `full` as for {@link reconstructions}. */
export async function samples(
  model: GenerativeModel,
  options: { count?: number; seed?: number; title?: string; full?: boolean } = {},
): Promise<View<views.ReconstructionsView>> {
  takes('samples', ['model', model, modelWith('sample')], ['options', options, object()]);
  takes('samples', ['full', options.full, optional(flag)]);
  takes('samples', ['count', options.count, optional(whole(1))]);
  const drawn = await read(model.sample(options.count ?? 20, { seed: options.seed }));
  const view = views.reconstructions({
    id: randomUUID(),
    title: options.title ?? `Samples of ${model.name}`,
    sampleShape: drawnShape(model.inputShape),
    inputs: null,
    methods: [{ name: model.name, samples: drawn }],
    full: options.full,
    layout: drawnLayout(model.inputShape),
  });
  return viewOf(MIME.reconstructions, view);
}

// --- losses ------------------------------------------------------------------------------------------------------

/** The loss curves of a training that has ended; one under way shows them by itself. */
export function lossCurves(history: TrainingHistory): View<views.LossCurvesView> {
  takes('lossCurves', ['history', history, object('title', 'unit', 'series', 'progress')]);
  return viewOf(MIME.lossCurves, views.lossCurves(history, { id: randomUUID() }));
}
