/** A wheel on the disk: an archive with a list of its files and their hashes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { isSystemError, reasonOf } from '../../files/fileError';
import { SetupError } from '../setupError';

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

/** Opens it for as long as `use` takes. @throws SetupError if it is not a complete archive */
export async function withWheel<T>(file: string, use: (wheel: WheelFile) => Promise<T>): Promise<T> {
  let zip: ZipFile;
  try {
    zip = await openZip(file, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw notWhole(file, error);
  }
  try {
    return await use(new WheelFile(file, zip, await entriesOf(file, zip)));
  } finally {
    zip.close();
  }
}

export class WheelFile {
  constructor(
    readonly file: string,
    private readonly zip: ZipFile,
    readonly entries: readonly Entry[],
  ) {}

  /** The bytes of an entry. */
  async open(entry: Entry): Promise<Readable> {
    try {
      return await promisify<Entry, Readable>(this.zip.openReadStream.bind(this.zip))(entry);
    } catch (error) {
      throw notWhole(this.file, error);
    }
  }

  /** SHA-256 of each file in base64url, as RECORD lists them. @throws SetupError if there is no such list */
  async hashes(): Promise<Map<string, string>> {
    const record = this.entries.find(({ fileName }) => /^[^/]+\.dist-info\/RECORD$/.test(fileName));
    if (!record) throw new SetupError(`${this.file} is not a wheel: it has no RECORD of its files.`);
    const pieces: Buffer[] = [];
    try {
      for await (const piece of await this.open(record)) pieces.push(piece as Buffer);
    } catch (error) {
      throw notWhole(this.file, error);
    }
    const lines = Buffer.concat(pieces).toString('utf8').split(/\r?\n/);
    return new Map(
      lines.flatMap((line) => {
        const [, quoted, plain, hash] = /^(?:"((?:[^"]|"")+)"|([^",]+)),sha256=([\w-]+)=*,\d*$/.exec(line) ?? [];
        const name = quoted?.replaceAll('""', '"') ?? plain;
        return name && hash ? [[name, hash] as const] : [];
      }),
    );
  }
}

/** SHA-256 of a file, in hexadecimal. @throws SetupError if it cannot be read */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  } catch (error) {
    throw unreadable(file, error);
  }
  return hash.digest('hex');
}

/** What the system says of a file or folder; other errors stay what they are. */
export function unreadable(place: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const { code } = error;
  const reason = code === 'EACCES' || code === 'EPERM' ? `there is no permission to (${code})` : reasonOf(error);
  return new SetupError(`${place} cannot be read: ${reason}. Nothing was installed.`);
}

export function notWhole(file: string, error: unknown): SetupError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SetupError(`${path.basename(file)} is not a complete wheel (${reason}). Fetch it again.`);
}

async function entriesOf(file: string, zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        entries.push(entry);
        zip.readEntry();
      });
      zip.once('end', resolve).on('error', reject);
      zip.readEntry();
    });
  } catch (error) {
    zip.close();
    throw notWhole(file, error);
  }
  return entries;
}
