/** The terms that quantizers add to a loss. */
import type * as tf from '@tensorflow/tfjs';
import type { MeanReductions, Term } from '../objectives/terms';
import { entropyLoss } from './entropy';

/** Names of a vector, of its code, and of what is summed over, in LaTeX: those of one stage or of several. */
export interface CodeSymbols {
  vector: string;
  code: string;
  /** `\sum_s `, or nothing. */
  sum?: string;
}

/**
 * $\|z_e - \mathrm{sg}[e_k]\|^2$, weighted by β, which moves vectors to their codes.
 *
 * @param value summed over the dimensions of a code, mean over the vectors
 */
export function commitment(value: tf.Tensor, beta: number, { vector, code, sum = '' }: CodeSymbols): Term {
  return {
    value,
    weight: { symbol: 'β', schedule: beta },
    formula: `${sum}\\|${vector} - \\mathrm{sg}[${code}]\\|^2`,
    ...squaredDistance(sum),
  };
}

/** $\|\mathrm{sg}[z_e] - e_k\|^2$, which moves codes to their vectors. */
export function towardsVectors(value: tf.Tensor, { vector, code, sum = '' }: CodeSymbols): Term {
  return { value, formula: `${sum}\\|\\mathrm{sg}[${vector}] - ${code}\\|^2`, ...squaredDistance(sum) };
}

/** {@link entropyLoss}, weighted by λ; none where λ is 0. */
export function entropyTerm(
  z: tf.Tensor2D,
  codes: () => tf.Tensor2D,
  { entropyWeight, temperature }: { entropyWeight: number; temperature: number },
): { entropy?: Term } {
  if (entropyWeight === 0) return {};
  return {
    entropy: {
      value: entropyLoss(z, codes(), temperature),
      weight: { symbol: 'λ', schedule: entropyWeight },
      formula: '\\mathbb E[H(p(k \\mid z_e))] - H(\\mathbb E[p(k \\mid z_e)])',
      meaning: 'means over batch and positions',
      unit: 'nats per position',
    },
  };
}

/** What a model says about β, which papers give for means over the d values of a sample and the D of a code. */
export function meanReductions(d: number, D: number): MeanReductions {
  const text =
    `Reconstruction and commitment are sums, over the d = ${d} values of a sample and the D = ${D} of a code. ` +
    'For means over both, as in van den Oord et al.’s code, the weight is β·D/d';
  return { ratio: D / d, text };
}

function squaredDistance(sum: string): { meaning: string; unit: string } {
  const over = sum === '' ? '' : ' and over stages';
  return {
    meaning: `summed over the dimensions of a code${over}, mean over batch and positions`,
    unit: 'squared distance per position',
  };
}
