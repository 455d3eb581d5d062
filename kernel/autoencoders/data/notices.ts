/** What was found in data and dealt with, and that its owner should know: samples without a class, numbers made smaller. */

/** Prints each notice as a warning. @returns the notices, to be kept with the data */
export function warned(notices: readonly string[]): readonly string[] {
  for (const notice of notices) console.warn(notice);
  return notices;
}
