/**
 * The thread that can stop a busy main thread. It reads interrupts from a pipe, tells the main thread, and when that
 * does not answer (`while (true)`) ends the JavaScript under way through V8; variables keep their values.
 */
import inspector from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { Flag, type FromWatchdog, type WatchdogData } from './interrupts';

/** How long a main thread may be silent before its JavaScript is ended. A training step under way is waited for. */
const GRACE_MS = 400;
const POLL_MS = 25;
/** How long a kernel outlives its host at most. */
const ORPHAN_MS = 2000;

const { fd, flags } = workerData as WatchdogData;
const shared = new Int32Array(flags);
const main = new inspector.Session();
main.connectToMainThread();
let watching = false;

const post = (message: FromWatchdog) => parentPort?.postMessage(message);

function onInterrupt(): void {
  const cell = Atomics.load(shared, Flag.running);
  post({ type: 'interrupt', cell });
  if (watching) return;
  watching = true;
  watch(cell, Atomics.load(shared, Flag.answered), 0);
}

/**
 * Until the interrupted cell has ended: ends the main thread's JavaScript whenever it has been silent for the grace
 * period, outside of critical sections.
 *
 * @param cell the one that was running when the interrupt came; 0 for none
 * @param answered messages that the main thread had seen when it was last heard of
 */
function watch(cell: number, answered: number, silentFor: number): void {
  const seen = Atomics.load(shared, Flag.answered);
  const heard = seen !== answered;
  if (Atomics.load(shared, Flag.running) !== cell || (cell === 0 && heard)) {
    watching = false;
    return;
  }
  if (heard) {
    post({ type: 'ping' });
    silentFor = 0;
  } else if (silentFor >= GRACE_MS) {
    main.post('Runtime.terminateExecution', () => post({ type: 'terminated', cell }));
    silentFor = 0;
  }
  const critical = Atomics.load(shared, Flag.critical) > 0;
  setTimeout(() => watch(cell, seen, critical ? 0 : silentFor + POLL_MS), POLL_MS);
}

const pipe = new Socket({ fd, readable: true, writable: false });
pipe.on('data', onInterrupt);
pipe.on('error', (error) => post({ type: 'broken', message: error.message }));
// The host is gone. A main thread that is free ends by itself; a busy one would compute for nobody.
pipe.on('close', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_MS));
