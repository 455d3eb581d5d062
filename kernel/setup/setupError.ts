/** What the user must mend before a setup can continue: it names the thing, what was found and what to do. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
