/** What a training reports to callbacks, logs and its history. */
import type { TrainingDiagnostics } from '../diagnostics';

/** What a log gets after each step. */
export interface StepRecord {
  /** Updates of the model, counted from 1 over all its trainings. */
  step: number;
  /** Epochs of the model, counted from 1 over all its trainings. */
  epoch: number;
  /** Every term, unweighted, and `total`, their weighted sum: means over the batch. */
  losses: Readonly<Record<string, number>>;
  /** The weights of the terms that have one. */
  weights: Readonly<Record<string, number>>;
  /** The learning rate of the step. */
  learningRate: number;
  /** Euclidean norm of the gradient over all weights, before it is clipped. */
  gradientNorm: number;
  /**
   * Samples per second of this step, or of the series of steps that it belongs to. Reading data counts, validation does
   * not.
   */
  samplesPerSecond: number;
}

/** What a log gets at the end of each epoch. */
export interface EpochRecord {
  /** Epochs of the model, counted from 1 over all its trainings. */
  epoch: number;
  /** Updates done. */
  step: number;
  /** The mean of every term over the epoch; for a resumed epoch, over what was left of it. */
  train: Readonly<Record<string, number>>;
  /** Mean of every term over the validation data; null without them. */
  validation: Readonly<Record<string, number>> | null;
  /** What was measured beside the losses, where that was asked for. */
  diagnostics: TrainingDiagnostics;
}

/** Where a training is written down while it runs. */
export interface TrainingLog {
  step(record: StepRecord): void;
  epoch(record: EpochRecord): void;
  /** Writes what has been gathered: from time to time, or at once with `now`. */
  flush(now?: boolean): Promise<void>;
  close(state: 'done' | 'cancelled' | 'failed'): Promise<void>;
}
