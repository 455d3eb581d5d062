/** Entries of ZIP archives. */
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { DataError } from '../../training/checkData';
import { textOf, unreadable } from '../files';

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/** @throws {DataError} when there is no such file, or it is no archive */
async function opened(file: string): Promise<ZipFile> {
  try {
    return await openZip(file, { lazyEntries: true, autoClose: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw unreadable(file, error);
    throw new DataError(`${file}: this is no whole ZIP archive (${textOf(error)})`);
  }
}

async function* entriesOf(archive: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      archive
        .once('entry', resolve)
        .once('end', () => resolve(null))
        .once('error', reject);
      archive.readEntry();
    });
    archive.removeAllListeners();
    if (!entry) return;
    yield entry;
  }
}

/** Names of the entries, in their order. */
export async function zipEntries(file: string): Promise<string[]> {
  const archive = await opened(file);
  try {
    const names: string[] = [];
    for await (const { fileName } of entriesOf(archive)) names.push(fileName);
    return names;
  } finally {
    archive.close();
  }
}

/** The bytes of an entry, unpacked. */
export async function* zipEntryBytes(file: string, name: string): AsyncGenerator<Buffer> {
  const archive = await opened(file);
  try {
    for await (const entry of entriesOf(archive)) {
      if (entry.fileName !== name) continue;
      const open = promisify<Entry, NodeJS.ReadableStream>(archive.openReadStream.bind(archive));
      for await (const piece of await open(entry)) yield piece as Buffer;
      return;
    }
  } catch (error) {
    throw error instanceof DataError ? error : new DataError(`${file}: ${name} cannot be unpacked (${textOf(error)})`);
  } finally {
    archive.close();
  }
  throw new DataError(`${file} has no entry ${name}`);
}
