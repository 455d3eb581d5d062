import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * LatentLab's own folder (absolute), whether this code runs from its source or from a bundle under `dist/`.
 *
 * @throws when no folder above this file is LatentLab's
 */
export function packageRoot(): string {
  const start = path.dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'latentlab') return folder;
    if (folder === path.dirname(folder)) throw new Error(`No folder above ${start} holds LatentLab's package.json.`);
  }
}

/**
 * A built file that is run or read by its path (absolute): beside the bundle that this code is in; a package of
 * the library has one alone; the kernel's, where this code runs from its source.
 */
export function builtFile(name: string): string {
  const root = packageRoot();
  const [folder, bundle] = path.relative(root, fileURLToPath(import.meta.url)).split(path.sep);
  return path.join(root, 'dist', folder === 'dist' ? bundle! : 'kernel', name);
}
