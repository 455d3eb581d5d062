import type * as tf from '@tensorflow/tfjs';
import type { SampleInput } from '../samples';

export interface CodebookUsage {
  /** How many vectors of the data each code was nearest to, by code index: [K]. */
  counts: Int32Array;
  /** See {@link perplexity}. */
  perplexity: number;
  /** Codes that no vector of the data was nearest to. */
  deadCodes: number;
  /** Samples counted, and codes of each. */
  samples: number;
  positions: number;
}

/** Anything with a codebook, a `VQVAE` for example. */
export interface Coder {
  /** K. */
  readonly codebookSize: number;
  /** [n, d] → int32 [n, positions]. */
  codes(x: SampleInput): tf.Tensor2D;
}

/** How a data set uses a codebook. Count over whole data sets: a batch's perplexity depends on its size. */
export async function codebookUsage(model: Coder, data: SampleInput): Promise<CodebookUsage> {
  const codes = model.codes(data);
  const [samples, positions] = codes.shape;
  const counts = new Int32Array(model.codebookSize);
  for (const code of await codes.data()) counts[code]! += 1;
  codes.dispose();
  const deadCodes = counts.filter((count) => count === 0).length;
  return { counts, perplexity: perplexity(counts), deadCodes, samples, positions };
}

/** exp of the entropy (nats) of the distribution that the counts give: between 1 and their number; 0 for no counts. */
export function perplexity(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const total = all.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  const shares = all.filter((count) => count > 0).map((count) => count / total);
  return Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0));
}
