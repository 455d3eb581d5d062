/** Native libraries and fonts that an installation brings compressed, since the package for VS Code would be too large else. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { writeWhole } from '../files/writeWhole';
import { packageRoot } from './packageRoot';

/** Names them, relative to the installation's folder. */
const LIST = path.join('dist', 'packed.json');
/** The ending with which each of them comes. */
const PACKED = '.br';

/**
 * Unpacks them, once in the life of an installation; elsewhere there are none.
 *
 * @param root the installation's folder
 * @throws FileError if the installation's folder cannot be written
 */
export async function unpackNatives(root = packageRoot()): Promise<void> {
  const list = path.join(root, LIST);
  if (!existsSync(list)) return;
  for (const name of JSON.parse(readFileSync(list, 'utf8')) as string[]) {
    const file = path.join(root, name);
    if (!existsSync(file)) await writeWhole(file, await promisify(brotliDecompress)(readFileSync(file + PACKED)));
  }
}
