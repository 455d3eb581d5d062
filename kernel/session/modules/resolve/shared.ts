/** The names that mean the same module wherever they are imported. */

/** What cells, files and packages import the library as. */
export const LIBRARY_NAME = 'latentlab';

/** Packages that must exist once in a process, since they hold the device's tensors. */
const SHARED_PACKAGE = /^@tensorflow\/tfjs(?=$|[-/])/;

export function isShared(specifier: string): boolean {
  return SHARED_PACKAGE.test(specifier);
}
