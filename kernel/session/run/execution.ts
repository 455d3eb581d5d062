/** One run of one cell: its identity, its abort signal, and how it ends. */
import type { CellError, Execute } from '../../protocol';
import { InterruptedError } from '../errors';
import type { Printer } from '../show/streams';

/** How a run ends: in good order, or with an error. */
export type Ending = { success: true } | { success: false; error: CellError };

/** How long an aborted cell has to end by itself before it is settled over its head. */
const SETTLE_MS = 250;

/** Node's own: those that cells call end with their cell. */
const later = setTimeout;

const { name, message } = new InterruptedError();
const INTERRUPTED: Ending = {
  success: false,
  error: { kind: 'interrupt', name, message, stack: `${name}: ${message}` },
};

export class Execution implements Printer {
  readonly id: string;
  readonly cellName: string;
  readonly startTime = Date.now();
  private readonly startedAt = performance.now();
  private readonly controller = new AbortController();
  private hasRun = false;
  private hasEnded = false;
  private readonly work = new Map<Promise<void>, () => void>();
  private readonly closing = new Set<() => void>();
  private readonly started = new Set<() => void>();
  /** Whether an interrupt has ended all that the cell started. */
  stopped = false;
  /** How often it has gone to the event loop since then. */
  lastTurns = 0;
  /** How many ticks it has asked for in this turn, since then. */
  lastTicks = 0;
  /** When its code was last seen to go on although it has been stopped (`performance.now()`). */
  strayedAt = -Infinity;
  private interruptedAt: number | undefined;
  saidLate = false;
  /** The last expression's value, once the cell came to it. */
  result: unknown;

  constructor(
    readonly message: Execute,
    readonly order: number,
    private readonly onEnd: (execution: Execution, ending: Ending) => void,
  ) {
    this.id = message.id;
    this.cellName = message.cellName;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether what it causes from now on is late. */
  get ended(): boolean {
    return this.hasEnded;
  }

  get duration(): number {
    return performance.now() - this.startedAt;
  }

  /**
   * How the run ends; the first word counts. What is settled is still shown in time. Where V8 ends this in the middle, the
   * next word goes on with what is left.
   */
  end(ending: Ending): void {
    if (this.hasEnded) return;
    for (const [work, settle] of this.work) {
      this.work.set(work, () => {});
      settle();
    }
    this.codeHasRun();
    this.hasEnded = true;
    if (this.interruptedAt !== undefined) this.stop();
    this.onEnd(this, ending);
  }

  /**
   * Keeps the cell running for work that it started and does not wait for (a training without `await`).
   *
   * @param settle is called where the run ends before: what the cell shows of the work is final then
   * @returns to be called when the work is over
   */
  hold(settle: () => void = () => {}): () => void {
    let release!: () => void;
    const work = new Promise<void>((resolve) => (release = resolve));
    this.work.set(work, settle);
    return () => {
      this.work.delete(work);
      release();
    };
  }

  /** Does, once the cell's own code has run or the run has ended, what that code should not wait for. */
  afterCode(work: () => void): void {
    if (this.hasRun || this.hasEnded) work();
    else this.closing.add(work);
  }

  /** The cell's own code has run, to its end; what it started may go on. */
  codeHasRun(): void {
    this.hasRun = true;
    for (const work of this.closing) {
      this.closing.delete(work);
      work();
    }
  }

  /**
   * Something that the cell started (a timer, a child process) and that an interrupt ends.
   *
   * @returns to be called when it has ended by itself
   */
  endsWith(stop: () => void): () => void {
    this.started.add(stop);
    return () => this.started.delete(stop);
  }

  /** Whether something of {@link endsWith} is under way. */
  get hasStarted(): boolean {
    return this.started.size > 0;
  }

  /** Settles when nothing is held any more. */
  async released(): Promise<void> {
    while (this.work.size > 0) await Promise.all(this.work.keys());
  }

  /** Aborts the work that the cell started. */
  abort(reason: Error): void {
    if (!this.signal.aborted) this.controller.abort(reason);
  }

  /** Aborts what the cell is doing. A cell that waits for something else is settled after a moment. */
  interrupt(): void {
    if (this.interruptedAt !== undefined) return;
    this.interruptedAt = performance.now();
    this.abort(new InterruptedError());
    later(() => this.terminated(), SETTLE_MS).unref();
  }

  /** Nothing is left that could end by itself. */
  terminated(): void {
    this.interruptedAt ??= performance.now();
    this.abort(new InterruptedError());
    this.stop();
    this.end(INTERRUPTED);
  }

  /**
   * Whether the cell's asynchronous functions may go on after an await that comes behind an interrupt: for a moment, so
   * that `finally` blocks can do their work.
   */
  mayGoOn(): boolean {
    if (this.interruptedAt === undefined || performance.now() - this.interruptedAt < SETTLE_MS) return true;
    this.strayedAt = performance.now();
    return false;
  }

  /** Ends what the cell started: timers, child processes. */
  private stop(): void {
    this.stopped = true;
    for (const stop of this.started) stop();
    this.started.clear();
  }
}
