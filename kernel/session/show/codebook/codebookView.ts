/** A codebook and what a data set does with it. */
import { randomUUID } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import { dataset, modelWith, object, optional, takes, whole } from '../../../autoencoders/arguments';
import { PCA } from '../../../autoencoders/index';
import type { Dataset, SampleInput, TrainingHistory } from '../../../autoencoders/index';
import type { ViewRequest, ViewResult } from '../../../protocol';
import * as views from '../../../views/index';
import { MIME } from '../../../views/index';
import { currentSession } from '../../current';
import { viewOf, type View } from '../modelViews';
import { codeMapsOf, nearestPlaces, patchesOf, savedPatches, type CodedImages } from './patches';

/** Quantises its latents with a codebook of K codes. */
export interface CodebookModel {
  readonly name: string;
  /** K. */
  readonly codebookSize: number;
  /** S, the number of codes per position, each with its own codebook. Default 1. */
  readonly stages?: number;
  /** Codes along each axis of an image, where it has such. */
  readonly codeGrid?: readonly number[];
  /** The vectors of the codes, [S·K, D], stage after stage. */
  readonly codebook?: tf.Tensor2D;
  /** int32 [n, positions · S]: the nearest code at each position. */
  codes(data: SampleInput): tf.Tensor2D;
  /** ‖z_e − z_q‖² at each position, [n, positions]. */
  quantizationErrors?(data: SampleInput): tf.Tensor2D;
}

/** Options of {@link codebookHistogram}. */
export interface CodebookOptions {
  title?: string;
  /** Whose codebook, from 0, of a residual quantiser. */
  stage?: number;
  /** Images whose codes are shown as a map. Default 6. */
  images?: number;
  /** The training whose course of use is shown beside. */
  history?: TrainingHistory;
}

/**
 * How often each code of the codebook is the nearest over a whole data set; where codes lie among each other; and of
 * images, the regions that each code was given, and the maps of their codes. With the `history` of a training, how use
 * went over it.
 */
export async function codebookHistogram(
  model: CodebookModel,
  data: Dataset,
  options: CodebookOptions = {},
): Promise<View<views.CodebookHistogramView>> {
  takes(
    'codebookHistogram',
    ['model', model, modelWith('codes')],
    ['data', data, dataset],
    ['options', options, object()],
  );
  takes('codebookHistogram', ['images', options.images, optional(whole(0))]);
  takes('codebookHistogram', ['history', options.history, optional(object('figures', 'series'))]);
  const { codebookSize, stages = 1 } = model;
  const { stage = 0, history } = options;
  takes('codebookHistogram', ['stage', stage, whole(0)]);
  if (stage >= stages) {
    throw new RangeError(`codebookHistogram: stages are counted from 0 to ${stages - 1}; found ${stage}.`);
  }
  const all = Int32Array.from(await read(model.codes(data)));
  const codes = stages === 1 ? all : all.filter((_, i) => i % stages === stage);
  const counts = new Int32Array(codebookSize);
  for (const code of codes) counts[code]! += 1;
  const images = await codedImages(model, data, codes);
  const places = images && nearestPlaces(images, codebookSize);
  const id = randomUUID();
  const view = views.codebookHistogram({
    id,
    title: options.title ?? `Codebook usage of ${model.name}`,
    counts,
    window: `${data.length.toLocaleString('en-US')} samples × ${codes.length / data.length} codes`,
    plane: await planeOf(model, stage),
    patches: places && savedPatches(images, places, counts),
    maps: images && codeMapsOf(images, options.images ?? 6),
    course: history?.figures,
  });
  if (places) currentSession().views.register(id, (request) => answer(request, images, places));
  return viewOf(MIME.codebookHistogram, view);
}

function answer(request: ViewRequest, images: CodedImages, places: readonly Int32Array[]): ViewResult {
  if (request.kind !== 'patches') throw new Error(`A codebook does not answer "${request.kind}".`);
  const { code } = request;
  const own = places[code];
  if (!own) throw new Error(`There are codes from 0 to ${places.length - 1}; found ${code}.`);
  const patches = patchesOf(images, places.map((_, i) => (i === code ? own : own.subarray(0, 0)))); // prettier-ignore
  return { kind: 'patches', patches: own.length > 0 ? patches : null };
}

/** Undefined for data that are no images, and codes that lie on no grid. */
async function codedImages(model: CodebookModel, data: Dataset, codes: Int32Array): Promise<CodedImages | undefined> {
  const { shape } = data;
  const [rows, columns, ...others] = model.codeGrid ?? [];
  if (shape.kind !== 'image' || rows === undefined || columns === undefined || others.length > 0) return undefined;
  if (rows * columns * data.length !== codes.length) return undefined;
  // Errors of several stages are of what all of them leave.
  const isKnown = model.quantizationErrors !== undefined && (model.stages ?? 1) === 1;
  const errors = isKnown ? await read(model.quantizationErrors!(data)) : undefined;
  return { shape, values: Float32Array.from(data.values), grid: [rows, columns], codes, errors };
}

/** Codes that are laid out at most: of more, a figure has no room. */
const MOST_CODES = 65_536;

async function planeOf(model: CodebookModel, stage: number): Promise<views.CodePlane | undefined> {
  const { codebookSize: K } = model;
  if (K < 3 || K > MOST_CODES) return undefined;
  // Some models make it when they are asked for it, others have it: a copy is ours in any case.
  const codebook = tf.tidy(() => model.codebook?.clone());
  if (!codebook) return undefined;
  const [, D] = codebook.shape;
  const vectors = (await read(codebook)).subarray(stage * K * D, (stage + 1) * K * D);
  if (!vectors.every(Number.isFinite)) return undefined;
  const rows = Array.from({ length: K }, (_, k) => Array.from(vectors.subarray(k * D, (k + 1) * D)));
  const pca = await PCA.fit(rows, Math.min(2, D));
  const z = await read(pca.encode(rows));
  const points = D === 1 ? Float32Array.from({ length: 2 * K }, (_, i) => (i % 2 === 0 ? z[i / 2]! : 0)) : z;
  return { points: views.encode('float32', points, [K, 2]), explained: pca.explainedVarianceRatio };
}

/** A tensor's numbers; frees the tensor. Not every device can be read synchronously. */
async function read(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}
