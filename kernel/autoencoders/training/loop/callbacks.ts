import type { TrainingHistory } from '../logs/history';
import type { EpochRecord, StepRecord } from '../logs/records';

/**
 * Functions that `fit` calls and waits for. If one returns `'stop'`, the training ends like a cancelled one: after the
 * current step, without an error, and the same `fit` can resume it.
 */
export interface TrainingCallbacks {
  /** Before the first step. */
  started?(event: { history: TrainingHistory }): Verdict | Promise<Verdict>;
  /** After each step. Where a device takes several steps at once, after these: the weights are then those of the last. */
  stepEnded?(event: StepRecord): Verdict | Promise<Verdict>;
  /** After each epoch and its validation. */
  epochEnded?(event: EpochRecord): Verdict | Promise<Verdict>;
  /** At the end, however it came about: `history.progress.state` tells. */
  ended?(event: { history: TrainingHistory }): Verdict | Promise<Verdict>;
}

/** A number says nothing: `losses.push(…)` gives one. */
export type Verdict = 'stop' | void | number;

/**
 * Calls one of the callbacks, if it is there.
 *
 * @returns whether the training is to stop
 * @throws an Error that names the callback, with what it threw as its cause
 */
export async function called<Name extends keyof TrainingCallbacks>(
  callbacks: TrainingCallbacks,
  name: Name,
  event: Parameters<NonNullable<TrainingCallbacks[Name]>>[0],
  isReason: (error: unknown) => boolean,
): Promise<boolean> {
  // Each callback takes the event of its name, which the compiler cannot see through the union.
  const callback = callbacks[name] as ((event: unknown) => Verdict | Promise<Verdict>) | undefined;
  if (!callback) return false;
  try {
    return (await callback.call(callbacks, event)) === 'stop';
  } catch (error) {
    if (isReason(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`fit: the callback ${name} failed: ${message}`, { cause: error });
  }
}
