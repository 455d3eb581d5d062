/** Where the suites leave pictures. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../artifacts/', import.meta.url));

/**
 * The path of a picture under `test/artifacts/`, whose folder is made.
 *
 * @param {string} name
 */
export async function artifact(name) {
  if (!/^[\w.-]+$/.test(name)) {
    throw new Error(`A screenshot is called by letters, digits, "_", "." and "-"; "${name}" is not.`);
  }
  await mkdir(FOLDER, { recursive: true });
  return join(FOLDER, `${name}.png`);
}
