import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { inOrder, NonFiniteError } from '../../../engine/index';
import type { StepReport } from '../../../engine/index';
import { averagesOf, trainedWeights, usingFor } from '../averagedWeights';
import type { Batch, BatchSource, EpochBatches, TrainingData } from '../batches/batches';
import { updateByAll } from './accumulation';
import { Ahead, type Taken } from './ahead';
import { called } from './callbacks';
import type { TrainingCallbacks } from './callbacks';
import { divergence } from './divergence';
import type { DivergenceError } from './divergence';
import { evaluate } from './evaluate';
import { GivenToSteps } from './givenToSteps';
import type { Scheduled } from './givenToSteps';
import { diagnosticsText } from '../diagnostics';
import { TrainingHistory, type HistoryState, type TrainingSettings } from '../logs/history';
import { abortedMonitorSignal, announce, announceEpoch, critical } from './monitor';
import type { TrainingRun } from './monitor';
import type { CheckedFitOptions } from './options';
import { Recorder, statedWeights } from './recorder';
import type { StepRecord } from '../logs/records';
import { settingsOf, type ResolvedOptions } from '../logs/settings';
import type { KeptTraining } from '../checkpoints/keptTrainings';
import { Savepoints } from '../checkpoints/savepoints';
import { checkLearningRate, scheduleValue } from '../schedules/schedules';
import { Stopping } from './stopping';
import { PREPARING_ROWS } from './trainable';
import type { Trainable, UnfinishedTraining } from './trainable';

/** Data, and how batches of them are had. */
export interface TrainedOn {
  data: TrainingData;
  source: BatchSource;
}

/** Where a training keeps itself, and what an earlier process has kept of it. */
export interface Keeping {
  kept: KeptTraining;
  before?: HistoryState;
}

/** Options and data as a text that is equal when they are: such a training goes on with one that was stopped. */
export function trainingKey(
  { seed: own }: Trainable,
  { source }: TrainedOn,
  { epochs, learningRate, earlyStopping, accumulate, seed = own, ...options }: CheckedFitOptions,
): string {
  const batchSize = source.batchSize ?? Math.min(options.batchSize, source.length);
  return JSON.stringify({
    ...{ epochs, batchSize, learningRate, seed, ...source.fingerprint },
    ...(earlyStopping && { earlyStopping }),
    ...(accumulate > 1 && { accumulate }),
  });
}

/** Thrown inside a training to leave its loops. */
class Stopped extends Error {}

let trainings = 0;

/** One call of `fit`, from its first step to its last. */
export class Training implements TrainingRun {
  readonly id = `training-${++trainings}`;
  readonly model: string;
  readonly history: TrainingHistory;
  private readonly seed: number;
  private readonly batchSize: number;
  private readonly lastEpoch: number;
  private readonly place: UnfinishedTraining;
  private readonly stopping: Stopping | undefined;
  private readonly savepoints: Savepoints | undefined;
  private readonly recorder: Recorder;
  private readonly given: GivenToSteps;
  private cancelled = false;
  /** The history of an interrupted training, before it was ended. */
  private beforeEnd: HistoryState | undefined;

