/** Bytes of a file in order, a piece at a time. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { DataError } from '../../training/checkData';
import { textOf, unreadable } from '../files';

/** Of one read from the disk: large enough that the reads cost little, small beside any memory. */
const PIECE = 1 << 20;

/**
 * The bytes of a file, unpacked when they are compressed by gzip.
 *
 * @throws {DataError} when there is no such file, it cannot be read, or is damaged
 */
export async function* fileBytes(file: string): AsyncGenerator<Buffer> {
  const zipped = await startsAsGzip(file);
  const source = createReadStream(file, { highWaterMark: PIECE });
  const bytes = zipped ? source.pipe(createGunzip({ chunkSize: PIECE })) : source;
  // An error of the file does not reach what it is piped into.
  source.on('error', (error) => bytes.destroy(error));
  try {
    for await (const piece of bytes) yield piece as Buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw unreadable(file, error);
    throw new DataError(`${file}: it cannot be unpacked as gzip (${textOf(error)}); the file is damaged or cut short`);
  } finally {
    source.destroy();
    bytes.destroy();
  }
}

async function startsAsGzip(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0).catch((error: unknown) => {
      throw unreadable(file, error);
    });
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** The bytes behind the first `count`. */
export async function* bytesBehind(count: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const piece of bytes) {
    const part = piece.subarray(Math.min(left, piece.length));
    left -= piece.length - part.length;
    if (part.length > 0) yield part;
  }
}

/** Takes pieces of any size apart into what is asked for. */
export class ByteReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private held: Buffer = Buffer.alloc(0);

  constructor(
    private readonly file: string,
    bytes: AsyncIterable<Uint8Array>,
  ) {
    this.pieces = bytes[Symbol.asyncIterator]();
  }

  /** @throws {DataError} when fewer bytes are left; `what` they are stands in the message */
  async read(count: number, what: string): Promise<Buffer> {
    const bytes = await this.upTo(count);
    if (bytes.length === count) return bytes;
    throw new DataError(`${this.file}: cut short; expected ${count} more bytes (${what}), found ${bytes.length}`);
  }

  /** Fewer than asked for at the end alone. */
  async upTo(count: number): Promise<Buffer> {
    const parts = [this.held];
    let length = this.held.length;
    while (length < count) {
      const { value, done } = await this.pieces.next();
      if (done) break;
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      length += value.byteLength;
    }
    const all = parts.length === 1 ? this.held : Buffer.concat(parts);
    this.held = all.subarray(count);
    return all.subarray(0, count);
  }

  async skip(count: number, what: string): Promise<void> {
    for (let left = count; left > 0; left -= PIECE) await this.read(Math.min(left, PIECE), what);
  }

  /** Ends the reading, whether or not the bytes are at their end. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }
}
