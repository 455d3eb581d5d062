import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { NonFiniteError } from '../../engine/index';
import type { StepInputs, StepReport } from '../../engine/index';
import { randomStream } from '../random';
import { gatherRows, labelsOf, toSamples } from '../samples';
import type { SampleInput, Samples } from '../samples';
import { checkData } from './checkData';
import { evaluate, weightsAt } from './evaluate';
import { TrainingHistory } from './history';
import { abortedMonitorSignal, announce, critical } from './monitor';
import type { TrainingRun } from './monitor';
import { checkedFitOptions } from './options';
import type { CheckedFitOptions, FitOptions } from './options';
import { scheduleValue } from './schedules';
import type { Trainable, UnfinishedTraining } from './trainable';

/**
 * Trains a model with Adam on shuffled batches.
 *
 * The order of the samples is drawn from (seed, epoch) and the noise from (seed, step), counted over the model's whole
 * life, so that a training that was stopped, or saved and loaded, goes on as if nothing had happened: `fit` with the
 * same options and data finishes it; with others it begins a new one.
 *
 * @returns the losses by step and epoch; its `progress.state` is `cancelled` when the run was
 * @throws {DataError} before the first step, when the data hold NaN or values that the likelihood is not defined for
 * @throws {DivergenceError} when a term becomes NaN or infinite; the weights are then those before that step
 * @throws the signal's reason, after the step under way, when `options.signal` or a monitor's is aborted
 */
export async function fit(model: Trainable, data: SampleInput, options: FitOptions): Promise<TrainingHistory> {
  const checked = checkedFitOptions(options);
  const expected = model.expected(`${model.name}: fit`);
  const samples = await toSamples(data, expected, model.inputShape);
  const checksum = checkData(samples, model.support);
  const validation = checked.validation && (await validationSamples(model, checked.validation));
  if (underWay.has(model)) throw new Error(`${model.name} is being trained already; wait for its fit to end.`);
  underWay.add(model);
  try {
    return await new Training(model, samples, checksum, { ...checked, validation }).run();
  } finally {
    underWay.delete(model);
  }
}

/** A term of the loss became NaN or infinite. The model holds the weights from before that step. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';

  constructor(
    message: string,
    /** The term, or `gradient`. */
    readonly term: string,
    readonly step: number,
    readonly epoch: number,
    readonly history: TrainingHistory,
  ) {
    super(message);
  }
}

const underWay = new WeakSet<Trainable>();
let trainings = 0;

async function validationSamples(model: Trainable, validation: SampleInput): Promise<Samples> {
  const samples = await toSamples(validation, model.expected(`${model.name}: validation`), model.inputShape);
  checkData(samples, model.support);
  return samples;
}

/** Thrown inside a training to leave its loops. */
class Stopped extends Error {}

class Training implements TrainingRun {
  readonly id = `training-${++trainings}`;
  readonly model: string;
  readonly history: TrainingHistory;
  private readonly seed: number;
  private readonly batchSize: number;
  private readonly lastEpoch: number;
  private readonly place: UnfinishedTraining;
  private cancelled = false;

  constructor(
    private readonly target: Trainable,
    private readonly samples: Samples,
    checksum: number,
    private readonly options: CheckedFitOptions & { validation?: Samples },
  ) {
    const { epochs, batchSize, learningRate } = options;
    const { position } = target;
    this.model = target.name;
    this.seed = options.seed ?? target.seed;
    this.batchSize = Math.min(batchSize, samples.length);
    const key = JSON.stringify({ epochs, batchSize, learningRate, seed: this.seed, samples: samples.length, checksum });
    const resumed = position.unfinished?.key === key;
    if (!resumed) position.unfinished = { key, firstEpoch: position.epoch, batch: 0 };
    this.place = position.unfinished!;
    this.lastEpoch = this.place.firstEpoch + epochs;
    const done = position.epoch - this.place.firstEpoch;
    const stepsPerEpoch = Math.ceil(samples.length / this.batchSize);
    const title = samples.name ? `${target.name}: ${samples.name}` : target.name;
    const place = { step: done * stepsPerEpoch + this.place.batch, epoch: done + 1, epochs };
    this.history = new TrainingHistory(title, target.unit, stepsPerEpoch, place);
    if (resumed) this.history.notes.push(`Goes on after step ${position.step}, where this training was stopped.`);
  }

  cancel(): void {
    this.cancelled = true;
  }

  async run(): Promise<TrainingHistory> {
    const { position } = this.target;
    announce('started', this);
    try {
      while (position.epoch < this.lastEpoch) {
        await this.trainEpoch();
        await this.validate();
        position.epoch += 1;
        this.place.batch = 0;
        this.history.endEpoch();
      }
      position.unfinished = null;
      this.abortedSignal()?.throwIfAborted();
      this.history.end('done');
    } catch (error) {
      const stopped = error instanceof Stopped || error === this.abortedSignal()?.reason;
      this.history.end(stopped ? 'cancelled' : 'failed');
      if (!(error instanceof Stopped)) throw error;
    } finally {
      announce('ended', this);
    }
    return this.history;
  }

