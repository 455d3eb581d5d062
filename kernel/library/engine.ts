/** `engine` in programs: what computes, and why. */
import { print, type PrintOptions } from '../autoencoders/models/print';
import { wholeReport, type Rung } from '../engine/devices';
import { engineReportText, withRace } from '../engine/devices/report';
import { ready } from '../engine/runtime';
import { lastRace } from '../engine/runtimes/race';
import { refusals } from '../engine/runtimes/refusals';

export { print, type PrintOptions };

export interface EngineReport {
  /** The device ladder, best first; rungs that were raced tell the milliseconds of a step. */
  readonly rungs: readonly Rung[];
  /**
   * Why training steps run operation by operation, slower than the device could; empty when none does. Below a sentence,
   * where one operation is the reason, stand the lines of the recorded step around it.
   */
  readonly eager: readonly string[];
  /** The same for people: a rung a line. */
  toString(): string;
}

/**
 * What this process computes on: every rung of the device ladder, chosen, usable or why not, with its precision; how long
 * a step of the model trained last took on each, where several were raced; and why steps were not traced.
 *
 * Rungs that the choice did not need are tried now, in separate processes, which takes a few seconds.
 *
 * @throws {DeviceError} if the program has given tfjs a backend itself
 */
export async function report(): Promise<EngineReport> {
  await ready();
  const ladder = await wholeReport();
  const race = lastRace();
  const rungs = race ? withRace(ladder, race) : ladder;
  const eager = refusals();
  return { rungs, eager, toString: () => engineReportText(rungs, eager, LINE) };
}

/** Columns of a terminal. */
const LINE = 100;
