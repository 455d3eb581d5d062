/** The timers of cells: an interrupt ends those of its cell, and lets the cell start no others. */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { currentCell, onBehalfOf } from './cellContext';

/** Turns that a stopped cell may still take: the library comes to its own end in them. */
const LAST_TURNS = 100;
/** Ticks that a stopped cell may have in one turn: a chain of them would let nothing else run. */
const LAST_TICKS = 1000;

type Callback = (...values: unknown[]) => unknown;
type Start = (callback: Callback, ...values: unknown[]) => object;

/** Node's own: those that cells call end with their cell. */
const nextTurn = setImmediate;

const NAMES = ['setTimeout', 'setInterval', 'setImmediate'] as const;

/** Puts functions in the place of Node's own that tell a run of a cell what it started. */
export function watchTimers(): void {
  const require = createRequire(import.meta.url);
  const timers = require('node:timers') as Record<string, unknown>;
  const promises = require('node:timers/promises') as Record<string, unknown>;
  for (const name of NAMES) {
    const clear = timers[name.replace('set', 'clear')] as (timer: unknown) => void;
    const own = like(timers[name] as Start, ownTimers(name, timers[name] as Start, clear));
    timers[name] = own;
    Object.defineProperty(globalThis, name, { value: own, configurable: true, writable: true, enumerable: true });
  }
  const sleep = promises.setTimeout as (...values: unknown[]) => Promise<unknown>;
  // A cell that has been stopped waits for ever: what it awaits behind this never comes.
  promises.setTimeout = like(sleep, (...values: unknown[]) =>
    currentCell()?.stopped ? new Promise(() => {}) : sleep(...values),
  );
  process.nextTick = like(process.nextTick, ownTicks(process.nextTick));
  syncBuiltinESMExports();
}

function ownTicks(start: typeof process.nextTick): typeof process.nextTick {
  return (callback, ...values) => {
    const cell = currentCell();
    if (!cell || typeof callback !== 'function') return start(callback, ...values);
    if (cell.stopped) {
      if (++cell.lastTicks > LAST_TICKS) return;
      if (cell.lastTicks === 1) nextTurn(() => (cell.lastTicks = 0));
    }
    start(() => onBehalfOf(cell, () => Reflect.apply(callback, undefined, values)));
  };
}

function ownTimers(name: (typeof NAMES)[number], start: Start, clear: (timer: unknown) => void): Start {
  return (callback, ...values) => {
    const cell = currentCell();
    if (!cell || typeof callback !== 'function') return start(callback, ...values);
    let forget: (() => void) | undefined;
    const timer = start(
      function (this: unknown, ...given: unknown[]) {
        if (name !== 'setInterval') forget?.();
        return onBehalfOf(cell, () => Reflect.apply(callback, this, given));
      },
      ...values,
    );
    if (!cell.stopped) forget = cell.endsWith(() => clear(timer));
    else if (name !== 'setImmediate' || ++cell.lastTurns > LAST_TURNS) clear(timer);
    return timer;
  };
}

/** With the properties of the one that it stands for: `util.promisify` reads one. */
function like<F extends object>(original: F, own: F): F {
  return Object.defineProperties(own, Object.getOwnPropertyDescriptors(original));
}