  constructor(
    private readonly target: Trainable,
    private readonly train: TrainedOn,
    private readonly validation: TrainedOn | undefined,
    private readonly options: CheckedFitOptions,
    private readonly keeping?: Keeping,
  ) {
    const { epochs, batchSize, accumulate, learningRate, earlyStopping, checkpoint } = options;
    const { position } = target;
    const { source } = train;
    this.model = target.name;
    this.seed = options.seed ?? target.seed;
    this.batchSize = source.batchSize ?? Math.min(batchSize, source.length);
    const key = trainingKey(target, train, options);
    const resumed = position.unfinished?.key === key;
    if (!resumed) {
      checkLearningRate(learningRate, position.step);
      for (const { schedule } of Object.values(target.groupRates ?? {})) checkLearningRate(schedule, position.step);
      position.unfinished = { key, firstEpoch: position.epoch, batch: 0 };
      target.best = null;
    }
    this.place = position.unfinished!;
    position.samples = source.length;
    this.stopping = earlyStopping && new Stopping(target, this.place, earlyStopping);
    this.savepoints = checkpoint && new Savepoints(target, checkpoint);
    this.given = new GivenToSteps(target, this.seed, source.name, learningRate);
    this.lastEpoch = this.place.firstEpoch + epochs;
    const done = position.epoch - this.place.firstEpoch;
    const stepsPerEpoch = Math.ceil(source.length / (this.batchSize * accumulate));
    const title = source.name ? `${target.name}: ${source.name}` : target.name;
    const step = done * stepsPerEpoch + this.place.batch;
    const before = { steps: position.step - step, epochs: this.place.firstEpoch };
    const place = { step, epoch: done + 1, epochs, before };
    const settings = settingsOf(target, options, this.resolved);
    const stated = {
      settings: JSON.parse(JSON.stringify(settings)) as TrainingSettings,
      weights: statedWeights(target),
    };
    this.history = new TrainingHistory(title, target.unit, stepsPerEpoch, place, stated);
    if (keeping?.before) this.history.restore({ ...keeping.before, progress: this.goingOn(keeping.before) });
    this.recorder = new Recorder(target, this.history, options, (validation ?? train).source, this.seed);
    if (resumed) this.history.notes.push(`Resumes after step ${position.step}, where this training stopped.`);
  }

  /** The progress of a training that an earlier process began, as of now. */
  private goingOn({ progress }: HistoryState): HistoryState['progress'] {
    return { ...this.history.progress, secondsElapsed: progress.secondsElapsed };
  }

  private get resolved(): ResolvedOptions {
    const { seed, batchSize, train } = this;
    return { seed, batchSize, samples: train.source.length };
  }

  cancel(): void {
    this.cancelled = true;
  }

  async save(path: string): Promise<void> {
    await trainedWeights(this.target);
    await this.target.save(path);
  }

  async run(): Promise<TrainingHistory> {
    const failures: unknown[] = [];
    announce('started', this);
    try {
      await this.begin();
      await this.trainEpochs();
      this.abortedSignal()?.throwIfAborted();
      this.history.end('done');
    } catch (error) {
      const stopped = error instanceof Stopped || this.isReason(error);
      this.beforeEnd = stopped && !(error instanceof Stopped) ? this.history.state() : undefined;
      this.history.end(stopped ? 'cancelled' : 'failed');
      if (!(error instanceof Stopped)) failures.push(error);
    }
    try {
      await this.end();
    } catch (error) {
      failures.push(error);
      if (this.history.progress.state === 'done') this.history.progress.state = 'failed';
    } finally {
      announce('ended', this);
    }
    // What went wrong first; what the end of a failed training adds is noted alone.
    for (const error of failures.slice(1)) this.history.notes.push(String(error));
    if (failures.length > 0) throw failures[0];
    return this.history;
  }

  // --- the course of a training -----------------------------------------------------------------------------------

  private async begin(): Promise<void> {
    const { target, seed, train } = this;
    await this.savepoints?.begin();
    await this.recorder.open(this.resolved);
    if (target.position.step === 0 && target.prepare) {
      const samples = await train.source.some(PREPARING_ROWS, seed);
      await critical(async () => target.prepare?.(samples));
    }
    await this.call('started', { history: this.history });
  }

  private async trainEpochs(): Promise<void> {
    const { position } = this.target;
    // A training may have been stopped between the epoch that was its last and its end.
    for (let over = this.stopping?.over ?? false; !over && position.epoch < this.lastEpoch;) {
      const firstStep = position.step - this.place.batch;
      await this.trainEpoch();
      const validation = await this.validate();
      position.epoch += 1;
      this.place.batch = 0;
      this.history.endEpoch();
      over = Boolean(validation && (await this.stopping?.endsAfter(validation, firstStep, position.epoch)));
      await this.afterEpoch(validation);
    }
    position.unfinished = null;
    if (this.stopping) this.history.notes.push(this.stopping.finish());
  }

  /** However the training ended. */
  private async end(): Promise<void> {
    const { history } = this;
    if (history.diagnostics) history.notes.push(diagnosticsText(history.diagnostics));
    try {
      await this.saveBy((savepoints) => savepoints.save());
      await this.keep(this.returns);
      await this.call('ended', { history });
    } finally {
      await this.recorder.close();
    }
  }

