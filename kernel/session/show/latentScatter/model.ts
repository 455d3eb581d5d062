/** What a latent scatter asks of a model. */
import * as tf from '@tensorflow/tfjs';
import type { Dataset, SampleShape } from '../../../autoencoders/index';
import { encodeSamples, type Sample } from '../../../views/index';
import { drawnShape } from '../drawnShape';

/** A model with a latent space to show: autoencoders, VAEs, PCA. */
export interface LatentModel {
  readonly name: string;
  readonly inputShape: SampleShape;
  readonly latentDimensions: number;
  /** How far it has been trained; absent where it does not train. */
  readonly position?: { readonly step: number; readonly epoch: number };
  /** C, if it has classes. */
  readonly classes?: number | null;
  /** [n, d] → [n, k]. */
  encode(data: Dataset): tf.Tensor2D;
  /** [n, k] → [n, d]; a model with classes takes the class of all rows. */
  decode(z: tf.Tensor2D, options?: { labels?: number }): tf.Tensor2D;
  /** [n, d] → [n, d]; absent: what it decodes of what it encodes. */
  reconstruct?(data: Dataset): tf.Tensor2D;
}

/** A tensor's numbers; frees the tensor. Not every device can be read synchronously. */
export async function read(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

/** Latent points, decoded: [m · d]. */
export function decodeAll(model: LatentModel, z: number[][], label: number): Promise<Float32Array> {
  const options = typeof model.classes === 'number' ? { labels: label } : undefined;
  return read(tf.tidy(() => model.decode(tf.tensor2d(z), options)));
}

/** Rows, made again: [m · d]. */
export function reconstructAll(model: LatentModel, rows: Dataset): Promise<Float32Array> {
  return read(tf.tidy(() => (model.reconstruct ? model.reconstruct(rows) : model.decode(model.encode(rows)))));
}

/** A sample as views draw it. */
export function sampleOf(model: Pick<LatentModel, 'inputShape'>, values: ArrayLike<number>, what: string): Sample {
  const shape = drawnShape(model.inputShape);
  return { shape, values: encodeSamples(values, shape, what) };
}

/** Squared error summed over the values that are present. */
export function squaredError(x: ArrayLike<number>, xHat: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) if (!Number.isNaN(x[i])) sum += (x[i]! - xHat[i]!) ** 2;
  return sum;
}
