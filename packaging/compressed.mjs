/** Files compressed better than a zip archive can; it takes a minute, so that the results are kept. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { cacheFolder } from '../test/host/cache.mjs';

/** The last step of quality takes minutes for a large file, and gains a few hundredths; the one before it a tenth. */
const LARGE = 8e6;
const qualityFor = (/** @type {number} */ size) => (size < LARGE ? constants.BROTLI_MAX_QUALITY : 10);

/**
 * @param {string} file
 * @returns {Promise<string>} The file that holds its content compressed.
 */
export async function compressed(file) {
  const content = readFileSync(file);
  const hash = createHash('sha256').update(content).digest('hex');
  const quality = qualityFor(content.length);
  const kept = path.join(cacheFolder(), 'natives', `${hash}-${quality}.br`);
  if (existsSync(kept)) return kept;
  console.log(`Compressing ${path.basename(file)}, once …`);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  await mkdir(path.dirname(kept), { recursive: true });
  const partial = `${kept}.${process.pid}.partial`;
  await writeFile(partial, await promisify(brotliCompress)(content, { params }));
  await rename(partial, kept);
  return kept;
}
