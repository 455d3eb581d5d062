import * as tf from '@tensorflow/tfjs';
import { OptimizerGroupError, ready } from '../../../engine/index';
import { ConfigurationError } from '../../config';
import { labelsOf, toSamples } from '../../samples';
import { batchSource, isStream } from '../batches/batches';
import type { TrainingData } from '../batches/batches';
import { augmented } from '../batches/augmentation/augmentedBatches';
import { GeneratedBatches } from '../batches/generatedBatches';
import type { TrainingHistory } from '../logs/history';
import { averagesOf, expectTrainedWeights } from '../averagedWeights';
import { checkedFitOptions } from './options';
import { announceCall } from './monitor';
import type { CheckedFitOptions, FitOptions } from './options';
import { nextKept } from '../checkpoints/keptTrainings';
import { endedBefore } from './endedBefore';
import { Training, trainingKey } from './training';
import type { TrainedOn } from './training';
import type { Trainable } from './trainable';

/**
 * Trains a model with its optimizer on shuffled batches.
 *
 * The order of the samples is drawn from (seed, epoch) and the noise from (seed, step), counted over the model's whole
 * life. So a training that was stopped, or saved and loaded, resumes exactly: `fit` with the same options and data
 * finishes it. With others it starts a new one.
 *
 * Augmentations change each training batch, with random numbers from (seed, epoch, batch), and never a validation
 * batch.
 *
 * A stream is read once per epoch, and again up to the same place when a training resumes within an epoch. Its values
 * are checked as they arrive; data in memory are checked before the first step.
 *
 * @returns the losses by step and epoch; `progress.state` is `cancelled` if the run was cancelled
 * @throws {DataError} if the data contain NaN or values for which the likelihood is not defined, or if a stream has
 *   fewer or more samples than it announced
 * @throws TypeError, RangeError if the model has classes, and samples have no class or an unknown one
 * @throws {DivergenceError} if a term becomes NaN or infinite; the weights are then those before that step
 * @throws the signal's reason, after the current step, if `options.signal` or a monitor's signal is aborted
 */
export async function fit(model: Trainable, data: TrainingData, options: FitOptions): Promise<TrainingHistory> {
  const checked = checkedFitOptions(options);
  // A cell that does not wait for it stays until it has ended, however long it takes to begin.
  const over = announceCall();
  try {
    return await trained(model, data, options, checked);
  } finally {
    over();
  }
}

async function trained(
  model: Trainable,
  data: TrainingData,
  options: FitOptions,
  checked: CheckedFitOptions,
): Promise<TrainingHistory> {
  // Counted before anything is awaited: in the order of the calls.
  const kept = nextKept();
  const { validation, shuffleBuffer } = checked;
  checkBatchSize(data, options);
  await ready();
  const train = await trainedOn(model, data, `${model.name}: fit`, shuffleBuffer);
  const source = augmented(train.source, checked.augment, model);
  const heldOut = validation && (await trainedOn(model, validation, `${model.name}: validation`, shuffleBuffer));
  expectTrainedWeights(model, 'fit');
  checkOptimizer(model, checked);
  // Those of now: they may be forgotten meanwhile.
  const trainings = underWay;
  if (trainings.has(model)) throw new Error(`${model.name} is already training; wait until its fit ends.`);
  trainings.add(model);
  try {
    const on = { ...train, source };
    const found = await kept?.takeUp(model, trainingKey(model, on, checked));
    if (found?.isOver) return endedBefore(model, on, checked, found.history);
    const keeping = kept && { kept, before: found?.history };
    return await new Training(model, on, heldOut, checked, keeping).run();
  } finally {
    trainings.delete(model);
  }
}

/**
 * Before the first step rather than at the end of the first epoch.
 *
 * @throws {ConfigurationError} when groups of the optimizer do not fit the parameters
 * @throws Error when averages are wanted that it does not keep
 */
function checkOptimizer(model: Trainable, { validationWeights }: CheckedFitOptions): void {
  try {
    void model.step;
  } catch (error) {
    throw error instanceof OptimizerGroupError ? new ConfigurationError(model.name, [error.problem]) : error;
  }
  if (validationWeights === 'averaged') tf.dispose(averagesOf(model));
}

/** @throws {ConfigurationError} when data that come in batches of their own are to be taken in others */
function checkBatchSize(data: TrainingData, { batchSize }: FitOptions): void {
  if (!(data instanceof GeneratedBatches) || batchSize === undefined || batchSize === data.batchSize) return;
  throw new ConfigurationError('fit', [
    `"batchSize" is ${batchSize}, and ${data.name} makes batches of ${data.batchSize}; leave it out, or pass batches({ batchSize: ${batchSize} })`,
  ]);
}

let underWay = new WeakSet<object>();

/**
 * Has models trained again whose training was ended in the middle: where V8 ends JavaScript, no `finally` runs, and what
 * waits beside it is forgotten.
 */
export function forgetTrainings(): void {
  underWay = new WeakSet();
}

/** Whether a `fit` of this model is under way. */
export function isBeingTrained(model: object): boolean {
  return underWay.has(model);
}

async function trainedOn(
  model: Trainable,
  data: TrainingData,
  caller: string,
  shuffleBuffer: number,
): Promise<TrainedOn> {
  const expected = model.expected(caller);
  // A tensor is read back from the device once.
  const input = isStream(data) ? data : await toSamples(data, expected, model.inputShape);
  // Those of validation data would be missed after the first epoch alone.
  if (model.classes !== null && !isStream(input)) {
    tf.dispose(
      labelsOf(
        input,
        Int32Array.from({ length: input.length }, (_, i) => i),
        model.classes,
        caller,
        { unknown: model.unknownLabels },
      ),
    );
  }
  return { data: input, source: await batchSource(input, expected, model.inputShape, model, shuffleBuffer) };
}
