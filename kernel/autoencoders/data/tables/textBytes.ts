/** Text files of any Unicode encoding as bytes of UTF-8. */
import { DataError } from '../checkData';

/** Bytes that tell the encoding. */
const LEAD = 64;

/** Takes the pieces of a file, and gives them as UTF-8 without a byte order mark. */
export class Utf8Bytes {
  private decoder: TextDecoder | undefined;
  private lead: Buffer | null = Buffer.alloc(0);

  constructor(private readonly name: string) {}

  /** @throws {DataError} for bytes that are no text */
  push(piece: Uint8Array): Buffer {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (!this.lead) return this.recoded(bytes, false);
    this.lead = Buffer.concat([this.lead, bytes]);
    return this.lead.length < LEAD ? Buffer.alloc(0) : this.begun(false);
  }

  /** What is left at the end. */
  end(): Buffer {
    return this.lead ? this.begun(true) : this.recoded(Buffer.alloc(0), true);
  }

  private begun(last: boolean): Buffer {
    const lead = this.lead!;
    this.lead = null;
    const { encoding, mark } = encodingOf(this.name, lead);
    if (encoding) this.decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    return this.recoded(lead.subarray(mark), last);
  }

  private recoded(bytes: Buffer, last: boolean): Buffer {
    if (this.decoder) return Buffer.from(this.decoded(bytes, last));
    if (!bytes.includes(0)) return bytes;
    throw new DataError(`${this.name}: this is not text, it contains bytes of 0; expected a table of numbers as text`);
  }

  private decoded(bytes: Buffer, last: boolean): string {
    try {
      return this.decoder!.decode(bytes, { stream: !last });
    } catch {
      throw new DataError(`${this.name}: its text is damaged, or no ${this.decoder!.encoding.toUpperCase()}`);
    }
  }
}

/** UTF-16 by its mark, or since every other byte of numbers and English is 0; else UTF-8 or what is like ASCII. */
function encodingOf(name: string, lead: Buffer): { encoding?: 'utf-16le' | 'utf-16be'; mark: number } {
  const marked = (...mark: number[]): boolean => mark.every((byte, i) => lead[i] === byte);
  if (marked(0xff, 0xfe, 0, 0) || marked(0, 0, 0xfe, 0xff)) {
    throw new DataError(`${name}: found text in UTF-32; save it as UTF-8`);
  }
  if (marked(0xef, 0xbb, 0xbf)) return { mark: 3 };
  if (marked(0xff, 0xfe)) return { encoding: 'utf-16le', mark: 2 };
  if (marked(0xfe, 0xff)) return { encoding: 'utf-16be', mark: 2 };
  const start = lead.subarray(0, LEAD);
  const zeros = [0, 0];
  for (const [i, byte] of start.entries()) if (byte === 0) zeros[i % 2]! += 1;
  const [even, odd] = zeros as [number, number];
  if (odd > start.length / 4 && even === 0) return { encoding: 'utf-16le', mark: 0 };
  if (even > start.length / 4 && odd === 0) return { encoding: 'utf-16be', mark: 0 };
  return { mark: 0 };
}

/** Text of UTF-8, or where that is damaged of Windows' western encoding. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const western = new TextDecoder('windows-1252');
