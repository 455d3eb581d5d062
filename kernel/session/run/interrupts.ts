/** The main thread's side of the watchdog. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { loadAddonsWhole } from './addons';
import { ChildProcesses } from './children';
import { Flag, FLAGS_LENGTH, type FromWatchdog, type WatchdogData } from './interruptFlags';
import { installStopPoint } from './stopPoint';
import type { ToAdapter } from '../debug/messages';

export class Interrupts {
  readonly flags = new Int32Array(new SharedArrayBuffer(FLAGS_LENGTH * Int32Array.BYTES_PER_ELEMENT));

  /** Leads to the watchdog, which reads and writes the pipe for this thread. */
  readonly port: MessagePort;
  private readonly worker: Worker;

  /**
   * @param script the watchdog's file
   * @param fd the pipe on which the host writes a byte for each interrupt
   * @param onMessage hears what the watchdog saw and did
   */
  constructor(script: URL, fd: number, onMessage: (message: FromWatchdog) => void) {
    installStopPoint(this.flags);
    new ChildProcesses(this.flags).install();
    loadAddonsWhole((busy) => this.critical(busy));
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const workerData: WatchdogData = { fd, port: port2, flags: this.flags.buffer as SharedArrayBuffer };
    this.worker = new Worker(script, { workerData, transferList: [port2] });
    this.worker.on('message', (message: FromWatchdog) => {
      Atomics.add(this.flags, Flag.answered, 1);
      onMessage(message);
    });
    // A listener for messages would keep the process alive again.
    this.worker.unref();
  }

  /** Tells the debugger, which lives in the watchdog's thread. */
  tellDebugger(message: ToAdapter): void {
    this.worker.postMessage(message);
  }

  /** Brackets work that must not be stopped half-way; the watchdog waits for its end. */
  critical(busy: boolean): void {
    Atomics.add(this.flags, Flag.critical, busy ? 1 : -1);
  }

  /** The cell under way, by its execution order; 0 for none. */
  running(order: number): void {
    Atomics.store(this.flags, Flag.running, order);
  }

  /** Whether the user has interrupted this cell; known before its message comes. */
  isInterrupted(order: number): boolean {
    return Atomics.load(this.flags, Flag.interrupted) === order;
  }
}
