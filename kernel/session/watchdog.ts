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

const { fd, flags } = workerData as WatchdogData;
const shared = new Int32Array(flags);
const main = new inspector.Session();
main.connectToMainThread();
let pending = false;

const post = (message: FromWatchdog) => parentPort?.postMessage(message);

function onInterrupt(): void {
  post({ type: 'interrupt' });
  if (pending) return;
  pending = true;
  waitForAnswer(Atomics.load(shared, Flag.answered), 0);
}

/** Ends the main thread's JavaScript once it has been silent outside of a critical section for the grace period. */
function waitForAnswer(answeredBefore: number, silentFor: number): void {
  if (Atomics.load(shared, Flag.answered) !== answeredBefore) {
    pending = false;
    return;
  }
  if (silentFor >= GRACE_MS) {
    pending = false;
    main.post('Runtime.terminateExecution', () => post({ type: 'terminated' }));
    return;
  }
  const critical = Atomics.load(shared, Flag.critical) > 0;
  setTimeout(() => waitForAnswer(answeredBefore, critical ? 0 : silentFor + POLL_MS), POLL_MS);
}

const pipe = new Socket({ fd, readable: true, writable: false });
pipe.on('data', onInterrupt);
pipe.on('error', (error) => post({ type: 'broken', message: error.message }));
