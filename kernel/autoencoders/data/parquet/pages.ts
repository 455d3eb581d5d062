/** Columns of Parquet files, page after page. */
import type { FileHandle } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { PageHeader } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetHeader } from 'hyparquet/src/column.js';
import { Damaged, isOneRun, unpacked } from './levels';
import { encodedValues, plainValues, type ValueKind, type Values } from './values';

export interface ColumnChunk {
  /** Bytes of the file. */
  start: number;
  end: number;
  codec: string;
  kind: ValueKind;
  /** The highest levels: of definition (a value is there) and of repetition (1 within lists). */
  maxDefinition: number;
  maxRepetition: number;
}

export interface Page extends Values {
  /** Entries, values and those that are missing. */
  count: number;
  /** Level of each entry; null: all are there. */
  definitions: Int32Array | null;
  /** 0 where a row begins; null: at each entry. */
  repetitions: Int32Array | null;
}

/** The largest page that is read; pages of ordinary files have about one megabyte. */
const MOST_MEGABYTES = 256;
const MOST_ENTRIES = 2 ** 25;
const HEADER = 1 << 14;
const LONGEST_HEADER = 1 << 24;

/** The pages of one column in one group of rows, read one at a time. */
export class ColumnPages {
  private at: number;
  /** Bytes that were read from the file; those of a page are there until the next page is asked for. */
  private buffer: Buffer = Buffer.alloc(0);
  private held: Buffer = Buffer.alloc(0);
  private dictionary: Values | null = null;

  constructor(
    private readonly handle: FileHandle,
    private readonly chunk: ColumnChunk,
  ) {
    this.at = chunk.start;
  }

  /** The next page of data; null at the end. */
  async next(): Promise<Page | null> {
    while (this.at < this.chunk.end) {
      const header = await this.header();
      const compressed = await this.take(sizeOf(header.compressed_page_size, this.chunk.end - this.at));
      const full = sizeOf(Number(header.uncompressed_page_size), MOST_MEGABYTES * 2 ** 20);
      if (header.type === 'DICTIONARY_PAGE') {
        const bytes = unzipped(compressed, full, this.chunk.codec);
        const values = plainValues(this.chunk.kind, bytes, entriesOf(header.dictionary_page_header?.num_values));
        // Numbers may be views of bytes that are read over.
        this.dictionary = { ...values, numbers: values.numbers?.slice() ?? null };
      } else if (header.type === 'DATA_PAGE') return this.first(header, unzipped(compressed, full, this.chunk.codec));
      else if (header.type === 'DATA_PAGE_V2') return this.second(header, compressed, full);
    }
    return null;
  }

  private first({ data_page_header: header }: PageHeader, bytes: Buffer): Page {
    if (!header) throw new Damaged('a page has no header');
    const count = entriesOf(header.num_values);
    const { maxDefinition, maxRepetition } = this.chunk;
    let at = 0;
    const levels = (): Buffer => {
      if (at + 4 > bytes.length) throw new Damaged('its levels are cut short');
      const end = at + 4 + bytes.readUInt32LE(at);
      if (end > bytes.length) throw new Damaged('its levels are cut short');
      const found = bytes.subarray(at + 4, end);
      at = end;
      return found;
    };
    const repetitions = maxRepetition === 0 ? null : unpacked(levels(), 0, bitsOf(maxRepetition), count);
    const definitions = maxDefinition === 0 ? null : definitionsOf(levels(), maxDefinition, count);
    return this.page(count, repetitions, definitions, header.encoding, () => bytes.subarray(at));
  }

