/** What goes over the pipe between host and kernel that is read while the kernel's main thread is busy. */
import { deserialize, serialize } from 'node:v8';
import { INTERRUPT_BYTE } from './protocol';

/** Begins a message: four bytes of length and the message itself, a structured clone, follow. */
const MESSAGE_BYTE = 0x02;
const HEADER = 5;

export function framed(message: unknown): Buffer {
  const body = serialize(message);
  const header = Buffer.alloc(HEADER);
  header[0] = MESSAGE_BYTE;
  header.writeUInt32LE(body.length, 1);
  return Buffer.concat([header, body]);
}

/** Puts messages together again from the pieces in which a pipe delivers them. */
export class PipeReader {
  private pieces: Buffer[] = [];
  private held = 0;
  private wanted = 1;

  constructor(
    private readonly onMessage: (message: unknown) => void,
    private readonly onInterrupt: () => void = () => {},
  ) {}

  push(piece: Buffer): void {
    this.pieces.push(piece);
    this.held += piece.length;
    // A long message is joined once, when it is whole.
    while (this.held >= this.wanted) this.take();
  }

  private take(): void {
    const bytes = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
    const length = lengthOf(bytes);
    if (length <= bytes.length) {
      if (bytes[0] === INTERRUPT_BYTE) this.onInterrupt();
      else this.onMessage(deserialize(bytes.subarray(HEADER, length)));
    }
    const rest = bytes.subarray(length <= bytes.length ? length : 0);
    this.pieces = rest.length > 0 ? [rest] : [];
    this.held = rest.length;
    this.wanted = rest.length > 0 ? lengthOf(rest) : 1;
  }
}

/** The length of the first message, or of as much of it as is needed to tell its length. */
function lengthOf(bytes: Buffer): number {
  if (bytes[0] === INTERRUPT_BYTE) return 1;
  return bytes.length < HEADER ? HEADER : HEADER + bytes.readUInt32LE(1);
}
