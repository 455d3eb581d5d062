/** The main thread's side of the watchdog, and the words that both threads share. */
import { Worker } from 'node:worker_threads';

/** Indices into the shared Int32Array. */
export const Flag = {
  /** Counts the watchdog's messages that the main thread has seen. */
  answered: 0,
  /** Above 0 while the main thread must not be stopped (a parameter update). */
  critical: 1,
  /** Execution order of the cell under way; 0 for none. */
  running: 2,
} as const;

export interface WatchdogData {
  fd: number;
  flags: SharedArrayBuffer;
}

/** `cell`: the execution order of the cell that was running when the host interrupted; 0 for none. */
export type FromWatchdog =
  { type: 'ping' } | { type: 'interrupt' | 'terminated'; cell: number } | { type: 'broken'; message: string };

export class Interrupts {
  private readonly flags = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));

  /**
   * @param script the watchdog's file
   * @param fd the pipe on which the host writes a byte for each interrupt
   * @param onMessage hears what the watchdog saw and did
   */
  constructor(script: URL, fd: number, onMessage: (message: FromWatchdog) => void) {
    const workerData: WatchdogData = { fd, flags: this.flags.buffer as SharedArrayBuffer };
    const worker = new Worker(script, { workerData });
    worker.unref();
    worker.on('message', (message: FromWatchdog) => {
      Atomics.add(this.flags, Flag.answered, 1);
      onMessage(message);
    });
  }

  /** Brackets work that must not be stopped half-way; the watchdog waits for its end. */
  critical(busy: boolean): void {
    Atomics.add(this.flags, Flag.critical, busy ? 1 : -1);
  }

  /** The cell under way, by its execution order; 0 for none. */
  running(order: number): void {
    Atomics.store(this.flags, Flag.running, order);
  }
}
