/**
 * On whose behalf code runs: the run of a cell that started it, also when that run has ended (a timer, a promise that
 * nobody awaited, a server's answer).
 *
 * Before Node 24 an AsyncLocalStorage turns on async_hooks, whose checks end a process in which V8 has ended JavaScript
 * inside a callback. There, code belongs to the run whose timer, tick or asynchronous function it is, and else to the one
 * under way.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Execution } from './execution';

const hasFrames = Number(process.versions.node.split('.')[0]) >= 24;
const context = hasFrames ? new AsyncLocalStorage<Execution>() : undefined;
let synchronous: Execution | undefined;
let underWay: Execution | undefined;

/** The run that the code under way belongs to; undefined for what no cell started. */
export function currentCell(): Execution | undefined {
  return context ? context.getStore() : (synchronous ?? underWay);
}

/** Runs a function, and all that it starts, on behalf of a run. */
export function onBehalfOf<T>(execution: Execution, work: () => T): T {
  if (context) return context.run(execution, work);
  const before = synchronous;
  synchronous = execution;
  try {
    return work();
  } finally {
    synchronous = before;
  }
}

/**
 * Tells that an asynchronous function continues behind an await: what it does until the next one is on behalf of its
 * run.
 */
export function goOnBehalfOf(execution: Execution | undefined): void {
  if (context) return;
  synchronous = execution === underWay ? undefined : execution;
  if (synchronous) void Promise.resolve().then(() => (synchronous = undefined));
}

/** Tells which run is under way. */
export function setUnderWay(execution: Execution | undefined): void {
  underWay = execution;
  // Where V8 ended JavaScript, no `finally` has run.
  synchronous = undefined;
}
