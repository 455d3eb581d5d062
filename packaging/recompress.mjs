/** A zip archive, compressed as well as it can be: vsce has no option for it. */
import { createWriteStream, renameSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/**
 * @typedef {object} ZipFile As far as it is used here.
 * @property {NodeJS.ReadableStream} outputStream
 * @property {(stream: NodeJS.ReadableStream, name: string, options: object) => void} addReadStream
 * @property {(contents: Buffer, name: string, options: object) => void} addBuffer
 * @property {() => void} end
 */

/** The earliest that a zip archive can say: the same sources make the same archive. */
const MADE = new Date(1980, 0, 1);

/**
 * @param {string} file replaced
 * @param {new () => ZipFile} Archive
 * @param {(name: string) => string} named what a file of the archive is called then
 */
export async function recompress(file, Archive, named) {
  const archive = new Archive();
  const beside = `${file}.recompressing`;
  const written = pipeline(archive.outputStream, createWriteStream(beside));
  const read = await openPromise(file, { autoClose: false });
  for await (const entry of read.eachEntry()) {
    const stream = await read.openReadStreamPromise(entry);
    archive.addBuffer(Buffer.concat(await stream.toArray()), named(entry.fileName), {
      mtime: MADE,
      mode: 0o100644,
      compressionLevel: 9,
    });
  }
  read.close();
  archive.end();
  await written;
  renameSync(beside, file);
}
