/** What a decoder makes of a latent point when one dimension after the other moves. */
import { randomUUID } from 'node:crypto';
import {
  dataset,
  flag,
  list,
  modelWith,
  object,
  optional,
  takes,
  text,
  whole,
  type Kind,
} from '../../autoencoders/arguments';
import { DiagonalGaussian, traverse as decodedAlong } from '../../autoencoders/index';
import type { Dataset, GaussianPosterior } from '../../autoencoders/index';
import type { ViewRequest, ViewResult } from '../../protocol';
import * as views from '../../views/index';
import { MIME, type Sample } from '../../views/index';
import { count, latentName, rowName } from '../../views/wording';
import { currentSession } from '../current';
import { drawnLayout, drawnShape } from './drawnShape';
import { decodeAll, read, viewOf, type LatentModel, type View } from './modelViews';
import { captions } from './shownClasses';

/** Options of {@link traverse}. */
export interface TraverseOptions {
  title?: string;
  /**
   * Tells how much each dimension carries, and where to start: dimensions are sorted by their mean Kullback–Leibler
   * divergence to N(0, 1) over it, in nats; for models without a posterior, by the variance of their latents. Without data
   * they are sorted by how much the decoded sample changes.
   */
  data?: Dataset;
  /**
   * The point that stays where it is but for one dimension: `'mean'` of the encoded data, `'zero'`, the number of a row of
   * the data (from 0), or k numbers. Default `'mean'` with data, `'zero'` without.
   */
  around?: 'mean' | 'zero' | number | readonly number[];
  /** Dimensions that the view has, those that carry most. Default 16. */
  dimensions?: number;
  /** Values of each dimension. Default 9. */
  steps?: number;
  /**
   * From where to where each dimension goes: [low, high], or [−r, r] for a number r. Default −3 … 3 for posteriors beside
   * N(0, 1), otherwise the 1 % and 99 % quantiles of the encoded data.
   */
  range?: number | readonly [number, number];
  /** Every sample at its full size, as for `reconstructions`. */
  full?: boolean;
  /** The class with which to decode points, if the model has classes. Default −1: unknown. */
  label?: number;
}

/** A model of a Gaussian posterior, which tells what each dimension carries. */
type Traversed = LatentModel & { posterior?(data: Dataset): GaussianPosterior };

type LatentSpace = Parameters<typeof decodedAlong>[0];

/** Rows of the data that can be started from without a kernel's knowing more. */
const ROWS = 8;
const MOST_DECODED = 1024;

/**
 * A slider for each latent dimension, and the samples along it; decoded live around any point while the kernel runs.
 *
 * ```ts
 * await traverse(vae, { data: heldOut })
 * await traverse(vae, { data: heldOut, around: 3, steps: 11 })
 * ```
 */
export function traverse(model: Traversed, options?: TraverseOptions): Promise<View<views.TraversalView>>;
/** The same as numbers: decoded rows along each dimension in turn, the others as they are in z. */
export function traverse(
  model: LatentSpace,
  z: ArrayLike<number>,
  options?: Parameters<typeof decodedAlong>[2],
): ReturnType<typeof decodedAlong>;
export function traverse(
  model: Traversed | LatentSpace,
  second: TraverseOptions | ArrayLike<number> = {},
  options?: Parameters<typeof decodedAlong>[2],
): Promise<View<views.TraversalView>> | ReturnType<typeof decodedAlong> {
  if (list(second) === undefined) return decodedAlong(model, second as ArrayLike<number>, options);
  return traversalOf(model as Traversed, second as TraverseOptions);
}

async function traversalOf(model: Traversed, options: TraverseOptions): Promise<View<views.TraversalView>> {
  takes('traverse', ['model', model, modelWith('encode', 'decode')], ['options', options, object()]);
  const { data, around, dimensions = 16, steps = 9, range, label = -1, full } = options;
  takes('traverse', ['title', options.title, optional(text)], ['data', data, optional(dataset)]);
  takes('traverse', ['dimensions', dimensions, whole(1)], ['steps', steps, whole(2)], ['full', full, optional(flag)]);
  takes('traverse', ['label', label, whole(-1)], ['range', range, optional(interval)]);
  const k = model.latentDimensions;
  takes('traverse', ['around', around, optional(placeOf(k, data))]);
  const known = data && (await latentsOf(model, data));
  const anchors = anchorsOf(around, k, data, known);
  const ends = (index: number) => endsOf(index, range, k, known);
  const z = anchors[0]!.z;
  const { measure, values } = known ?? (await changes(model, z, ends, label));
  const order = Array.from({ length: k }, (_, index) => index).sort((a, b) => values[b]! - values[a]! || a - b);
  const shown = order.slice(0, dimensions).map((index): views.TraversedDimension => {
    const [low, high] = ends(index);
    return { index, name: latentName(index + 1), value: values[index]!, low, high };
  });
  const points = views.traversalPoints(z, shown, steps);
  const id = randomUUID();
  const view = views.traversal({
    id,
    title: options.title ?? `Latent traversal of ${model.name}`,
    sampleShape: drawnShape(model.inputShape),
    layout: drawnLayout(model.inputShape),
    dimensions: shown,
    measure,
    latentDimensions: k,
    anchors,
    steps,
    samples: await decodeAll(model, points, label),
    decodes: true,
    full,
  });
  currentSession().views.register(id, (request) => answered(model, request, label));
  return viewOf(MIME.traversal, view);
}

interface Latents {
  /** [n · k] row-major: posterior means. */
  mu: Float32Array;
  n: number;
  measure: string;
  /** [k] */
  values: number[];
  /** Whether the prior is N(0, 1) in each dimension. */
  isGaussian: boolean;
}

