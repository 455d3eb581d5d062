/** Entries of ZIP archives: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { DataError } from '../checkData';
import { checksum } from '../checksum';
import { textOf, unreadable } from '../files';
import { MOST_INFLATED, type ByteSource } from './byteReader';

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open);
/** Archives of arrays have a few; each is looked into. */
const MOST_ENTRIES = 10_000;

/**
 * The entries that are wanted, by name, in their order.
 *
 * @throws {DataError} when there is no such file, or it is not a complete archive
 */
export async function zipSources(file: string, wanted: (name: string) => boolean): Promise<Map<string, ByteSource>> {
  const archive = await opened(file);
  try {
    const sources = new Map<string, ByteSource>();
    for await (const entry of entriesOf(archive)) {
      if (wanted(entry.fileName)) sources.set(entry.fileName, sourceOf(file, entry));
      if (sources.size > MOST_ENTRIES) throw new DataError(`${file}: it has more than ${MOST_ENTRIES} arrays`);
    }
    return sources;
  } catch (error) {
    throw error instanceof DataError
      ? error
      : new DataError(`${file}: this is not a complete ZIP archive (${textOf(error)})`);
  } finally {
    archive.close();
  }
}

/** @throws {DataError} when there is no such file, or it is no archive */
async function opened(file: string): Promise<ZipFile> {
  try {
    return await openZip(file, { lazyEntries: true, autoClose: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw unreadable(file, error);
    throw new DataError(`${file}: this is not a complete ZIP archive (${textOf(error)})`);
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
    // A second error would otherwise have nobody to hear it, and end the process.
    archive.removeAllListeners().on('error', () => undefined);
    if (!entry) return;
    yield entry;
  }
}

function sourceOf(file: string, entry: Entry): ByteSource {
  const { fileName, compressedSize, uncompressedSize: size } = entry;
  if (size > (compressedSize + 1) * MOST_INFLATED) {
    throw new DataError(
      `${file}: ${fileName} would unpack to ${size} bytes; ${compressedSize} packed ones cannot hold them`,
    );
  }
  return { file, size, exact: true, bytes: () => bytesOf(file, entry) };
}

/** The bytes of an entry, unpacked; held against its checksum at their end. */
async function* bytesOf(file: string, entry: Entry): AsyncGenerator<Buffer> {
  const archive = await opened(file);
  let sum = 0;
  try {
    const open = promisify<Entry, NodeJS.ReadableStream>(archive.openReadStream.bind(archive));
    for await (const piece of await open(entry)) {
      sum = checksum(piece as Buffer, sum);
      yield piece as Buffer;
    }
  } catch (error) {
    throw new DataError(`${file}: ${entry.fileName} cannot be unpacked (${textOf(error)})`);
  } finally {
    archive.close();
  }
  if (sum !== entry.crc32 >>> 0) {
    throw new DataError(`${file}: ${entry.fileName} is damaged; its checksum is not the one it was saved with`);
  }
}
