import { takes, text } from './arguments';

/** What a written cell still lacks. */
export class TodoError extends Error {
  override readonly name = 'TodoError';
}

/**
 * Stands for a value that nobody has given yet, and fits wherever one is expected: cells that LatentLab writes name with
 * it what you have to fill in. Nothing is checked with a made-up number.
 *
 * ```ts
 * const beta: number = todo('β, a number');
 * ```
 *
 * @param what what is missing, as the error says it
 * @throws TodoError whenever it is asked
 */
export function todo(what: string): never {
  takes('todo', ['what', what, text]);
  throw new TodoError(`Fill in ${what}: put it where this cell says todo(…).`);
}
