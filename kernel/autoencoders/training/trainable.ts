import type * as tf from '@tensorflow/tfjs';
import type { TrainingStep } from '../../engine/index';
import type { RandomStream } from '../random';
import type { Expected, SampleShape } from '../samples';
import type { Schedule } from './schedules';

/** What `fit` needs of a model. */
export interface Trainable {
  readonly name: string;
  /** Of every term of the loss, for example `nats per image`. */
  readonly unit: string;
  readonly seed: number;
  readonly inputShape: SampleShape;
  /** Weight of each term that has one, and the symbol the paper gives it. */
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  /** Values that the likelihood is defined for; null: any finite number. */
  readonly support: Support | null;
  /** Classes that the loss looks at: batches then hold `y`, int32 [n], beside `x`; null: data need no labels. */
  readonly classes: number | null;
  readonly position: TrainingPosition;
  readonly step: TrainingStep;
  /** What the model is handed by `caller`. */
  expected(caller: string): Expected;
  /** Noise for a batch of `count` samples, by the names that `terms` knows it by. */
  noise(stream: RandomStream, count: number): Record<string, tf.Tensor>;
  /** The named terms of the loss, without a gradient: scalars, means over the batch `x` [n, d]. */
  readonly evaluateTerms: (tensors: Readonly<Record<string, tf.Tensor>>) => Record<string, tf.Tensor>;
}

export interface TermWeight {
  symbol: string;
  schedule: Schedule;
}

export interface Support {
  low: number;
  high: number;
  /** Why, and what else to do, for the message. */
  reason: string;
}

/** How far a model's training has come, in plain JSON: a checkpoint holds it beside weights and optimizer. */
export interface TrainingPosition {
  /** Updates done in all. */
  step: number;
  /** Epochs completed in all. */
  epoch: number;
  /** A training that was stopped; `fit` with the same options goes on with it. */
  unfinished: UnfinishedTraining | null;
}

export interface UnfinishedTraining {
  /** Options and data, as a text that is equal when they are. */
  key: string;
  /** {@link TrainingPosition.epoch} when it began. */
  firstEpoch: number;
  /** Batches of the epoch under way that are done. */
  batch: number;
}