  private second({ data_page_header_v2: header }: PageHeader, bytes: Buffer, full: number): Page {
    if (!header) throw new Damaged('a page has no header');
    const count = entriesOf(header.num_values);
    const { maxDefinition, maxRepetition, codec } = this.chunk;
    const split = sizeOf(header.repetition_levels_byte_length, bytes.length);
    const start = split + sizeOf(header.definition_levels_byte_length, bytes.length - split);
    const repetitions =
      maxRepetition === 0 ? null : unpacked(bytes.subarray(0, split), 0, bitsOf(maxRepetition), count);
    const definitions = maxDefinition === 0 ? null : definitionsOf(bytes.subarray(split, start), maxDefinition, count);
    const values = bytes.subarray(start);
    const open = () => (header.is_compressed === false ? values : unzipped(values, sizeOf(full - start, full), codec));
    return this.page(count, repetitions, definitions, header.encoding, open);
  }

  private page(
    count: number,
    repetitions: Int32Array | null,
    definitions: Int32Array | null,
    encoding: string,
    open: () => Buffer,
  ): Page {
    const { maxDefinition, kind } = this.chunk;
    let present = count;
    if (definitions) for (let i = 0; i < count; i++) if (definitions[i] !== maxDefinition) present -= 1;
    const bytes = present === 0 ? Buffer.alloc(0) : open();
    return { ...encodedValues(kind, encoding, bytes, present, this.dictionary), count, definitions, repetitions };
  }

  /** Reads more when the header is longer than what was read. */
  private async header(): Promise<PageHeader> {
    for (let size = HEADER; ; size *= 8) {
      const bytes = await this.peek(size);
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
      try {
        const header = parquetHeader(reader);
        await this.take(reader.offset);
        return header;
      } catch (error) {
        if (bytes.length < size || size > LONGEST_HEADER) throw error;
      }
    }
  }

  /** Up to so many of the next bytes. */
  private async peek(size: number): Promise<Buffer> {
    const wanted = Math.min(size, this.chunk.end - this.at);
    if (this.held.length < wanted) {
      const bytes = this.buffer.length >= wanted ? this.buffer : Buffer.allocUnsafeSlow(wanted);
      this.held.copy(bytes);
      const missing = wanted - this.held.length;
      const { bytesRead } = await this.handle.read(bytes, this.held.length, missing, this.at + this.held.length);
      if (bytesRead < missing) throw new Damaged('the file is cut short');
      this.buffer = bytes;
      this.held = bytes.subarray(0, wanted);
    }
    return this.held.subarray(0, wanted);
  }

  private async take(size: number): Promise<Buffer> {
    const bytes = await this.peek(size);
    this.held = this.held.subarray(size);
    this.at += size;
    return bytes;
  }
}

/** Null if nothing is missing. */
function definitionsOf(bytes: Buffer, most: number, count: number): Int32Array | null {
  return isOneRun(bytes, 0, bitsOf(most), count, most) ? null : unpacked(bytes, 0, bitsOf(most), count);
}

function bitsOf(most: number): number {
  return 32 - Math.clz32(most);
}

function sizeOf(size: number, most: number): number {
  if (Number.isInteger(size) && size >= 0 && size <= most) return size;
  throw new Damaged(`a part would have ${size} bytes`);
}

function entriesOf(count: number | undefined): number {
  if (Number.isInteger(count) && count! >= 0 && count! <= MOST_ENTRIES) return count!;
  throw new Damaged(`a page would have ${count} values`);
}

function unzipped(bytes: Buffer, size: number, codec: string): Buffer {
  const whole = decompressed(bytes, size, codec);
  if (whole.length !== size) throw new Damaged(`a page has ${whole.length} bytes where its header says ${size}`);
  return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
}

function decompressed(bytes: Buffer, size: number, codec: string): Uint8Array {
  if (codec === 'UNCOMPRESSED') return bytes;
  if (size === 0) return Buffer.alloc(0);
  if (codec === 'GZIP') return gunzipSync(bytes, { maxOutputLength: size });
  if (codec === 'BROTLI') return brotliDecompressSync(bytes, { maxOutputLength: size });
  const decompress = compressors[codec as keyof typeof compressors];
  if (!decompress) throw new Damaged(`it is compressed by ${codec}, which LatentLab does not know`);
  return decompress(bytes, size);
}
