/**
 * The thread that can stop a busy main thread. It reads interrupts from a pipe, tells the main thread, and when that
 * does not answer (`while (true)`) ends the JavaScript under way through V8; variables keep their values.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import inspector from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { Flag, Stop, STOP_POINT, type FromWatchdog, type WatchdogData } from './interruptFlags';
import { isBeat, isDebugMessage } from '../../protocol';
import type { DebugAdapter } from '../debug/adapter';
import type { ToAdapter } from '../debug/messages';
import { framed, PipeReader } from '../../pipe';
import { descendants, endProcess } from './processTree';

/** How long a main thread may be silent before its JavaScript is ended. A training step under way is waited for. */
const GRACE_MS = Number(process.env.LATENTLAB_INTERRUPT_GRACE_MS ?? 400);
const POLL_MS = 25;
/** How long a child process that the main thread waits for has to end by itself. */
const CHILD_GRACE_MS = 1000;
/** Between looks at a main thread that is about to be stopped. */
const STOP_POLL_MS = 2;
/** How long a kernel outlives its host at most. */
const ORPHAN_MS = 2000;

const { fd, port, flags } = workerData as WatchdogData;
const shared = new Int32Array(flags);
const main = new inspector.Session();
main.connectToMainThread();
/** Runs on top of whatever the main thread is doing. */
const ASK = `globalThis[Symbol.for('${STOP_POINT}')]()\n//# sourceURL=node:${STOP_POINT}`;
let watching = false;
/** The cell to watch when the one that is watched has ended: its interrupt may come before that has been seen. */
let next: number | undefined;

const post = (message: FromWatchdog) => parentPort?.postMessage(message);

function onInterrupt(): void {
  const cell = Atomics.load(shared, Flag.running);
  Atomics.store(shared, Flag.interrupted, cell);
  Atomics.add(shared, Flag.interrupts, 1);
  tellNews();
  post({ type: 'interrupt', cell });
  debug?.interrupted(() => isOver(cell));
  next = cell;
  if (!watching) watchNext();
}

function watchNext(): void {
  watching = next !== undefined;
  if (next === undefined) return;
  const cell = next;
  next = undefined;
  watch(cell, Atomics.load(shared, Flag.answered), 0);
}

/** Ends the main thread's wait for an answer. */
function tellNews(): void {
  Atomics.add(shared, Flag.news, 1);
  Atomics.notify(shared, Flag.news);
}

function onMessage(message: unknown): void {
  if (isBeat(message)) pipe.write(framed(message));
  else if (isDebugMessage(message))
    debugging = debugging.then(() => onDebugRequest(message.message as DebugProtocol.Request));
  else onAnswer(message);
}

let debug: DebugAdapter | undefined;
/** Requests are taken in their order. */
let debugging = Promise.resolve();

/** The debugger is loaded when the first one asks for it. */
async function onDebugRequest(request: DebugProtocol.Request): Promise<void> {
  if (request.command === 'initialize') {
    const { DebugAdapter } = await import('../debug/adapter');
    debug?.end();
    debug = new DebugAdapter(shared, (message) => pipe.write(framed({ type: 'debug', message })));
  }
  void debug?.receive(request);
}

function onAnswer(answer: unknown): void {
  port.postMessage(answer);
  tellNews();
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
  if (isOver(cell) || (cell === 0 && heard)) {
    watchNext();
    return;
  }
  const critical = Atomics.load(shared, Flag.critical) > 0;
  if (heard) {
    post({ type: 'ping' });
    silentFor = 0;
  } else if (silentFor >= GRACE_MS && !critical) {
    stop(cell, seen);
    return;
  }
  setTimeout(() => watch(cell, seen, critical ? 0 : silentFor + POLL_MS), POLL_MS);
}

function isOver(cell: number): boolean {
  return Atomics.load(shared, Flag.running) !== cell;
}

/** Asks the main thread for a place that is fit, until it is at one or is heard of. */
function stop(cell: number, answered: number): void {
  switch (Atomics.load(shared, Flag.stop)) {
    case Stop.held:
      if (isOver(cell)) release();
      else if (Atomics.compareExchange(shared, Flag.stop, Stop.held, Stop.telling) === Stop.held) {
        main.post('Runtime.terminateExecution', () => post({ type: 'terminated', cell }));
        Atomics.store(shared, Flag.stop, Stop.told);
        Atomics.notify(shared, Flag.stop);
        watch(cell, answered, 0);
        return;
      }
      break;
    case Stop.asked:
      endChild();
      break;
    case Stop.none:
      if (isOver(cell) || Atomics.load(shared, Flag.answered) !== answered) {
        watch(cell, answered, 0);
        return;
      }
      Atomics.store(shared, Flag.stop, Stop.asked);
      ask();
      break;
    default:
      break;
  }
  setTimeout(() => stop(cell, answered), STOP_POLL_MS);
}

/** Lets the main thread continue: what is under way now is another cell's. */
function release(): void {
  Atomics.compareExchange(shared, Flag.stop, Stop.held, Stop.none);
  Atomics.notify(shared, Flag.stop);
}

let asks = 0;

/** An earlier word of V8's may end the question itself: whatever became of it, one that was answered stands no more. */
function ask(): void {
  const question = ++asks;
  main.post('Runtime.evaluate', { expression: ASK }, () => {
    if (question === asks) Atomics.store(shared, Flag.stop, Stop.none);
  });
}

let childWarnedAt = 0;
let nextLookAtChildren = 0;

/** Ends the process that the main thread waits for, if it is one (`execSync`): JavaScript continues when it is gone. */
function endChild(): void {
  const now = performance.now();
  if (now < nextLookAtChildren) return;
  nextLookAtChildren = now + POLL_MS * 4;
  const others = shared.slice(Flag.children + 1, Flag.children + 1 + Atomics.load(shared, Flag.children));
  const waitedFor = descendants(process.pid, new Set(others));
  if (waitedFor.length === 0) {
    childWarnedAt = 0;
    return;
  }
  if (childWarnedAt === 0) childWarnedAt = now;
  const signal = now - childWarnedAt < CHILD_GRACE_MS ? 'SIGTERM' : 'SIGKILL';
  for (const pid of waitedFor) endProcess(pid, signal);
}

const pipe = new Socket({ fd, readable: true, writable: true });
const reader = new PipeReader(onMessage, onInterrupt);
pipe.on('data', (piece) => reader.push(piece));
port.on('message', (message) => pipe.write(framed(message)));
parentPort?.on('message', (message: ToAdapter) => void debug?.heard(message));
pipe.on('error', (error) => post({ type: 'broken', message: error.message }));
// The host is gone. A main thread that is free ends by itself; a busy one would compute for nobody.
pipe.on('close', () => setTimeout(endKernel, ORPHAN_MS));

/** With what its cells started: the kernel leads a group of processes where the system has them. */
function endKernel(): void {
  endProcess(-process.pid, 'SIGKILL');
  endProcess(process.pid, 'SIGKILL');
}
