/** Microsoft's tool that packs extensions and one that zips well, installed once in the user's cache: nothing but packing needs it. */
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheFolder, provideFolder } from '../test/host/cache.mjs';
import { npmCi } from '../test/host/npmInstall.mjs';
import { ROOT } from './files.mjs';

const FILES = ['package.json', 'package-lock.json'];

/**
 * @typedef {object} Vsce As far as it is used here.
 * @property {(options: {
 *   cwd: string;
 *   target: string;
 *   packagePath: string;
 *   dependencies: boolean;
 *   rewriteRelativeLinks: boolean;
 *   skipLicense: boolean;
 *   allowMissingRepository: boolean;
 *   allowPackageAllSecrets: boolean;
 * }) => Promise<void>} createVSIX
 */

/**
 * @typedef {object} Yazl As far as it is used here.
 * @property {new () => import('./recompress.mjs').ZipFile} ZipFile
 */

/** @returns {Promise<{ vsce: Vsce; yazl: Yazl }>} */
export async function provideTools() {
  const sources = FILES.map((name) => path.join(ROOT, 'packaging', name));
  const hash = createHash('sha256');
  for (const file of sources) hash.update(readFileSync(file));
  const folder = path.join(cacheFolder(), `vsce-${hash.digest('hex').slice(0, 12)}`);
  await provideFolder(folder, async (empty) => {
    console.log(`Installing @vscode/vsce from the npm registry into ${folder}, once …`);
    for (const file of sources) copyFileSync(file, path.join(empty, path.basename(file)));
    await npmCi(empty);
  });
  const load = createRequire(path.join(folder, 'package.json'));
  return { vsce: load('@vscode/vsce'), yazl: load('yazl') };
}
