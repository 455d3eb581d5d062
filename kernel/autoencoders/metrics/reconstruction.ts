import * as tf from '@tensorflow/tfjs';
import { modelWith, sampleInput, takes } from '../arguments';
import { seenOf, squaredErrorOf } from '../conditioning/missing';
import { mapRows, widthOfInput } from '../samples';
import type { SampleInput } from '../samples';

/** Anything that makes its input again. */
export interface Reconstructor {
  /** [n, d] → [n, d]. */
  reconstruct(x: SampleInput): tf.Tensor2D;
}

/** ‖x − x̂‖² of every sample, summed over its values; where some are missing, over those that are present: [n]. */
export async function reconstructionErrors(model: Reconstructor, data: SampleInput): Promise<Float32Array> {
  takes('reconstructionErrors', ['model', model, modelWith('reconstruct')], ['data', data, sampleInput]);
  const width = widthOfInput(data);
  const expected = { caller: 'reconstructionErrors', width, description: `rows of ${width} values` };
  const errors = tf.tidy(() => {
    // At once, since a data set may have classes, which its rows have not.
    const all = data instanceof tf.Tensor || Array.isArray(data) ? null : model.reconstruct(data);
    let done = 0;
    return mapRows(data, expected, (x): tf.Tensor1D => {
      const xHat = all ? all.slice<tf.Tensor2D>([done, 0], [x.shape[0], -1]) : model.reconstruct(x);
      done += x.shape[0];
      return squaredErrorOf(x, xHat, seenOf(x, true).there);
    });
  });
  const values = (await errors.data()) as Float32Array;
  errors.dispose();
  return values;
}

/** Mean over the samples of {@link reconstructionErrors}. */
export async function meanReconstructionError(model: Reconstructor, data: SampleInput): Promise<number> {
  takes('meanReconstructionError', ['model', model, modelWith('reconstruct')], ['data', data, sampleInput]);
  const errors = await reconstructionErrors(model, data);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}
