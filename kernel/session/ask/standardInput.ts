/**
 * `process.stdin` of cells: each line that somebody reads is asked of the user. A cancelled question is the end of the
 * input for those that read it then; who reads later is asked again.
 */
import readline from 'node:readline';
import readlinePromises from 'node:readline/promises';
import { syncBuiltinESMExports } from 'node:module';
import { Readable } from 'node:stream';
import { scriptsUnderWay } from '../show/callSites';

export interface InputHost {
  /** Asks for a line; null: the input is closed. Rejects when there is no one to ask, or the user interrupts. */
  ask(): Promise<string | null>;
  /** Nobody waits for the line any more. */
  withdraw(): void;
  /** Ends the cell under way: it would wait for ever. */
  fail(error: Error): void;
}

/** Node's own: those that cells call end with their cell. */
const nextTurn = setImmediate;

/** Who reads listens to these. */
const READING = ['data', 'readable', 'end', 'keypress'] as const;

/** An interface of readline, as far as it matters here. */
interface Interface {
  input?: unknown;
  closed?: boolean;
  listenerCount(event: string): number;
}

export class StandardInput extends Readable {
  private asking = false;
  private looking = false;
  /** Raised by an interrupt: what was asked before it is of no interest. */
  private generation = 0;
  /** Listeners of readline, which reads ahead whether or not anybody wants its lines. */
  private readonly ofReadline = new WeakSet<object>();
  /** Interfaces whose lines somebody listens to. */
  private readonly listened = new Set<Interface>();
  /** Interfaces that have put a question. */
  private readonly questioning = new Map<Interface, (error?: Error) => void>();

  constructor(private readonly host: InputHost) {
    super({ autoDestroy: false, emitClose: false });
    // By which Node marks a stream whose `destroy()` left it as it was: the next loop would find nothing to read.
    Object.defineProperty(this, Symbol.for('nodejs.stream.destroyed'), { get: () => false, set: () => {} });
    this.on('newListener', (event, listener: object) => {
      if (event === 'data' && isCalledByReadline()) this.ofReadline.add(listener);
      if (event === 'data' || event === 'readable') this.look();
    });
    this.on('resume', () => this.look());
    this.on('pause', () => this.look());
  }

  /** Takes the place of the process's own, which is closed. */
  install(): void {
    Object.defineProperty(process, 'stdin', { value: this, configurable: true, writable: true, enumerable: true });
    this.watchReadline();
    syncBuiltinESMExports();
  }

  /** Nobody reads any more: the user interrupted. */
  interrupted(): void {
    this.withdraw();
    this.letGo();
  }

  override _read(): void {
    this.look();
  }

  /** It is the process's: who has read enough (`break` in a loop) leaves it to others. */
  override destroy(): this {
    this.look();
    this.letGo();
    return this;
  }

  /** In a separate turn: whoever has got a line may close, and print a question first. */
  private look(): void {
    if (this.looking) return;
    this.looking = true;
    nextTurn(() => {
      this.looking = false;
      const wanted = this.isWanted();
      if (wanted && !this.asking) void this.askLine(this.generation);
      else if (!wanted && this.asking) this.withdraw();
    });
  }

  private withdraw(): void {
    if (!this.asking) return;
    this.generation++;
    this.asking = false;
    this.host.withdraw();
  }

  private isWanted(): boolean {
    for (const face of [...this.listened, ...this.questioning.keys()]) {
      if (!face.closed) continue;
      this.listened.delete(face);
      this.questioning.delete(face);
    }
    if (this.listenerCount('readable') > 0) return true;
    if (!this.readableFlowing) return false;
    const readers = this.listeners('data').filter((listener) => !this.ofReadline.has(listener));
    const lines = [...this.listened].some((face) => face.listenerCount('line') > 0);
    return readers.length > 0 || lines || this.questioning.size > 0;
  }

  private async askLine(generation: number): Promise<void> {
    this.asking = true;
    let line: string | null = null;
    let failure: Error | undefined;
    try {
      line = await this.host.ask();
    } catch (error) {
      failure = error as Error;
    }
    if (generation !== this.generation) return;
    this.asking = false;
    if (line !== null) this.give(line);
    else this.close(failure);
  }

  private give(line: string): void {
    for (const settle of this.questioning.values()) settle();
    this.questioning.clear();
    this.push(`${line}\n`);
  }

  private close(failure: Error | undefined): void {
    const questions = [...this.questioning.values()];
    this.questioning.clear();
    const closed = failure ?? new Error('The input was closed before the question was answered.');
    for (const settle of questions) settle(closed);
    if (failure) this.host.fail(failure);
    this.emit('end');
    this.letGo();
  }

  private letGo(): void {
    this.questioning.clear();
    this.listened.clear();
    this.pause();
    for (const event of READING) this.removeAllListeners(event);
    // By which readline knows that it listens for keys already.
    const keys = Object.getOwnPropertySymbols(this).find((symbol) => symbol.description === 'keypress-decoder');
    if (keys) Reflect.deleteProperty(this, keys);
  }

  /** Learns which interfaces want a line. */
  private watchReadline(): void {
    const noteQuestion = (face: Interface, settle: (error?: Error) => void) => {
      if (face.input !== this) return;
      this.questioning.set(face, settle);
      this.look();
    };
    const noteListener = (face: Interface, event: unknown) => {
      if (event !== 'line' || face.input !== this) return;
      this.listened.add(face);
      this.look();
    };
    const noteOver = (face: Interface) => {
      this.questioning.delete(face);
      this.look();
    };
    const { host } = this;
    type Ask = (this: Interface, ...values: unknown[]) => unknown;
    const callbacks = readline.Interface.prototype as unknown as { question: Ask };
    const { question } = callbacks;
    callbacks.question = like(question, function (...values) {
      const asked = Reflect.apply(question, this, values);
      // Its callback is not called any more.
      noteQuestion(this, (error) => error && host.fail(error));
      return asked;
    });
    const promises = readlinePromises.Interface.prototype as unknown as { question: Ask };
    const { question: promised } = promises;
    promises.question = function (...values) {
      const asked = Reflect.apply(promised, this, values) as Promise<string>;
      const unanswered = new Promise<never>((_resolve, reject) =>
        noteQuestion(this, (error) => error && reject(error)),
      );
      const over = () => noteOver(this);
      void asked.then(over, over);
      return Promise.race([asked, unanswered]);
    };
    const base = Object.getPrototypeOf(promises) as { on: Ask; addListener: Ask };
    const on = base.on;
    base.on = base.addListener = function (event, ...values) {
      const self = Reflect.apply(on, this, [event, ...values]);
      noteListener(this, event);
      return self;
    };
  }
}

function isCalledByReadline(): boolean {
  return scriptsUnderWay().some((file) => file.startsWith('node:internal/readline/'));
}

/** With the properties of the one that it stands for: `util.promisify` reads one. */
function like<F extends object>(original: F, own: F): F {
  return Object.defineProperties(own, Object.getOwnPropertyDescriptors(original));
}