async function latentsOf(model: Traversed, data: Dataset): Promise<Latents> {
  const k = model.latentDimensions;
  const n = data.length;
  const q = typeof model.posterior === 'function' ? model.posterior(data) : undefined;
  if (q instanceof DiagonalGaussian) {
    const [mu, logVar] = [Float32Array.from(await q.mu.data()), await q.logVar.data()];
    q.dispose();
    const values = perDimension(mu, k, (m, i) => {
      const v = logVar[logVar.length === mu.length ? i : i % logVar.length]!;
      return (m * m + Math.exp(v) - 1 - v) / 2;
    });
    return { mu, n, measure: 'KL divergence, nats', values, isGaussian: true };
  }
  const isGaussian = q !== undefined;
  q?.dispose();
  const mu = await read(model.encode(data));
  const means = perDimension(mu, k, (m) => m);
  const values = perDimension(mu, k, (m, i) => (m - means[i % k]!) ** 2);
  return { mu, n, measure: 'variance', values, isGaussian };
}

/** [k] means over the rows. */
function perDimension(mu: Float32Array, k: number, of: (m: number, place: number) => number): number[] {
  const sums = new Array<number>(k).fill(0);
  for (let i = 0; i < mu.length; i++) sums[i % k]! += of(mu[i]!, i);
  return sums.map((sum) => sum / (mu.length / k));
}

/** By how much each dimension changes what is decoded, from one end to the other: the mean squared difference. */
async function changes(
  model: LatentModel,
  z: readonly number[],
  ends: (index: number) => [number, number],
  label: number,
): Promise<{ measure: string; values: number[] }> {
  const points = z.flatMap((_, index) => ends(index).map((end) => z.map((value, j) => (j === index ? end : value))));
  const decoded = await decodeAll(model, points, label);
  const width = decoded.length / points.length;
  const values = z.map((_, index) => {
    let sum = 0;
    for (let i = 0; i < width; i++) {
      sum += (decoded[(2 * index + 1) * width + i]! - decoded[2 * index * width + i]!) ** 2 / width;
    }
    return sum;
  });
  return { measure: 'change of the decoded sample', values };
}

function anchorsOf(
  around: TraverseOptions['around'],
  k: number,
  data: Dataset | undefined,
  known: Latents | undefined,
): views.TraversalAnchor[] {
  const zero = { name: '0', z: new Array<number>(k).fill(0) };
  if (!data || !known)
    return Array.isArray(around) ? [{ name: 'the given point', z: [...(around as number[])] }, zero] : [zero];
  const mean = { name: `the mean of ${count(known.n)} encoded samples`, z: perDimension(known.mu, k, (m) => m) };
  const names = captions(data);
  const row = (i: number) => ({
    name: names[i] === undefined ? rowName(i) : `${rowName(i)} · ${names[i]}`,
    z: Array.from(known.mu.subarray(i * k, (i + 1) * k)),
  });
  const rows = Array.from({ length: Math.min(ROWS, known.n) }, (_, i) => i);
  if (typeof around === 'number') return [row(around), mean, zero, ...rows.filter((i) => i !== around).map(row)];
  const others = [mean, zero, ...rows.map(row)];
  if (Array.isArray(around)) return [{ name: 'the given point', z: [...(around as number[])] }, ...others];
  return around === 'zero' ? [zero, mean, ...others.slice(2)] : others;
}

function endsOf(
  index: number,
  range: TraverseOptions['range'],
  k: number,
  known: Latents | undefined,
): [number, number] {
  if (typeof range === 'number') return [-range, range];
  if (range) return [range[0], range[1]];
  if (!known || known.isGaussian) return [-3, 3];
  const values = Array.from({ length: known.n }, (_, i) => known.mu[i * k + index]!).sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))]!;
  const [low, high] = [at(0.01), at(0.99)];
  return low < high ? [low, high] : [low - 1, high + 1];
}

const interval: Kind = (value) => {
  const isPair = Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];
  const isReach = typeof value === 'number' && Number.isFinite(value) && value > 0;
  return isPair || isReach ? undefined : 'a number above 0, or [low, high] with low below high';
};

const placeOf =
  (k: number, data: Dataset | undefined): Kind =>
  (value) => {
    if (value === 'zero') return undefined;
    if (Array.isArray(value)) {
      return value.length === k && value.every(Number.isFinite) ? undefined : `a point of ${k} finite numbers`;
    }
    if (!data) return '"zero" or a point of the latent space, since there is no "data" to start from';
    if (value === 'mean') return undefined;
    const isRow = Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < data.length;
    return isRow ? undefined : `"mean", "zero", the number of a row from 0 to ${data.length - 1}, or ${k} numbers`;
  };

async function answered(model: LatentModel, request: ViewRequest, label: number): Promise<ViewResult> {
  if (request.kind !== 'decodeAll') throw new Error(`A traversal does not answer "${request.kind}".`);
  const { z } = request;
  const k = model.latentDimensions;
  const isPoints =
    z.length > 0 && z.length <= MOST_DECODED && z.every((one) => one.length === k && one.every(Number.isFinite));
  if (!isPoints) {
    throw new Error(
      `${model.name} decodes 1 to ${MOST_DECODED} points of ${k} finite numbers each; found ${z.length}.`,
    );
  }
  const decoded = await decodeAll(model, z, label);
  const { shape, samples } = views.fitSamples([decoded], drawnShape(model.inputShape), ['decoded points'], {
    keepAll: true,
    room: LIVE_ROOM,
  });
  const sample: Sample = { shape, values: samples[0]! };
  return { kind: 'decoded', sample };
}

/** Characters of an answer, so that it comes at once. */
const LIVE_ROOM = 400_000;
