/** Changes that each batch of a training goes through before its step. */
import { ConfigurationError } from '../../../config';
import { checkRows, DataError } from '../../../data/checkData';
import { randomStream } from '../../../random';
import type { RandomStream } from '../../../random';
import { shapeText } from '../../../samples';
import type { ImageShape, SampleShape } from '../../../samples';
import type { Accepted, Support } from '../../loop/trainable';
import type { Batch } from '../batch';

/** What an augmentation is given. */
export interface AugmentedBatch {
  /** [m, d], row by row: a copy, which may be written to. */
  readonly values: Float32Array;
  /** [m], or null where classes are not known; a copy, too. */
  readonly labels: Int32Array | null;
  /** How one sample is drawn. */
  readonly shape: SampleShape;
  /** Values that the model's likelihood is defined for; null: any finite number. */
  readonly support: Support | null;
}

/** A batch after an augmentation: as many samples of the same width. Without `labels` it keeps those it had. */
export type AugmentedResult = Float32Array | { values: Float32Array; labels?: Int32Array | null };

/** A function of the batch and of random numbers, those of (seed, step): all chance has to come from there. */
export type AugmentFunction = (
  batch: AugmentedBatch,
  random: RandomStream,
) => AugmentedResult | Promise<AugmentedResult>;

/** An augmentation by name. */
export interface Augmentation {
  /** With `options`, what tells two trainings apart: a training goes on with the same ones only. */
  readonly name: string;
  /** Plain data. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly apply: AugmentFunction;
  /** Says why it makes no sense for samples of a shape; undefined where it does. */
  readonly refuses?: (shape: SampleShape) => string | undefined;
}

/** What `fit` takes as `augment`: augmentations and named functions, one after the other. */
export type Augment = Augmentation | AugmentFunction | readonly (Augmentation | AugmentFunction)[];

/**
 * An augmentation of one's own.
 *
 * @param options what it depends on, as plain data: other options make another training
 */
export function augmentation(
  name: string,
  apply: AugmentFunction,
  options: Readonly<Record<string, unknown>> = {},
): Augmentation {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('augmentation: its name is a text that is not empty.');
  if (typeof apply !== 'function') throw new TypeError(`augmentation "${name}" takes a function of (batch, random).`);
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

/** @throws {ConfigurationError} at the first that makes no sense for samples of this shape */
export function checkAugmentations(augmentations: readonly Augmentation[], shape: SampleShape): void {
  for (const { name, refuses } of augmentations) {
    const why = refuses?.(shape);
    if (why !== undefined) throw new ConfigurationError('fit', [`the augmentation "${name}": ${why}`]);
  }
}

export interface AugmentingPlace {
  seed: number;
  /** Updates done before the one that this batch is for. */
  step: number;
  shape: SampleShape;
  accepted: Accepted;
}

/**
 * The batch after all augmentations, in their order. Each draws from (seed, its name and place, step), so that a training
 * that goes on sees the same batches as one that was never stopped.
 *
 * @throws {DataError} naming the augmentation when it gives another number of values or labels, or values that the model
 *   is not defined for
 */
export async function augmented(
  batch: Batch,
  augmentations: readonly Augmentation[],
  { seed, step, shape, accepted }: AugmentingPlace,
): Promise<Batch> {
  if (augmentations.length === 0) return batch;
  let [values, labels] = [batch.values, batch.labels];
  for (const [i, { name, apply }] of augmentations.entries()) {
    const random = randomStream(seed, `augment/${i}/${name}`, step);
    const result = await apply({ values, labels, shape, support: accepted.support }, random);
    [values, labels] = checkedResult(name, result, { values, labels });
  }
  const names = augmentations.map(({ name }) => name).join(', ');
  const name = `A batch after the augmentation (${names})`;
  checkRows({ name, shape, width: values.length / batch.rows.length, values }, accepted);
  return { values, labels, rows: batch.rows };
}

function checkedResult(
  name: string,
  result: AugmentedResult,
  before: { values: Float32Array; labels: Int32Array | null },
): [Float32Array, Int32Array | null] {
  const complain = (problem: string) => new DataError(`The augmentation "${name}" ${problem}`);
  const given = result instanceof Float32Array ? { values: result } : result;
  if (!(given?.values instanceof Float32Array)) {
    throw complain('gave no values; expected a Float32Array, or { values, labels } with one');
  }
  const { values, labels = before.labels } = given;
  if (values.length !== before.values.length) {
    throw complain(
      `gave ${values.length} values for ${before.values.length}; expected as many samples of the same width`,
    );
  }
  if (labels !== null && !(labels instanceof Int32Array)) throw complain('gave labels that are no Int32Array');
  if (labels && before.labels && labels.length !== before.labels.length) {
    throw complain(`gave ${labels.length} labels for ${before.labels.length}`);
  }
  return [values, labels];
}
