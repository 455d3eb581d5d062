/** Small helpers with files and packages that the parts of packaging share. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * @typedef {object} Manifest What is read of a `package.json`.
 * @property {string} name
 * @property {string} version
 * @property {string | { type: string }} [license]
 * @property {{ type: string }[]} [licenses] As old packages say it.
 * @property {string | { name: string }} [author]
 */

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function manifestOf(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}

/**
 * The folder of the installed package that a file belongs to, relative to the repository, or undefined for files of ours.
 *
 * @param {string} file relative to the repository, or absolute inside it
 */
export function packageFolderOf(file) {
  const relative = path.relative(ROOT, path.resolve(ROOT, file)).replaceAll(path.sep, '/');
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(relative)?.[0];
}

/**
 * The folder of a package as the repository's own code finds it.
 *
 * @param {string} name
 */
export function installedFolder(name) {
  const folder = path.join(ROOT, 'node_modules', name);
  if (!existsSync(folder)) throw new Error(`${name} is not installed. Run npm ci first.`);
  return folder;
}
