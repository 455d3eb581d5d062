/** What the user must mend before a sweep can begin or continue. */
export class SweepError extends Error {
  override readonly name = 'SweepError';
}
