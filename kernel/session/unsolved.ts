import { todo, TodoError } from '../autoencoders/todo';

/**
 * The former name of `todo()`, for notebooks that use it.
 *
 * @deprecated use `todo()`
 * @throws TodoError always
 */
export function unsolved(): never {
  return todo();
}

/** Whether an answer still calls `todo()`. */
export const isUnsolved = (error: unknown): boolean => error instanceof TodoError;