  /** The steps of the epoch under way that are left. */
  private async trainEpoch(): Promise<void> {
    const { seed, batchSize, place, target, history } = this;
    if (place.batch >= history.stepsPerEpoch) return;
    const { accumulate } = this.options;
    const epoch = { seed, epoch: target.position.epoch, batchSize, done: place.batch * accumulate };
    const batches = this.train.source.epoch(epoch);
    const ahead = new Ahead();
    try {
      while (place.batch < history.stepsPerEpoch) {
        await this.pause();
        const start = performance.now();
        const taken = await (ahead.next() ?? this.take(batches, 0));
        const records =
          accumulate > 1
            ? [await this.trainUpdate(taken.batches, start)]
            : await critical(() =>
                this.trainSteps(taken, start, () => {
                  const steps = taken.batches.length;
                  const more = place.batch + steps < history.stepsPerEpoch;
                  if (more && target.step.series) ahead.begin(() => this.take(batches, steps));
                }),
              );
        announce('stepped', this);
        await this.afterSteps(records);
      }
    } finally {
      await ahead.drop();
      await batches.close();
    }
  }

  /**
   * The next batch; several for one update by all of them, or where the runtime takes several steps at once.
   *
   * @param steps those that are under way
   */
  private async take(batches: EpochBatches, steps: number): Promise<Taken> {
    const { length } = this.train.source;
    const { accumulate } = this.options;
    const left = length / this.batchSize - (this.place.batch + steps) * accumulate;
    // The last batch of an epoch may be smaller than the others, which a series may not have.
    const series = Math.min(this.target.step.series?.length ?? 1, Math.floor(left));
    const count = accumulate > 1 ? Math.min(accumulate, Math.ceil(left)) : Math.max(1, series);
    const first = this.target.position.step + steps;
    const taken: Batch[] = [];
    while (taken.length < count) taken.push(await batches.next());
    if (accumulate > 1) return { batches: taken, tensors: [] };
    return { batches: taken, tensors: taken.map((batch, i) => this.given.tensors(first + i, batch)) };
  }

  /** @param begun called when the steps are under way */
  private async trainSteps({ batches, tensors }: Taken, start: number, begun: () => void): Promise<StepRecord[]> {
    const { step, position } = this.target;
    const inputs = tensors.map((given, i) => ({ tensors: given, ...this.given.scheduled(position.step + i) }));
    const samples = batches.reduce((sum, { rows }) => sum + rows.length, 0);
    const record = (report: StepReport, i: number) => {
      const samplesPerSecond = (1000 * samples) / (performance.now() - start);
      return this.recorded(report, inputs[i]!, batches[i]!.rows.length, samplesPerSecond);
    };
    try {
      const running = inOrder(step, inputs);
      begun();
      const reports = await running;
      this.recorder.noteEagerness();
      return reports.map(record);
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      error.done.forEach(record);
      throw await this.divergence(error, batches);
    } finally {
      tf.dispose([...tensors]);
    }
  }

  /** One update by all the batches. */
  private async trainUpdate(batches: readonly Batch[], start: number): Promise<StepRecord> {
    const { step, position } = this.target;
    const rows = batches.map((batch) => batch.rows.length);
    const samples = rows.reduce((sum, count) => sum + count, 0);
    try {
      const report = await updateByAll({
        step,
        rows,
        inputs: (i) => this.given.inputs(position.step, batches[i]!, i),
        between: () => this.pause(),
        around: critical,
      });
      this.recorder.noteEagerness();
      const given = this.given.scheduled(position.step);
      return this.recorded(report, given, samples, (1000 * samples) / (performance.now() - start));
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      throw await this.divergence(error, batches);
    }
  }

  private divergence(error: NonFiniteError, batches: readonly Batch[]): Promise<DivergenceError> {
    const { target, history, place, options } = this;
    return divergence(error, {
      model: target,
      history,
      batch: batches[error.done.length]!,
      batchNumber: place.batch + 1,
      learningRate: scheduleValue(options.learningRate, target.position.step),
      checkpoint: options.checkpoint?.path,
    });
  }

