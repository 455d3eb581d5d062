/** The functions with which a cell looks into a model: they take numbers from it and build the views. */
import { randomUUID } from 'node:crypto';
import type * as tf from '@tensorflow/tfjs';
import { dataset, modelWith, object, optional, takes, whole } from '../../autoencoders/arguments';
import { codebookUsage } from '../../autoencoders/index';
import type { Dataset, SampleInput, SampleShape, TrainingHistory } from '../../autoencoders/index';
import * as views from '../../views/index';
import { MIME } from '../../views/index';
import { drawnShape } from './drawnShape';
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
  sample(count: number, options?: { seed?: number }): tf.Tensor2D;
}

/** Quantises its latents with a codebook of K codes. */
export interface CodebookModel {
  readonly name: string;
  readonly codebookSize: number;
  /** S, codes of one position, each of a codebook of its own. Default 1. */
  readonly stages?: number;
  /** int32 [n, positions · S]: the nearest code at each position. */
  codes(data: SampleInput): tf.Tensor2D;
}

// --- reconstructions ----------------------------------------------------------------------------------------------

export interface ReconstructionsOptions {
  title?: string;
  /** Samples shown, the first of the data; the errors in the captions are over all of it. Default 10. */
  count?: number;
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
    sampleShape: drawnShape(data.shape),
    inputs: shown.values,
    methods,
    labels: captions(shown),
  });
  return viewOf(MIME.reconstructions, view);
}

/** Draws from a model's prior, decoded. */
export async function samples(
  model: GenerativeModel,
  options: { count?: number; seed?: number; title?: string } = {},
): Promise<View<views.ReconstructionsView>> {
  takes('samples', ['model', model, modelWith('sample')], ['options', options, object()]);
  takes('samples', ['count', options.count, optional(whole(1))]);
  const drawn = await read(model.sample(options.count ?? 20, { seed: options.seed }));
  const view = views.reconstructions({
    id: randomUUID(),
    title: options.title ?? `Samples of ${model.name}`,
    sampleShape: drawnShape(model.inputShape),
    inputs: null,
    methods: [{ name: model.name, samples: drawn }],
  });
  return viewOf(MIME.reconstructions, view);
}

// --- codebook and losses ------------------------------------------------------------------------------------------

/**
 * How often each code of the codebook is the nearest over a whole data set.
 *
 * @param options.stage whose codebook, from 0, of a residual quantiser
 */
export async function codebookHistogram(
  model: CodebookModel,
  data: Dataset,
  options: { title?: string; stage?: number } = {},
): Promise<View<views.CodebookHistogramView>> {
  takes(
    'codebookHistogram',
    ['model', model, modelWith('codes')],
    ['data', data, dataset],
    ['options', options, object()],
  );
  const { counts, positions } = await codebookUsage(model, data, options.stage);
  const view = views.codebookHistogram({
    id: randomUUID(),
    title: options.title ?? `Codebook usage of ${model.name}`,
    counts,
    window: `${data.length.toLocaleString('en-US')} samples × ${positions} codes`,
  });
  return viewOf(MIME.codebookHistogram, view);
}

/** The loss curves of a training that has ended; one under way shows them by itself. */
export function lossCurves(history: TrainingHistory): View<views.LossCurvesView> {
  takes('lossCurves', ['history', history, object('title', 'unit', 'series', 'progress')]);
  return viewOf(MIME.lossCurves, views.lossCurves(history, { id: randomUUID() }));
}
