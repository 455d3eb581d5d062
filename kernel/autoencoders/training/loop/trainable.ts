import type * as tf from '@tensorflow/tfjs';
import type { TrainingStep } from '../../../engine/index';
import type { RandomStream } from '../../random';
import type { Expected, Samples, SampleShape } from '../../samples';
import type { TrainingPosition } from './position';
import type { Accepted } from '../../support';
import type { TermWeight } from '../../objectives/terms';
import type { Schedule } from '../schedules/schedules';
import type { Snapshotted } from '../checkpoints/snapshot';

export type { StoppingState, TrainingPosition, UnfinishedTraining } from './position';

/** What `fit` needs of a model. */
export interface Trainable extends Snapshotted, Accepted {
  /** The class, as checkpoints name it. */
  readonly kind: string;
  readonly name: string;
  readonly config: object;
  /** The unit of every term of the loss, for example `nats per image`. */
  readonly unit: string;
  readonly seed: number;
  readonly inputShape: SampleShape;
  /** Weight of each term that has one, and the symbol the paper gives it. */
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  /**
   * Other values that change over the training, for example a capacity, by symbol. Early stopping waits for their ends.
   */
  readonly warmups?: Readonly<Record<string, Schedule>>;
  /** Learning rates of groups of parameters that have their own, by the index of the group, and their patterns. */
  readonly groupRates?: Readonly<Record<number, { parameters: string; schedule: Schedule }>>;
  /**
   * The number of classes that the loss looks at: batches then hold `y`, int32 [n], beside `x`. Null: data need no
   * labels.
   */
  readonly classes: number | null;
  /** Whether `y` may hold −1, for samples whose class is not known; absent: that is an error. */
  readonly unknownLabels?: boolean;
  readonly position: TrainingPosition;
  readonly step: TrainingStep;
  /** What the model expects `caller` to hand over. */
  expected(caller: string): Expected;
  /**
   * What the terms are given beside the batch, for `count` samples, by name: noise, and values that change over the
   * training.
   *
   * @param step updates done so far
   */
  inputs(stream: RandomStream, count: number, step: number): Record<string, tf.Tensor>;
  /** The named terms of the loss, without a gradient: scalars, means over the batch `x` [n, d]. */
  readonly evaluateTerms: (tensors: Readonly<Record<string, tf.Tensor>>) => Record<string, tf.Tensor>;
  /**
   * Does what has to be done once before a model's very first step: a codebook starts from encoded samples, for
   * example.
   *
   * @param samples training data, at most {@link PREPARING_ROWS} rows: all of it, or a random part; for a stream, its
   *   first rows
   */
  prepare?(samples: Samples): Promise<void>;
  /**
   * Figures of the model's diagnostics, by name, that `fit` reports at the end of each epoch, for example active units.
   *
   * @param samples validation data, or else training data, the same at every call; at most {@link DIAGNOSTIC_ROWS} rows
   */
  diagnostics?(samples: Samples): Promise<Record<string, number | number[]>>;
  /** Writes a checkpoint, a folder at this path. */
  save(path: string): Promise<void>;
}

/** The most rows that {@link Trainable.prepare} is given. */
export const PREPARING_ROWS = 10_000;

/** The most rows that {@link Trainable.diagnostics} is given. */
export const DIAGNOSTIC_ROWS = 1000;

export type { TermWeight } from '../../objectives/terms';
export type { Accepted, Support } from '../../support';
