/** stdout and stderr of cells, in order, in pieces large enough to be cheap and early enough to be live. */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Stream } from '../../protocol';

/**
 * Text is sent at once when nothing was sent for a while, so that it is seen before a long computation; else when this
 * much has gathered, and in any case at the end of the turn.
 */
const PIECE = 64 * 1024;
const PAUSE_MS = 30;
/** What one cell may print before the rest is left out, saying so. */
const LIMIT = 8 * 1024 * 1024;

/** Characters of a line that may be a question. */
const LONGEST_QUESTION = 1000;

/** Node's own: those that cells call end with their cell. */
const nextTurn = setImmediate;

type StreamName = Stream['name'];

/** Stands before what a cell prints or shows when it has ended. */
const LATE = '[after the cell had ended]\n';

/** Who is printing: absent when no cell caused it. */
export interface Printer {
  id: string;
  printed: number;
  ended: boolean;
  /** Whether {@link LATE} stands there. */
  saidLate: boolean;
}

export class Streams {
  private pending: { name: StreamName; printer: Printer | undefined; late: boolean; text: string } | undefined;
  private scheduled = false;
  private lastFlush = 0;
  /** What stdout ends with since its last line was: a question, when somebody reads. */
  unfinished = '';

  /** @param printer tells on whose behalf the current turn runs */
  constructor(
    private readonly send: (message: Stream) => void,
    private readonly printer: () => Printer | undefined,
  ) {}

  /** Routes `console`, `process.stdout` and `process.stderr` of this process through here. */
  install(): void {
    const stdout = this.writable('stdout');
    const stderr = this.writable('stderr');
    globalThis.console = new Console({ stdout, stderr, colorMode: false, inspectOptions: { depth: 4 } });
    process.stdout.write = stdout.write.bind(stdout) as typeof process.stdout.write;
    process.stderr.write = stderr.write.bind(stderr) as typeof process.stderr.write;
    process.on('exit', () => this.flush());
  }

  write(name: StreamName, text: string, printer = this.printer()): void {
    const late = printer?.ended ?? false;
    const { pending } = this;
    if (pending && (pending.name !== name || pending.printer !== printer || pending.late !== late)) this.flush();
    const allowed = this.allowed(text, printer);
    if (allowed === '' && !(late && !printer?.saidLate)) return;
    this.pending ??= { name, printer, late, text: '' };
    if (late) this.sayLate(printer!);
    this.pending.text += allowed;
    if (name === 'stdout')
      this.unfinished = `${this.unfinished}${allowed}`.split('\n').at(-1)!.slice(-LONGEST_QUESTION);
    if (this.pending.text.length >= PIECE || performance.now() - this.lastFlush > PAUSE_MS) this.flush();
    else this.schedule();
  }

  /** Marks what a cell shows from now on as late. */
  markLate(printer: Printer): void {
    if (printer.saidLate) return;
    this.write('stdout', '', printer);
    this.flush();
  }

  /** Sends what has gathered; called before anything that must come after it. */
  flush(): void {
    if (!this.pending) return;
    const { name, printer, late, text } = this.pending;
    this.pending = undefined;
    this.lastFlush = performance.now();
    this.send({ type: 'stream', id: printer?.id, name, text, ...(late && { late }) });
  }

  private sayLate(printer: Printer): void {
    if (!printer.saidLate && this.pending) this.pending.text = LATE;
    printer.saidLate = true;
  }

  private allowed(text: string, printer: Printer | undefined): string {
    if (!printer) return text;
    const before = printer.printed;
    printer.printed += text.length;
    if (before > LIMIT) return '';
    if (printer.printed <= LIMIT) return text;
    return `${text.slice(0, LIMIT - before)}\n… the cell printed more than ${LIMIT / 1024 / 1024} MB; the rest is left out.\n`;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    nextTurn(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  private writable(name: StreamName): Writable {
    // A character may arrive in two pieces.
    const decoder = new StringDecoder('utf8');
    return new Writable({
      decodeStrings: false,
      write: (chunk: string | Uint8Array, _encoding, done) => {
        this.write(name, typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)));
        done();
      },
    });
  }
}
