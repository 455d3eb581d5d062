/** Batches as functions of your own give them, brought to one form. */
import * as tf from '@tensorflow/tfjs';
import { found } from '../../arguments';
import { DataError } from '../../data/checkData';
import type { NumberArray } from '../../data/convert';
import { shapeText } from '../../samples';
import type { SampleShape } from '../../samples';
import type { Batch } from './batch';

/**
 * A batch of n rows: a typed array with the rows one after the other, a tensor [n, d] or [n, height, width, channels]
 * (LatentLab disposes of it), or n lists of d numbers. The class of each row is optional.
 */
export type GeneratedBatch = BatchValues | { values: BatchValues; labels?: ArrayLike<number> | null };

type Numbers = Exclude<NumberArray, number[]>;
type BatchValues = Numbers | tf.Tensor | readonly ArrayLike<number>[];

/** What is known of the batches. */
interface Made {
  readonly name: string;
  readonly shape: SampleShape;
  readonly width: number;
  readonly batchSize: number;
}

/** @throws {DataError} naming the batch, what was found and what is expected */
export async function broughtBatch(given: GeneratedBatch, made: Made, epoch: number, batch: number): Promise<Batch> {
  const { name, shape, width, batchSize: count } = made;
  const where = `${name}: batch ${batch} of epoch ${epoch} (both counted from 0)`;
  const { values: from, labels: classes = null } = isValues(given) ? { values: given } : (given ?? {});
  const expected = `expected ${count} of ${width} values (${shapeText(shape)})`;
  if (!isValues(from)) throw new DataError(`${where}: found ${found(given)}; ${expected}`);
  const values = await numbersOf(from, width);
  if (typeof values === 'string') throw new DataError(`${where}: found ${values}; ${expected}`);
  if (values.length !== count * width) {
    throw new DataError(`${where}: found ${values.length / width} samples; ${expected}`);
  }
  const labels = classes && Int32Array.from(classes);
  if (labels && labels.length !== count) {
    throw new DataError(`${where}: found ${labels.length} labels for ${count} samples`);
  }
  if (labels && !labels.every((label, i) => label === classes[i])) {
    throw new DataError(`${where}: found labels that are not whole numbers; expected class indices`);
  }
  return { values, labels, rows: Int32Array.from({ length: count }, (_, i) => batch * count + i) };
}

function isValues(given: unknown): given is BatchValues {
  return given instanceof tf.Tensor || Array.isArray(given) || isNumbers(given);
}

function isNumbers(given: unknown): given is Numbers {
  const big = given instanceof BigInt64Array || given instanceof BigUint64Array;
  return ArrayBuffer.isView(given) && !(given instanceof DataView) && !big;
}

/** [n · d] of their own; what is wrong, where they are no rows of d numbers. */
async function numbersOf(given: BatchValues, width: number): Promise<Float32Array | string> {
  if (given instanceof tf.Tensor) {
    const text = found(given);
    const fits = given.rank >= 2 && given.size === given.shape[0]! * width;
    const values = fits ? Float32Array.from(await given.data()) : text;
    given.dispose();
    return values;
  }
  if (!Array.isArray(given))
    return (given as Numbers).length % width === 0
      ? Float32Array.from(given as Numbers)
      : `${(given as Numbers).length} values`;
  const rows = given as readonly ArrayLike<number>[];
  const odd = rows.findIndex((row) => row?.length !== width);
  if (odd >= 0) return `${found(rows[odd])} at row ${odd}`;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, i) => values.set(row, i * width));
  return values;
}
