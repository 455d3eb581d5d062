/**
 * On whose behalf code runs: the run of a cell that started it, also when that run has ended (a timer, a promise that
 * nobody awaited, a server's answer).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Execution } from './execution';

const context = new AsyncLocalStorage<Execution>();

/** The run that the code under way belongs to; undefined for what no cell started. */
export function currentCell(): Execution | undefined {
  return context.getStore();
}

/** Runs a function, and all that it starts, on behalf of a run. */
export function onBehalfOf<T>(execution: Execution, work: () => T): T {
  return context.run(execution, work);
}
