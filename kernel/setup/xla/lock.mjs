/**
 * Writes `wheels.json`: sizes and hashes of the wheels in these folders, as pip has downloaded them:
 * `node kernel/setup/xla/lock.mjs FOLDER…`. CONTRIBUTING.md says when.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import yauzl from 'yauzl';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const { outputFiles } = await esbuild.build({
  entryPoints: [path.join(here, 'kept.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
/** @type {{ isKept(entry: string): boolean }} */
const { isKept } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);

/** @type {Record<string, { sha256: string, size: number, unpacked: number }>} */
const wheels = {};
for (const folder of process.argv.slice(2)) {
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.whl'))) {
    const file = path.join(folder, name);
    wheels[name] = { sha256: await hashOf(file), size: statSync(file).size, unpacked: await unpackedSize(file) };
  }
}
const sorted = Object.fromEntries(Object.entries(wheels).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path.join(here, 'wheels.json'), `${JSON.stringify(sorted, undefined, 2)}\n`);

/** @param {string} file */
async function hashOf(file) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest('hex');
}

/** @param {string} file */
async function unpackedSize(file) {
  /** @type {yauzl.ZipFile} */
  const archive = await new Promise((resolve, reject) =>
    yauzl.open(file, { lazyEntries: false }, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  let size = 0;
  archive.on('entry', (entry) => (size += isKept(entry.fileName) ? entry.uncompressedSize : 0));
  await new Promise((resolve, reject) => archive.once('end', resolve).once('error', reject));
  return size;
}