  /** A step is done: its place, and what is reported about it. */
  private recorded(report: StepReport, scheduled: Scheduled, samples: number, samplesPerSecond: number): StepRecord {
    if (this.history.progress.step === 0) this.stopping?.checkMonitor(Object.keys(report.losses));
    this.target.position.step += 1;
    this.place.batch += 1;
    return this.recorder.step(report, scheduled, samples, samplesPerSecond);
  }

  private async afterSteps(records: readonly StepRecord[]): Promise<void> {
    await this.recorder.write(records);
    if (this.options.callbacks?.stepEnded) for (const record of records) await this.call('stepEnded', record);
    await this.saveBy((savepoints) => savepoints.afterStep());
    if (this.keeping?.kept.isDue) await this.keep(false);
  }

  private async validate(): Promise<Record<string, number> | null> {
    const { target, validation, history } = this;
    if (!validation) return null;
    const around = async (work: () => Promise<void>) => {
      await this.pause();
      await critical(work);
    };
    const averages = this.options.validationWeights === 'averaged' ? averagesOf(target) : {};
    const use = <T>(compute: () => T) => usingFor(target, averages, compute);
    const caller = `${target.name}: validation`;
    const losses = await evaluate(target, validation.data, this.seed, caller, around, use).finally(() =>
      tf.dispose(averages),
    );
    history.recordValidation(target.position.step, losses);
    announce('stepped', this);
    return losses;
  }

  private async afterEpoch(validation: Record<string, number> | null): Promise<void> {
    const { history, place } = this;
    const { epoch, step } = this.target.position;
    const last = epoch - place.firstEpoch >= this.options.epochs;
    const diagnostics = await critical(() => this.recorder.diagnostics(last));
    history.diagnostics = diagnostics;
    history.recordFigures(step, diagnostics.model);
    const record = { epoch, step, train: { ...history.final.train }, validation, diagnostics };
    await this.recorder.writeEpoch(record);
    announceEpoch(this, record);
    await this.call('epochEnded', record);
    await this.saveBy((savepoints) => savepoints.afterEpoch(epoch - place.firstEpoch));
  }

  private async saveBy(save: (savepoints: Savepoints) => Promise<void>): Promise<void> {
    const { savepoints, target } = this;
    if (!savepoints) return;
    await trainedWeights(target);
    await critical(() => save(savepoints));
  }

  /** Whether its `fit` returns, and throws nothing. */
  private get returns(): boolean {
    const { state } = this.history.progress;
    return state === 'done' || (state === 'cancelled' && this.beforeEnd === undefined);
  }

  /** Lets another process go on from here, or know the end. One that failed is kept as it was before. */
  private async keep(isOver: boolean): Promise<void> {
    const { keeping, target, history } = this;
    if (!keeping || history.progress.state === 'failed') return;
    await trainedWeights(target);
    const before = this.beforeEnd;
    // Interrupted after its last epoch: nothing is left to do.
    const isWhole = before !== undefined && target.position.unfinished === null;
    const whole = before && { ...before, progress: { ...before.progress, state: 'done' as const } };
    const state = (isWhole ? whole : isOver ? undefined : before) ?? history.state();
    const note = await critical(() => keeping.kept.save(target, state, isOver || isWhole));
    if (note !== undefined) history.notes.push(note);
  }

  // --- stopping ---------------------------------------------------------------------------------------------------

  private async call<Name extends keyof TrainingCallbacks>(
    name: Name,
    event: Parameters<NonNullable<TrainingCallbacks[Name]>>[0],
  ): Promise<void> {
    const { callbacks } = this.options;
    if (!callbacks || !(await called(callbacks, name, event, (error) => this.isReason(error)))) return;
    this.cancelled = true;
    this.history.notes.push(`The callback ${name} stopped the training.`);
  }

  /** Lets the event loop answer messages, then leaves the training if it is to stop. */
  private async pause(): Promise<void> {
    await nextTurn();
    await trainedWeights(this.target);
    this.abortedSignal()?.throwIfAborted();
    if (this.cancelled) throw new Stopped();
  }

  private abortedSignal(): AbortSignal | undefined {
    return this.options.signal?.aborted ? this.options.signal : abortedMonitorSignal();
  }

  private isReason(error: unknown): boolean {
    const signal = this.abortedSignal();
    return signal !== undefined && error === signal.reason;
  }
}
