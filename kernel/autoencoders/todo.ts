import { optional, takes, text } from './arguments';

/** Thrown by {@link todo}: the code that is still to be written. */
export class TodoError extends Error {
  override readonly name = 'TodoError';
}

/**
 * A stub for code that you still have to write. It fits wherever a value is expected. Checks that LatentLab writes use it
 * for values that only you know, and exercises use it for your answer.
 *
 * ```ts
 * const beta: number = todo('β, a number');
 * const bestMean = (): number => todo();
 * ```
 *
 * In `exercise(…)` it means "not solved yet". Anywhere else it throws, so nothing is computed with a made-up number.
 *
 * @param what what is missing, for the message
 * @throws TodoError always
 */
export function todo(what?: string): never {
  takes('todo', ['what', what, optional(text)]);
  const missing = what === undefined ? 'This is still to do: write your answer' : `Fill in ${what}: write it`;
  throw new TodoError(`${missing} where the cell says ${what === undefined ? 'todo()' : 'todo(…)'}.`);
}
