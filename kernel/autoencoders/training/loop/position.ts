/** How far a model's training has come, in plain JSON: a checkpoint holds it beside weights and optimizer. */
export interface TrainingPosition {
  /** Updates done in all. */
  step: number;
  /** Epochs completed in all. */
  epoch: number;
  /** Samples of the data that were last trained on; absent before any training. */
  samples?: number;
  /** A training that was stopped; `fit` with the same options continues with it. */
  unfinished: UnfinishedTraining | null;
}

export interface UnfinishedTraining {
  /** Options and data, as a text that is equal when they are. */
  key: string;
  /** {@link TrainingPosition.epoch} when it began. */
  firstEpoch: number;
  /** Batches of the epoch under way that are done. */
  batch: number;
  /** The state of early stopping; absent without it. */
  stopping?: StoppingState;
}

/** What early stopping has seen. */
export interface StoppingState {
  /** The lowest value so far; null before the first epoch that counts. */
  best: number | null;
  /** {@link TrainingPosition.epoch} at the end of the epoch that had the lowest value. */
  bestEpoch: number;
  /** Epochs since that one. */
  waited: number;
}
