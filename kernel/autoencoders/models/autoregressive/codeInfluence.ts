import * as tf from '@tensorflow/tfjs';
import { modelWith, takes } from '../../arguments';

/** Which codes move which logits. */
export interface CodeInfluence {
  /** [P][P]: the largest change of a logit of position i when the code at position j is another one. */
  changes: number[][];
  /** Pairs j < i with an influence; a prior without a blind spot has all P(P − 1)/2. */
  earlier: number;
  /** Pairs j ≥ i with an influence: 0 unless the prior looks ahead. */
  later: number;
}

interface PriorOfCodes {
  readonly config: { readonly codebookSize: number };
  /** P. */
  readonly positions: number;
  /** [n, P] → [n, P, K]. */
  logits(codes: number[][]): tf.Tensor3D;
}

/**
 * Measures which codes an autoregressive prior depends on: it changes one code of a map at a time and counts the logits
 * that change. It misses an influence that happens to be exactly zero for these codes.
 *
 * @param prior a prior without conditions, such as a {@link PixelCNN} or {@link PixelSNAIL}
 */
export function codeInfluence(prior: PriorOfCodes): CodeInfluence {
  takes('codeInfluence', ['prior', prior, modelWith('logits')]);
  const { positions: P } = prior;
  const K = prior.config.codebookSize;
  const base = Array.from({ length: P }, (_, i) => i % K);
  const changed = base.map((_, j) => base.map((code, i) => (i === j ? (code + 1) % K : code)));
  const byCode = tf.tidy(() => {
    const logits = prior.logits([base, ...changed]);
    return logits.slice(1).sub(logits.slice(0, 1)).abs().max(2).arraySync() as number[][];
  });
  const changes = base.map((_, i) => byCode.map((moved) => moved[i]!));
  const count = (wanted: (i: number, j: number) => boolean) =>
    changes.flatMap((row, i) => row.filter((change, j) => change > 0 && wanted(i, j))).length;
  return { changes, earlier: count((i, j) => j < i), later: count((i, j) => j >= i) };
}
