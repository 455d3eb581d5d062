/**
 * Where JavaScript under way may be ended by V8: in code of the user's and of libraries, and not half-way through Node's
 * own, whose streams, timers and queues would be left as they were at that moment.
 *
 * V8 ends whatever runs when its word arrives, and a word that finds nothing running ends what comes next. So the
 * watchdog first asks this thread, through the same door and on top of the same stack: the answer is given here, and
 * V8's word comes while this function is held.
 */
import { scriptsUnderWay } from '../show/callSites';
import { Flag, Stop, STOP_POINT } from './interruptFlags';

/** How long the watchdog has for its word. */
const HOLD_MS = 2000;
/** After so long a place inside Node's own code is taken: a loop that does nothing but call it. */
const PATIENCE_MS = 500;
/** Refusals so far apart are of two interrupts. */
const FORGOTTEN_MS = 5000;

/** Lets the watchdog's thread find this thread's {@link stopHere}. */
export function installStopPoint(flags: Int32Array): void {
  let refusedSince = -Infinity;
  const isFit = () => {
    const place = placeUnderWay();
    if (place !== 'node') return place === 'user';
    const now = performance.now();
    if (now - refusedSince > FORGOTTEN_MS) refusedSince = now;
    return now - refusedSince > PATIENCE_MS;
  };
  const value = () => {
    if (Atomics.load(flags, Flag.stop) !== Stop.asked) return;
    if (Atomics.load(flags, Flag.critical) === 0 && isFit()) hold(flags);
    else Atomics.compareExchange(flags, Flag.stop, Stop.asked, Stop.none);
  };
  Object.defineProperty(globalThis, Symbol.for(STOP_POINT), { value });
}

/** Until V8 has been told, or the watchdog has no time to tell it. */
function hold(flags: Int32Array): void {
  Atomics.store(flags, Flag.stop, Stop.held);
  Atomics.wait(flags, Flag.stop, Stop.held, HOLD_MS);
  if (Atomics.compareExchange(flags, Flag.stop, Stop.held, Stop.none) === Stop.held) return;
  while (Atomics.load(flags, Flag.stop) === Stop.telling) Atomics.wait(flags, Flag.stop, Stop.telling);
  Atomics.store(flags, Flag.stop, Stop.none);
}

/** What the innermost script under this one is; nothing where none is under way. */
function placeUnderWay(): 'user' | 'node' | undefined {
  const files = scriptsUnderWay();
  const innermost = files.slice(files.findIndex((file) => file.includes(STOP_POINT)) + 1).find((file) => file !== '');
  // V8 may have put a short function of the user's into Node's loop that calls it; then the loop is all that there is.
  if (innermost === undefined) return undefined;
  return innermost.startsWith('node:') ? 'node' : 'user';
}
