/** What the user must mend before a sweep can begin or go on. */
export class SweepError extends Error {
  override readonly name = 'SweepError';
}
