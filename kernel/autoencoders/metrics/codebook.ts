import type * as tf from '@tensorflow/tfjs';
import { modelWith, numbers, sampleInput, takes, whole } from '../arguments';
import type { SampleInput } from '../samples';

/** How a data set uses a codebook; see {@link codebookUsage}. */
export interface CodebookUsage {
  /** How many vectors of the data each code was given to, by code index: [K]. */
  counts: Int32Array;
  /** See {@link perplexity}. */
  perplexity: number;
  /** Codes that no vector of the data was given. */
  deadCodes: number;
  /** Samples counted, and codes of each. */
  samples: number;
  /** Codes of each sample. */
  positions: number;
}

/** Anything with a codebook, a `VQVAE` for example. */
export interface Coder {
  /** K. */
  readonly codebookSize: number;
  /** S, codes of one position, side by side in {@link codes}; each stage has its own codebook. Default 1. */
  readonly stages?: number;
  /** [n, d] → int32 [n, positions · S]. */
  codes(x: SampleInput): tf.Tensor2D;
}

/**
 * Measures how a data set uses a codebook. Use whole data sets: the perplexity of a batch depends on its size.
 *
 * @param stage of a residual quantiser, counted from 0
 * @throws RangeError if there is no such stage
 */
export async function codebookUsage(model: Coder, data: SampleInput, stage = 0): Promise<CodebookUsage> {
  takes('codebookUsage', ['model', model, modelWith('codes')], ['data', data, sampleInput], ['stage', stage, whole(0)]);
  const { codebookSize, stages = 1 } = model;
  if (!Number.isInteger(stage) || stage < 0 || stage >= stages) {
    throw new RangeError(`codebookUsage: stages are counted from 0 to ${stages - 1}; found ${stage}.`);
  }
  const codes = model.codes(data);
  const [samples, width] = codes.shape;
  const values = await codes.data();
  codes.dispose();
  const counts = new Int32Array(codebookSize);
  for (let i = stage; i < values.length; i += stages) counts[values[i]!]! += 1;
  const deadCodes = counts.filter((count) => count === 0).length;
  return { counts, perplexity: perplexity(counts), deadCodes, samples, positions: width / stages };
}

/** exp of the entropy (nats) of the distribution that the counts give: between 1 and their number; 0 for no counts. */
export function perplexity(counts: ArrayLike<number>): number {
  takes('perplexity', ['counts', counts, numbers]);
  const all = Array.from(counts);
  const total = all.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  const shares = all.filter((count) => count > 0).map((count) => count / total);
  return Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0));
}