  /** The steps of the epoch under way that are left. */
  private async trainEpoch(): Promise<void> {
    const { position } = this.target;
    const order = randomStream(this.seed, 'shuffle', position.epoch).permutation(this.samples.length);
    while (this.place.batch < this.history.stepsPerEpoch) {
      await this.pause();
      await critical(() => this.trainSteps(order));
      announce('stepped', this);
    }
  }

  /** The next step, or the next few where the runtime takes several at once. */
  private async trainSteps(order: Int32Array): Promise<void> {
    const { step, position } = this.target;
    const start = this.place.batch * this.batchSize;
    // The last batch of an epoch may be smaller than the others, which a series may not have.
    const whole = Math.floor((order.length - start) / this.batchSize);
    const count = Math.max(1, Math.min(step.series?.length ?? 1, whole));
    const inputs = Array.from({ length: count }, (_, i) => {
      const first = start + i * this.batchSize;
      return this.stepInputs(position.step + i, order.subarray(first, first + this.batchSize));
    });
    const record = (report: StepReport, i: number) => this.record(report, inputs[i]!);
    try {
      const reports = count > 1 ? await step.series!.run(inputs) : [await step.run(inputs[0]!)];
      reports.forEach(record);
      this.noteEagerness();
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      error.done.forEach(record);
      throw this.divergence(error, scheduleValue(this.options.learningRate, position.step));
    } finally {
      tf.dispose(inputs.map(({ tensors }) => tensors));
    }
  }

  /** What the update that follows `step` updates is given. */
  private stepInputs(step: number, indices: Int32Array): StepInputs {
    const { target, samples } = this;
    const noise = target.noise(randomStream(this.seed, 'noise', step), indices.length);
    const { classes } = target;
    const y: Record<string, tf.Tensor> =
      classes === null ? {} : { y: labelsOf(samples, indices, classes, `${target.name}: fit`) };
    return {
      tensors: { ...noise, ...y, x: gatherRows(samples, indices) },
      weights: weightsAt(this.target, step),
      learningRate: scheduleValue(this.options.learningRate, step),
    };
  }

  private record({ losses }: StepReport, { tensors, weights, learningRate }: StepInputs): void {
    const { position } = this.target;
    position.step += 1;
    this.place.batch += 1;
    const drawn = this.drawnSchedules(weights, learningRate);
    this.history.recordStep(position.step, losses, drawn, tensors['x']!.shape[0]!);
  }

  /** Says once why a training is slower than the device could be. */
  private noteEagerness(): void {
    const { eagerBecause } = this.target.step;
    if (eagerBecause === undefined) return;
    const note = `Steps run operation by operation, which is slower: the step ${eagerBecause}.`;
    if (!this.history.notes.includes(note)) this.history.notes.push(note);
  }

  private async validate(): Promise<void> {
    const { validation } = this.options;
    if (!validation) return;
    const { target } = this;
    const losses = await evaluate(target, validation, this.seed, 'validation', async (work) => {
      await this.pause();
      await critical(work);
    });
    this.history.recordValidation(target.position.step, losses);
    announce('stepped', this);
  }

  /** Lets the event loop answer messages, then leaves the training if it is to stop. */
  private async pause(): Promise<void> {
    await nextTurn();
    this.abortedSignal()?.throwIfAborted();
    if (this.cancelled) throw new Stopped();
  }

  private abortedSignal(): AbortSignal | undefined {
    return this.options.signal?.aborted ? this.options.signal : abortedMonitorSignal();
  }

  /** Weights that change over the training, by the symbols that papers give them. */
  private drawnSchedules(weights: Readonly<Record<string, number>>, learningRate: number): Record<string, number> {
    const drawn: Record<string, number> = {};
    for (const [term, { symbol, schedule }] of Object.entries(this.target.termWeights)) {
      if (typeof schedule !== 'number') drawn[symbol] = weights[term]!;
    }
    if (typeof this.options.learningRate !== 'number') drawn['learning rate'] = learningRate;
    return drawn;
  }

  private divergence({ quantity, value }: NonFiniteError, learningRate: number): DivergenceError {
    const { history, place, target } = this;
    const step = target.position.step + 1;
    const epoch = target.position.epoch + 1;
    const where = `step ${step} (epoch ${epoch}, batch ${place.batch + 1} of ${history.stepsPerEpoch})`;
    history.notes.push(`${quantity} was ${value} at ${where}.`);
    return new DivergenceError(
      `${target.name}: ${quantity} is ${value} at ${where}. That step was not taken: the model holds the weights from ` +
        `before it. Try a learning rate below ${learningRate}, or look at the scale of the data.`,
      quantity,
      step,
      epoch,
      history,
    );
  }
}
