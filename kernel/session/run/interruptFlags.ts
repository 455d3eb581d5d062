/** The words and the memory that the kernel's main thread and its watchdog share. */

import type { MessagePort } from 'node:worker_threads';

/** Indices into the shared Int32Array. */
export const Flag = {
  /** Counts the watchdog's messages that the main thread has seen. */
  answered: 0,
  /** Above 0 while the main thread must not be stopped (a parameter update). */
  critical: 1,
  /** Execution order of the cell under way; 0 for none. */
  running: 2,
  /** How far the threads have come in ending the main thread's JavaScript: a {@link Stop}. */
  stop: 3,
  /** Execution order of the cell that was interrupted last, also when the main thread has not heard of it yet. */
  interrupted: 4,
  /** Counts what ends a wait for an answer: answers and interrupts. */
  news: 5,
  /** Counts the interrupts. */
  interrupts: 6,
  /** Whether a debugger is there: 1 while it is. */
  debugging: 7,
  /** Whether the debugger holds the main thread still: 1 while it does. Nothing is wrong with a thread that is silent then. */
  paused: 8,
  /** The number of the last script that the debugger has set its breakpoints in. */
  scripts: 9,
  /** How many child processes follow from here on: those that the main thread does not wait for. */
  children: 10,
} as const;

/** How many children are kept apart from the one that the main thread waits for. */
export const MAX_CHILDREN = 256;
export const FLAGS_LENGTH = Flag.children + 1 + MAX_CHILDREN;

/** The watchdog asks, the main thread holds still at a place that is fit, the watchdog tells V8, and has told it. */
export const Stop = { none: 0, asked: 1, held: 2, telling: 3, told: 4 } as const;

/** What the watchdog evaluates in the main thread. */
export const STOP_POINT = 'latentlab.stopPoint';

export interface WatchdogData {
  fd: number;
  /** Messages for the host go in, answers of the host come out. */
  port: MessagePort;
  flags: SharedArrayBuffer;
}

/** `cell`: the execution order of the cell that was running when the host interrupted; 0 for none. */
export type FromWatchdog =
  { type: 'ping' } | { type: 'interrupt' | 'terminated'; cell: number } | { type: 'broken'; message: string };
