/** The stub of an exercise, which a reader replaces by an answer. */

/** Thrown by {@link unsolved}; `exercise` takes it for "not solved yet". */
export class UnsolvedError extends Error {
  override readonly name = 'UnsolvedError';
}

/**
 * Stands where an exercise waits for the reader's code: `const answer = (x: number): number => unsolved();`.
 *
 * @throws UnsolvedError always; inside of `exercise(…)` it means that the exercise is not solved yet
 */
export function unsolved(): never {
  throw new UnsolvedError('This exercise is not solved yet: write your answer where unsolved() stands.');
}

export const isUnsolved = (error: unknown): boolean => error instanceof UnsolvedError;
