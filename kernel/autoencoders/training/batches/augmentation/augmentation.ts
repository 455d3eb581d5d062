/** Changes that each batch of a training goes through before its step. */
import { callable, object, takes } from '../../../arguments';
import { ConfigurationError } from '../../../config';
import type { RandomStream } from '../../../random';
import { shapeText } from '../../../samples';
import type { ImageShape, SampleShape } from '../../../samples';
import type { Support } from '../../loop/trainable';

/** What an augmentation is given. */
export interface AugmentedBatch {
  /** [m, d], row by row: a copy, which may be written to. */
  readonly values: Float32Array;
  /** [m], or null if classes are not known; a copy, too. */
  readonly labels: Int32Array | null;
  /** How one sample is drawn. */
  readonly shape: SampleShape;
  /** Values that the model's likelihood is defined for; null: any finite number. */
  readonly support: Support | null;
}

/** A batch after an augmentation: as many samples of the same width. Without `labels` it keeps those it had. */
export type AugmentedResult = Float32Array | { values: Float32Array; labels?: Int32Array | null };

/**
 * A function of the batch and of random numbers, those of (seed, epoch, number of the batch in it): all chance has to come
 * from there.
 */
export type AugmentFunction = (
  batch: AugmentedBatch,
  random: RandomStream,
) => AugmentedResult | Promise<AugmentedResult>;

/** An augmentation by name. */
export interface Augmentation {
  /** With `options`, what tells two trainings apart: a training continues with the same ones only. */
  readonly name: string;
  /** Plain data. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Changes a batch of rows. */
  readonly apply: AugmentFunction;
  /** Says why it makes no sense for samples of a shape; undefined if it does. */
  readonly refuses?: (shape: SampleShape) => string | undefined;
}

/** The option `augment` of `fit`: augmentations and named functions, applied in this order. */
export type Augment = Augmentation | AugmentFunction | readonly (Augmentation | AugmentFunction)[];

/**
 * An augmentation of your own.
 *
 * @param options its settings, as plain data; a training with other settings starts anew
 */
export function augmentation(
  name: string,
  apply: AugmentFunction,
  options: Readonly<Record<string, unknown>> = {},
): Augmentation {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('augmentation: its name must be a string that is not empty.');
  takes(`augmentation "${name}"`, ['apply', apply, callable], ['options', options, object()]);
  return { name, options, apply };
}

/** The error of augmentations that move pixels where there are none. */
export function needsImages(shape: SampleShape): string | undefined {
  return shape.kind === 'image' ? undefined : `it needs images, the data are ${shapeText(shape)}; read them as images, or leave it out`; // prettier-ignore
}

/** Only for what {@link needsImages} lets through. */
export function imageOf(shape: SampleShape): ImageShape {
  if (shape.kind === 'image') return shape;
  throw new TypeError(`expected images, found ${shapeText(shape)}.`);
}

/** @throws {ConfigurationError} for what is neither an augmentation nor a function with a name */
export function augmentationsOf(given: Augment | undefined): readonly Augmentation[] {
  if (given === undefined) return [];
  return (Array.isArray(given) ? (given as readonly unknown[]) : [given]).map((one, i) => {
    const field = Array.isArray(given) ? `"augment.${i}"` : '"augment"';
    const complain = (problem: string) => new ConfigurationError('fit', [`${field} ${problem}`]);
    if (typeof one === 'function') {
      if (one.name !== '') return { name: one.name, options: {}, apply: one as AugmentFunction };
      throw complain('is a function without a name; name it: augmentation("name", (batch, random) => …)');
    }
    const { name, options, apply } = (one ?? {}) as Partial<Augmentation>;
    if (typeof name === 'string' && typeof apply === 'function' && typeof options === 'object')
      return one as Augmentation;
    throw complain('is no augmentation; expected flip(), crop({ pad }), shift({ pixels }), noise({ sigma }), a named function (batch, random) => batch, or a list of these'); // prettier-ignore
  });
}
