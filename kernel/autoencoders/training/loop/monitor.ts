/** How a host (the kernel's session) watches and stops trainings that cells start. */
import { object, takes } from '../../arguments';
import type { TrainingHistory } from '../logs/history';
import type { EpochRecord } from '../logs/records';

/** A training under way. */
export interface TrainingRun {
  /** Tells it from all other trainings. */
  readonly id: string;
  /** The model's name. */
  readonly model: string;
  /** Grows while the training runs. */
  readonly history: TrainingHistory;
  /** `fit` stops after the step under way and resolves; `history.progress.state` is `cancelled`. */
  cancel(): void;
  /** Writes a checkpoint of this moment, also between two steps. */
  save(path: string): Promise<void>;
}

/** Watches trainings; see {@link observeTraining}. */
export interface TrainingMonitor {
  /** Once aborted, `fit` rejects with its reason after the step under way. */
  readonly signal?: AbortSignal;
  /**
   * In the turn in which `fit` is called, before it looks at data or at what was kept.
   *
   * @returns to be called when its training has ended, or cannot begin
   */
  called?(): () => void;
  /** Before the first step. */
  started(run: TrainingRun): void;
  /** After every step and every validation. */
  stepped(run: TrainingRun): void;
  /** After every epoch and its validation, when the history has them. */
  epochEnded?(run: TrainingRun, record: EpochRecord): void;
  /** After the last step, however it ended. */
  ended(run: TrainingRun): void;
  /** True while tensors are being worked on, when JavaScript must not be stopped by force. */
  criticalSection?(busy: boolean): void;
}

const monitors = new Set<TrainingMonitor>();

/** Watches every training from now on, until the returned function is called. */
export function observeTraining(monitor: TrainingMonitor): () => void {
  takes('observeTraining', ['monitor', monitor, object('started', 'stepped', 'ended')]);
  monitors.add(monitor);
  return () => void monitors.delete(monitor);
}

/** For `fit`: tells all monitors. */
export function announce(event: 'started' | 'stepped' | 'ended', run: TrainingRun): void {
  for (const monitor of monitors) monitor[event](run);
}

/**
 * For `fit`: tells all monitors that it was called.
 *
 * @returns to be called at its end
 */
export function announceCall(): () => void {
  const ends = [...monitors].map((monitor) => monitor.called?.());
  return () => {
    for (const end of ends) end?.();
  };
}

/** For `fit`: tells all monitors that want to know. */
export function announceEpoch(run: TrainingRun, record: EpochRecord): void {
  for (const monitor of monitors) monitor.epochEnded?.(run, record);
}

/** For `fit`: runs a piece of work that must not be cut off in its middle. */
export async function critical<T>(work: () => Promise<T>): Promise<T> {
  const told = [...monitors];
  for (const monitor of told) monitor.criticalSection?.(true);
  try {
    return await work();
  } finally {
    for (const monitor of told) monitor.criticalSection?.(false);
  }
}

/** For `fit`: the first signal of the monitors that is aborted. */
export function abortedMonitorSignal(): AbortSignal | undefined {
  return [...monitors].map((monitor) => monitor.signal).find((signal) => signal?.aborted);
}
