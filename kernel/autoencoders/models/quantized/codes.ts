/** Codes of quantised models: rows of indices, and how much of a codebook they use. */
import type * as tf from '@tensorflow/tfjs';
import type { Expected } from '../../samples';
import { codebookDiagnostics } from '../../training/diagnostics';

/** What rows of codes have to be. */
export interface ExpectedCodes {
  caller: string;
  /** Codes in a row. */
  width: number;
  /** K: codes are from 0 to K − 1. */
  codebookSize: number;
  /** Whose codes, for models of several levels: ` at the top`. */
  where?: string;
}

/**
 * What rows of codes, int32 or float32 [n, width], are handed to.
 *
 * @throws RangeError naming the first number of an array that is no code
 */
export function checkedCodes(
  codes: tf.Tensor2D | number[][],
  { caller, width, codebookSize: K, where = '' }: ExpectedCodes,
): Expected {
  const description = `rows of ${width} codes from 0 to ${K - 1}${where}`;
  // A tensor's codes would have to be read back from the device first.
  const wrong = Array.isArray(codes) ? codes.flat().find((code) => !isCode(code, K)) : undefined;
  if (wrong !== undefined) throw new RangeError(`${caller} expects ${description}; found ${wrong}.`);
  return { caller, width, description };
}

function isCode(value: number, K: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < K;
}

/** {@link codebookDiagnostics} of the codes of each stage or level; lists where there are several. */
export function codebookFigures<Figures extends Record<string, number | number[]>>(
  codes: readonly Iterable<number>[],
  codebookSize: number,
): Figures {
  const figures = codes.map((indices) => codebookDiagnostics(indices, codebookSize));
  if (figures.length === 1) return { ...figures[0] } as Figures;
  const lists = {
    codebookUsage: figures.map(({ codebookUsage }) => codebookUsage),
    codebookPerplexity: figures.map(({ codebookPerplexity }) => codebookPerplexity),
    deadCodes: figures.map(({ deadCodes }) => deadCodes),
  };
  return lists as unknown as Figures;
}

/** Codes of a codebook whose counts are reported at the end of each epoch. */
export const MOST_COUNTED = 1024;

/** How often each code occurs: [K]. */
export function countsOf(codes: Iterable<number>, codebookSize: number): number[] {
  const counts = new Array<number>(codebookSize).fill(0);
  for (const code of codes) counts[code]! += 1;
  return counts;
}
