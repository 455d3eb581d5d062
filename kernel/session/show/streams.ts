/** stdout and stderr of cells, in order, in pieces large enough to be cheap and early enough to be live. */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Stream } from '../../protocol';
import { LongText } from './longText';
import { Spool } from './spool';

/**
 * Text is sent at once, so that it is seen before a long computation, unless that was done often of late: so many times
 * one after the other, and again after this pause. Else it is sent when this much has gathered, and in any case at the end
 * of the turn.
 */
const AT_ONCE = 40;
const PAUSE_MS = 5;
const PIECE = 64 * 1024;
/** How often the end of very long text is shown meanwhile, and how much of it. */
const END_PAUSE_MS = 500;
const END_MEANWHILE = 16 * 1024;

/** Characters of a line that may be a question. */
const LONGEST_QUESTION = 1000;

/** Node's own: those that cells call end with their cell. */
const nextTurn = setImmediate;
const later = setTimeout;

type StreamName = Stream['name'];

/** Stands before what a cell prints or shows when it has ended. */
const LATE = '[after the cell had ended]\n';

/** Who is printing: absent when no cell caused it. */
export interface Printer {
  id: string;
  ended: boolean;
  /** Whether {@link LATE} stands there. */
  saidLate: boolean;
}

/** All that a cell has printed. */
interface Printed {
  texts: Record<StreamName, LongText>;
  spool: Spool;
}

export class Streams {
  private readonly printed = new WeakMap<Printer, Printed>();
  /** Long texts whose ends have grown since they were sent. */
  private readonly grown = new Map<LongText, { name: StreamName; printer: Printer }>();
  private endsAreDue = false;
  private lastEnds = 0;
  private pending: { name: StreamName; printer: Printer | undefined; late: boolean; text: string } | undefined;
  private scheduled = false;
  private credit = AT_ONCE;
  private creditedAt = 0;
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
    process.on('exit', () => {
      this.flush();
      this.sendEnds();
    });
  }

  write(name: StreamName, text: string, printer = this.printer()): void {
    const late = printer?.ended ?? false;
    const { pending } = this;
    if (pending && (pending.name !== name || pending.printer !== printer || pending.late !== late)) this.flush();
    if (name === 'stdout') {
      const line = text.lastIndexOf('\n') + 1;
      this.unfinished = `${line > 0 ? '' : this.unfinished}${text.slice(line)}`.slice(-LONGEST_QUESTION);
    }
    const allowed = printer ? this.allowed(name, text, printer) : text;
    if (allowed !== '' || (late && !printer?.saidLate)) this.gather(name, allowed, printer, late);
    if (this.grown.size > 0) this.scheduleEnds();
  }

  private gather(name: StreamName, allowed: string, printer: Printer | undefined, late: boolean): void {
    this.pending ??= { name, printer, late, text: '' };
    if (late) this.sayLate(printer!);
    this.pending.text += allowed;
    if (this.pending.text.length >= PIECE || this.mayGoAtOnce()) this.flush();
    else this.schedule();
  }

  private mayGoAtOnce(): boolean {
    const now = performance.now();
    this.credit = Math.min(AT_ONCE, this.credit + (now - this.creditedAt) / PAUSE_MS);
    this.creditedAt = now;
    if (this.credit < 1) return false;
    this.credit--;
    return true;
  }

  /** Marks what a cell shows from now on as late. */
  markLate(printer: Printer): void {
    if (printer.saidLate) return;
    this.write('stdout', '', printer);
    this.flush();
  }

  /** A cell ends: the ends of what it printed are sent in full. */
  end(printer: Printer): void {
    this.flush();
    const printed = this.printed.get(printer);
    if (!printed) return;
    for (const name of ['stdout', 'stderr'] as const) {
      const long = printed.texts[name];
      if (long.long) this.grown.set(long, { name, printer });
    }
    this.sendEnds(undefined, printer);
    printed.spool.end();
  }

  /** Sends what has gathered; called before anything that must come after it. */
  flush(): void {
    if (!this.pending) return;
    const { name, printer, late, text } = this.pending;
    this.pending = undefined;
    this.send({ type: 'stream', id: printer?.id, name, text, ...(late && { late }) });
  }

  private sayLate(printer: Printer): void {
    if (!printer.saidLate && this.pending) this.pending.text = LATE;
    printer.saidLate = true;
  }

  /** What goes out at once; of a long text the end follows. */
  private allowed(name: StreamName, text: string, printer: Printer): string {
    const { texts, spool } = this.printedBy(printer);
    const long = texts[name];
    spool.add(text);
    const allowed = long.add(text);
    if (long.long && text !== '') this.grown.set(long, { name, printer });
    return allowed;
  }

  private printedBy(printer: Printer): Printed {
    let printed = this.printed.get(printer);
    if (!printed) {
      printed = { texts: { stdout: new LongText(), stderr: new LongText() }, spool: new Spool() };
      this.printed.set(printer, printed);
    }
    return printed;
  }

  /** Cells that never let go are looked at between two lines, all others when the time has come. */
  private scheduleEnds(): void {
    if (performance.now() - this.lastEnds > END_PAUSE_MS) {
      this.flush();
      this.sendEnds(END_MEANWHILE);
    } else if (!this.endsAreDue) {
      this.endsAreDue = true;
      later(() => {
        this.endsAreDue = false;
        this.sendEnds(END_MEANWHILE);
      }, END_PAUSE_MS).unref();
    }
  }

  private sendEnds(longest?: number, ending?: Printer): void {
    this.lastEnds = performance.now();
    for (const [long, { name, printer }] of this.grown) {
      const file = this.printedBy(printer).spool.settle();
      // A cell that has ended prints rarely; its end stays as it is sent.
      const text = long.end(printer.ended ? undefined : longest);
      // The word of a cell's end comes after these.
      const late = printer.ended && printer !== ending && { late: true };
      this.send({ type: 'stream', id: printer.id, name, text, ...late, end: { ...(file !== undefined && { file }) } });
    }
    this.grown.clear();
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
