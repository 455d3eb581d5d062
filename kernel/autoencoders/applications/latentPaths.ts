/** Ways through a latent space: interpolation, traversal, and the exchange of parts between samples. */
import * as tf from '@tensorflow/tfjs';
import { finite, modelWith, numbers, object, sampleInput, takes } from '../arguments';
import { labelled } from '../conditioning/labelledRows';
import type { Labelled } from '../conditioning/labelledRows';
import { widthOfInput } from '../samples';
import type { SampleInput } from '../samples';

/** Encodes and decodes. */
export interface LatentSpace {
  readonly latentDimensions: number;
  /** [n, d] → [n, k]. */
  encode(x: SampleInput, options?: Labelled): tf.Tensor2D;
  /** [n, k] → [n, d]. */
  decode(z: tf.Tensor2D, options?: Labelled): tf.Tensor2D;
}

/** (1 − t)·a + t·b. */
export function lerp(a: ArrayLike<number>, b: ArrayLike<number>, t: number): number[] {
  takes('lerp', ['a', a, numbers], ['b', b, numbers], ['t', t, finite]);
  sameLength('lerp', a, b);
  return Array.from(a, (value, i) => (1 - t) * value + t * b[i]!);
}

/**
 * Interpolates along the great circle from a to b (Shoemake 1985), with lengths interpolated linearly. Between draws of
 * N(0, I) in many dimensions this path stays where the prior has its mass, while {@link lerp} passes nearer to 0.
 * Opposite vectors and vectors of length 0 have no great circle; between them the path is straight.
 */
export function slerp(a: ArrayLike<number>, b: ArrayLike<number>, t: number): number[] {
  takes('slerp', ['a', a, numbers], ['b', b, numbers], ['t', t, finite]);
  sameLength('slerp', a, b);
  const [lengthA, lengthB] = [norm(a), norm(b)];
  const cosine = Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0) / (lengthA * lengthB);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (!(sine > 1e-6)) return lerp(a, b, t);
  const length = (1 - t) * lengthA + t * lengthB;
  const [shareA, shareB] = [Math.sin((1 - t) * angle) / sine / lengthA, Math.sin(t * angle) / sine / lengthB];
  return Array.from(a, (value, i) => length * (shareA * value + shareB * b[i]!));
}

/**
 * Decodes points on the path from one latent to another, both ends included: [steps, d].
 *
 * @param options.labels one class for all points, or one for each, if the model has classes
 * @throws RangeError for fewer than 2 steps, or latents of another length
 */
export function interpolate(
  model: LatentSpace,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  options: { steps?: number; path?: 'lerp' | 'slerp' } & Labelled = {},
): tf.Tensor2D {
  takes(
    'interpolate',
    ['model', model, modelWith('encode', 'decode')],
    ['from', from, numbers],
    ['to', to, numbers],
    ['options', options, object()],
  );
  const { steps = 10, path = 'slerp' } = options;
  if (!Number.isInteger(steps) || steps < 2)
    throw new RangeError(`interpolate: "steps" is ${steps}, allowed: at least 2.`);
  for (const end of [from, to]) checkLatents('interpolate', model, end.length);
  const along = path === 'lerp' ? lerp : slerp;
  const points = Array.from({ length: steps }, (_, i) => along(from, to, i / (steps - 1)));
  return tf.tidy(() => model.decode(tf.tensor2d(points), labelled(options.labels)));
}

/**
 * Varies one dimension of z at a time and decodes: [dimensions.length · steps, d], dimension by dimension. The other
 * dimensions keep their values in z.
 *
 * @param options.dimensions default: all
 * @param options.from in standard deviations of the prior. Default −3, and `to` 3
 * @param options.labels one class for all rows, or one for each, if the model has classes
 */
export function traverse(
  model: LatentSpace,
  z: ArrayLike<number>,
  options: { dimensions?: number[]; steps?: number; from?: number; to?: number } & Labelled = {},
): tf.Tensor2D {
  takes('traverse', ['model', model, modelWith('encode', 'decode')], ['z', z, numbers], ['options', options, object()]);
  const k = model.latentDimensions;
  checkLatents('traverse', model, z.length);
  const { dimensions = Array.from({ length: k }, (_, i) => i), steps = 9, from = -3, to = 3 } = options;
  checkDimensions('traverse', dimensions, k);
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`traverse: "steps" is ${steps}, allowed: at least 1.`);
  }
  const points = dimensions.flatMap((dimension) =>
    Array.from({ length: steps }, (_, i) => {
      const value = from + ((to - from) * i) / Math.max(1, steps - 1);
      return Array.from(z, (one, j) => (j === dimension ? value : one));
    }),
  );
  return tf.tidy(() => model.decode(tf.tensor2d(points), labelled(options.labels)));
}

/**
 * Decodes the rows of `content` with some of their latents taken from the rows of `style`: [n, d].
 *
 * @param dimensions that come from `style`
 * @param options.labels one class for all rows of content, or one for each, if the model has classes. Default: the
 *   labels of `content`
 * @throws RangeError if the two differ in the number of rows, or for a dimension that does not exist
 */
export function swapLatents(
  model: LatentSpace,
  content: SampleInput,
  style: SampleInput,
  dimensions: readonly number[],
  options: Labelled = {},
): tf.Tensor2D {
  takes(
    'swapLatents',
    ['model', model, modelWith('encode', 'decode')],
    ['content', content, sampleInput],
    ['style', style, sampleInput],
    ['dimensions', dimensions, numbers],
    ['options', options, object()],
  );
  checkDimensions('swapLatents', dimensions, model.latentDimensions);
  return tf.tidy(() => {
    const ofContent = labelled(options.labels ?? ownLabels(content));
    const [own, other] = [model.encode(content, ofContent), model.encode(style, labelled(ownLabels(style)))];
    if (own.shape[0] !== other.shape[0]) {
      const width = widthOfInput(content);
      throw new RangeError(
        `swapLatents: found ${own.shape[0]} rows of content and ${other.shape[0]} of style, of ${width} values; expected as many of both.`,
      );
    }
    const mask = tf.tensor1d(
      Array.from({ length: model.latentDimensions }, (_, i) => (dimensions.includes(i) ? 1 : 0)),
    );
    return model.decode(own.mul(tf.sub(1, mask)).add(other.mul(mask)) as tf.Tensor2D, ofContent);
  });
}

/** The classes of samples that have some. */
function ownLabels(samples: SampleInput): Labelled['labels'] {
  return 'labels' in samples && samples.labels ? samples.labels : undefined;
}

function checkLatents(caller: string, { latentDimensions: k }: LatentSpace, found: number): void {
  if (found !== k) throw new RangeError(`${caller} expects ${k} latent values; found ${found}.`);
}

function checkDimensions(caller: string, dimensions: readonly number[], k: number): void {
  const wrong = dimensions.find((dimension) => !(Number.isInteger(dimension) && dimension >= 0 && dimension < k));
  if (wrong === undefined) return;
  throw new RangeError(`${caller}: there is no dimension ${wrong}; they count from 0 to ${k - 1}.`);
}

function sameLength(caller: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) throw new RangeError(`${caller}: found vectors of ${a.length} and ${b.length} numbers.`);
}

function norm(values: ArrayLike<number>): number {
  return Math.hypot(...Array.from(values));
}
