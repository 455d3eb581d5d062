import * as tf from '@tensorflow/tfjs';
import { finite, modelWith, sampleInput, takes } from '../arguments';
import type { SampleInput } from '../samples';

/** Anything that gives each sample a point in latent space. */
export interface Encoder {
  /** [n, d] → [n, k]. */
  encode(x: SampleInput): tf.Tensor2D;
}

/** The latent dimensions that vary with x; see {@link activeUnits}. */
export interface ActiveUnits {
  /** How many dimensions of z vary with x by more than the threshold. */
  count: number;
  /** Var over the data of E[z|x], by dimension. */
  variances: number[];
}

/** Active units (Burda, Grosse and Salakhutdinov 2015, section 5.2): dimensions with Var_x(E[z|x]) > `threshold`. */
export async function activeUnits(model: Encoder, data: SampleInput, threshold = 0.01): Promise<ActiveUnits> {
  takes(
    'activeUnits',
    ['model', model, modelWith('encode')],
    ['data', data, sampleInput],
    ['threshold', threshold, finite],
  );
  const variance = tf.tidy(() => tf.moments(model.encode(data), 0).variance);
  const variances = Array.from(await variance.data());
  variance.dispose();
  return { count: variances.filter((value) => value > threshold).length, variances };
}
