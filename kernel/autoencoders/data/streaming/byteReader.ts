/** Bytes of a file in order, a piece at a time. */
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { DataError } from '../checkData';
import { textOf, unreadable } from '../files';

/** The bytes of one read from the disk: enough that the reads cost little, and few beside any memory. */
const PIECE = 1 << 20;
/** Deflate, in gzip and ZIP, expands one byte to at most this many. */
export const MOST_INFLATED = 1032;

/** Bytes that can be read from the first on, any number of times. */
export interface ByteSource {
  /** The file's name, for messages. */
  file: string;
  /** The number of bytes. Where they are compressed and nothing tells it, the most that there can be. */
  size: number;
  /** Whether `size` is the exact number, and not only a bound. */
  exact: boolean;
  /** Each piece is valid until the next is asked for. */
  bytes(): AsyncIterable<Uint8Array>;
  /** The bytes from a place on, for sources where those before it need not be read. */
  skipTo?(place: number): AsyncIterable<Uint8Array>;
}

/**
 * A file, unpacked when it is compressed by gzip.
 *
 * @throws {DataError} when there is no such file, or it cannot be read
 */
export async function fileSource(file: string): Promise<ByteSource> {
  const handle = await open(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const zipped = /\.gz$/i.test(file) || (bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b);
    return zipped
      ? { file, size: size * MOST_INFLATED, exact: false, bytes: () => unzipped(file) }
      : { file, size, exact: true, bytes: () => piecesOf(file, 0), skipTo: (place) => piecesOf(file, place) };
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    await handle.close();
  }
}

/**
 * The bytes of a file, unpacked when they are compressed by gzip; each piece is valid until the next is asked for.
 *
 * @throws {DataError} when there is no such file, it cannot be read, or is damaged
 */
export async function* fileBytes(file: string): AsyncGenerator<Buffer> {
  yield* (await fileSource(file)).bytes() as AsyncIterable<Buffer>;
}

/** The bytes of a source after the first `count`. */
export function sourceBehind(count: number, source: ByteSource): ByteSource {
  const { file, size, exact } = source;
  return { file, size: size - count, exact, bytes: () => bytesBetween(count, Infinity, source) };
}

/** The bytes [start, end) of a source. */
export function sourceBetween(start: number, end: number, source: ByteSource): ByteSource {
  return { file: source.file, size: end - start, exact: true, bytes: () => bytesBetween(start, end, source) };
}

async function* piecesOf(file: string, start: number): AsyncGenerator<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    // All reads share one buffer. Otherwise the garbage would soon be as large as the file.
    const room = Buffer.allocUnsafeSlow(PIECE);
    for (let at = start; ;) {
      const { bytesRead } = await handle.read(room, 0, PIECE, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield room.subarray(0, bytesRead);
    }
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    await handle?.close();
  }
}

async function* unzipped(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: PIECE });
  const bytes = source.pipe(createGunzip({ chunkSize: PIECE }));
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

async function* bytesBetween(start: number, end: number, source: ByteSource): AsyncGenerator<Uint8Array> {
  let at = source.skipTo ? start : 0;
  for await (const piece of source.skipTo?.(start) ?? source.bytes()) {
    const part = piece.subarray(Math.min(piece.length, Math.max(0, start - at)), Math.max(0, end - at));
    at += piece.length;
    if (part.length > 0) yield part;
    if (at >= end) return;
  }
}

/** Cuts pieces of any size into the bytes that are asked for. */
export class ByteReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private held: Buffer = Buffer.alloc(0);

  constructor(
    private readonly file: string,
    bytes: AsyncIterable<Uint8Array>,
  ) {
    this.pieces = bytes[Symbol.asyncIterator]();
  }

  /** @throws {DataError} when fewer bytes are left; the message says `what` they are */
  async read(count: number, what: string): Promise<Buffer> {
    const bytes = await this.upTo(count);
    if (bytes.length === count) return bytes;
    throw this.short(count, bytes.length, what);
  }

  /**
   * Reads the same into memory of its own, so that numbers of any size may start there.
   *
   * @param room memory for the bytes; default: memory that nobody else has
   */
  async readOwn(count: number, what: string, room = new ArrayBuffer(count)): Promise<ArrayBuffer> {
    const own = Buffer.from(room);
    let filled = this.held.copy(own);
    this.held = this.held.subarray(filled);
    while (filled < count) {
      const { value, done } = await this.pieces.next();
      if (done) throw this.short(count, filled, what);
      const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      const taken = piece.copy(own, filled);
      this.held = piece.subarray(taken);
      filled += taken;
    }
    return room;
  }

  /** The next `count` bytes; fewer only at the end. */
  async upTo(count: number): Promise<Buffer> {
    const parts = [this.held];
    let length = this.held.length;
    while (length < count) {
      // The next read overwrites the present piece.
      const last = parts.length - 1;
      parts[last] = Buffer.from(parts[last]!);
      const { value, done } = await this.pieces.next();
      if (done) break;
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      length += value.byteLength;
    }
    const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    this.held = all.subarray(count);
    return Buffer.from(all.subarray(0, count));
  }

  /** @throws {DataError} when bytes are left */
  async end(): Promise<void> {
    const rest = await this.upTo(1);
    if (rest.length > 0) throw new DataError(`${this.file}: too long; its header says that it ends before`);
  }

  async skip(count: number, what: string): Promise<void> {
    for (let left = count; left > 0; left -= PIECE) await this.read(Math.min(left, PIECE), what);
  }

  private short(count: number, found: number, what: string): DataError {
    return new DataError(`${this.file}: cut short; expected ${count} more bytes (${what}), found ${found}`);
  }

  /** Ends the reading, whether or not the bytes are at their end. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }
}
