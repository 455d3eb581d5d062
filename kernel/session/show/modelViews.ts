/** The functions with which a cell looks into a model: they take numbers from it and build the views. */
import { randomUUID } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import { dataset, flag, modelWith, object, optional, takes, whole } from '../../autoencoders/arguments';
import type { Dataset, SampleShape, TrainingHistory } from '../../autoencoders/index';
import type { MimeBundle, ViewRequest, ViewResult } from '../../protocol';
import * as views from '../../views/index';
import { MIME, type Sample } from '../../views/index';
import { currentSession } from '../current';
import { JUPYTER_DISPLAY } from './display';
import { drawnLayout, drawnShape } from './drawnShape';
import { captions, shownClasses } from './shownClasses';

/** A view as a cell's value: shown where it is the last expression, or by `display`. */
export interface View<T> {
  /** What the renderers draw, as plain data. */
  readonly view: T;
  [JUPYTER_DISPLAY](): MimeBundle;
}

export function viewOf<M extends keyof views.ViewByMime>(
  mime: M,
  view: views.ViewByMime[M],
): View<views.ViewByMime[M]> {
  return { view, [JUPYTER_DISPLAY]: () => views.bundle(mime, view) };
}

/** Has a latent space that can be looked at: autoencoders, VAEs, PCA. */
export interface LatentModel {
  readonly name: string;
  readonly inputShape: SampleShape;
  readonly latentDimensions: number;
  /** C, where it looks at classes. */
  readonly classes?: number | null;
  /** [n, d] → [n, k]. */
  encode(data: Dataset): tf.Tensor2D;
  /** [n, k] → [n, d]; a model of classes is told that of all. */
  decode(z: tf.Tensor2D, options?: { labels?: number }): tf.Tensor2D;
}

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

// --- latent scatter -----------------------------------------------------------------------------------------------

export interface LatentScatterOptions {
  title?: string;
  /** Points along each axis of the decoded grid that the saved view carries; 0 for none. Default 12. */
  grid?: number;
  /** Points that the saved view carries at most, a fair sample of all. Default 20,000; fewer above 100 dimensions. */
  limit?: number;
  /** The class that points are decoded as, of a model that looks at classes. Default −1: it is not known. */
  label?: number;
}

/** The latent space of a model: where it puts the data (posterior means), and what it decodes there, live. */
export async function latentScatter(
  model: LatentModel,
  data: Dataset,
  options: LatentScatterOptions = {},
): Promise<View<views.LatentScatterView>> {
  const latent = modelWith('encode', 'decode');
  takes('latentScatter', ['model', model, latent], ['data', data, dataset], ['options', options, object()]);
  takes('latentScatter', ['grid', options.grid, optional(whole(0))], ['limit', options.limit, optional(whole(1))]);
  takes('latentScatter', ['label', options.label, optional(whole(-1))]);
  const { label = -1 } = options;
  const id = randomUUID();
  const points = await read(model.encode(data));
  const size = options.grid ?? 12;
  const view = views.latentScatter({
    id,
    title: options.title ?? `Latent space of ${model.name}`,
    points,
    dimensions: model.latentDimensions,
    ...shownClasses(data),
    sampleShape: drawnShape(model.inputShape),
    decodes: true,
    grid: size > 1 && model.latentDimensions >= 2 ? await decodedGrid(model, points, size, label) : null,
    limit: options.limit,
  });
  currentSession().views.register(id, (request) => decoded(model, request, label));
  return viewOf(MIME.latentScatter, view);
}

async function decodedGrid(
  model: LatentModel,
  points: Float32Array,
  size: number,
  label: number,
): Promise<views.LatentScatterInput['grid']> {
  const { xs, ys } = views.gridAxes(points, model.latentDimensions, size);
  const rest = new Array<number>(model.latentDimensions - 2).fill(0);
  const z = ys.flatMap((y) => xs.map((x) => [x, y, ...rest]));
  return { xs, ys, samples: await decodeAll(model, z, label) };
}

async function decoded(model: LatentModel, request: ViewRequest, label: number): Promise<ViewResult> {
  if (request.kind !== 'decode') throw new Error(`A latent scatter answers no "${request.kind}" request.`);
  const { z } = request;
  if (z.length !== model.latentDimensions || !z.every(Number.isFinite)) {
    throw new Error(
      `${model.name} decodes points of ${model.latentDimensions} finite numbers; found [${z.join(', ')}].`,
    );
  }
  const shape = drawnShape(model.inputShape);
  const values = views.encodeSamples(await decodeAll(model, [z], label), shape, 'decoded point');
  const sample: Sample = { shape, values };
  return { kind: 'decoded', sample };
}

/** [n, d] of the points [n, k], row by row. */
export function decodeAll(model: LatentModel, z: number[][], label: number): Promise<Float32Array> {
  const options = typeof model.classes === 'number' ? { labels: label } : undefined;
  return read(tf.tidy(() => model.decode(tf.tensor2d(z), options)));
}

// --- reconstructions ----------------------------------------------------------------------------------------------

export interface ReconstructionsOptions {
  title?: string;
  /** Samples shown, the first of the data; the errors in the captions are over all of it. Default 10. */
  count?: number;
  /**
   * Every sample at its full size. Default: large images are made smaller and, if that does not do, samples left out, so
   * that an output stays below 300 kB; the figure says so.
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

/** Over the values that are there. */
function squaredError(x: Float32Array, xHat: Float32Array): number {
  return x.reduce((sum, value, i) => (Number.isNaN(value) ? sum : sum + (value - xHat[i]!) ** 2), 0);
}

// --- losses ------------------------------------------------------------------------------------------------------

/** The loss curves of a training that has ended; one under way shows them by itself. */
export function lossCurves(history: TrainingHistory): View<views.LossCurvesView> {
  takes('lossCurves', ['history', history, object('title', 'unit', 'series', 'progress')]);
  return viewOf(MIME.lossCurves, views.lossCurves(history, { id: randomUUID() }));
}

/** A tensor's numbers; frees the tensor. Not every device can be read synchronously. */
export async function read(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}
