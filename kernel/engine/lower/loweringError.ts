/** A kernel, or this use of it, cannot be lowered. */
export class LoweringError extends Error {
  override readonly name = 'LoweringError';
}
