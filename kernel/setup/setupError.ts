/** What the user must mend before a setup can go on: it names the thing, what was found and what to do. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
