import type { StepReport } from '../../../engine/index';
import type { BatchSource } from '../batches/batches';
import type { TrainingDiagnostics } from '../diagnostics';
import type { TrainingHistory } from '../logs/history';
import { closeLogs, openLogs } from '../logs/logs';
import type { EpochRecord, StepRecord, TrainingLog } from '../logs/records';
import { EpochMeter } from './epochMeter';
import type { Scheduled } from './givenToSteps';
import type { CheckedFitOptions } from './options';
import type { Trainable } from './trainable';

/** What a training tells of itself: its history, its logs, and the diagnostics of its epochs. */
export class Recorder {
  private readonly meter: EpochMeter;
  private logs: TrainingLog[] = [];

  /** @param source of the samples that diagnostics look at */
  constructor(
    private readonly target: Trainable,
    private readonly history: TrainingHistory,
    private readonly options: CheckedFitOptions,
    source: BatchSource,
    seed: number,
  ) {
    this.meter = new EpochMeter(target, source, seed);
  }

  async open(stated: { seed: number; batchSize: number; samples: number }): Promise<void> {
    this.logs = await openLogs(this.target, this.options, stated);
  }

  /** A step that the model's position counts already. */
  step(
    { losses, gradientNorm }: StepReport,
    scheduled: Scheduled,
    samples: number,
    samplesPerSecond: number,
  ): StepRecord {
    const { history } = this;
    const { step, epoch } = this.target.position;
    const { weights, learningRate } = scheduled;
    history.recordStep(step, losses, this.drawnSchedules(scheduled), samples);
    history.recordMeasures(step, {
      'gradient norm': gradientNorm,
      'samples per second': samplesPerSecond,
      'learning rate': learningRate,
    });
    const record = { step, epoch: epoch + 1, losses, weights, learningRate, gradientNorm, samplesPerSecond };
    this.meter.step(record, samples);
    return record;
  }

  async write(records: readonly StepRecord[]): Promise<void> {
    for (const log of this.logs) {
      records.forEach((record) => log.step(record));
      await log.flush();
    }
  }

  /** Figures of the epoch that has ended. */
  diagnostics(last: boolean): Promise<TrainingDiagnostics> {
    return this.meter.endEpoch(last);
  }

  async writeEpoch(record: EpochRecord): Promise<void> {
    for (const log of this.logs) {
      log.epoch(record);
      await log.flush(true);
    }
  }

  async close(): Promise<void> {
    const { state } = this.history.progress;
    await closeLogs(this.logs, state === 'running' ? 'failed' : state);
  }

  /** Says once why a training is slower than the device could be. */
  noteEagerness(): void {
    const { eagerBecause } = this.target.step;
    if (eagerBecause === undefined) return;
    const note = `Steps run operation by operation, which is slower: the step ${eagerBecause}.`;
    if (!this.history.notes.includes(note)) this.history.notes.push(note);
  }

  /** What changes over the training, by the symbols that papers give it. */
  private drawnSchedules({ weights, learningRate, groupLearningRates = {} }: Scheduled): Record<string, number> {
    const drawn: Record<string, number> = {};
    for (const [term, { symbol, schedule }] of Object.entries(this.target.termWeights)) {
      if (typeof schedule !== 'number') drawn[symbol] = weights[term]!;
    }
    if (typeof this.options.learningRate !== 'number') drawn['learning rate'] = learningRate;
    for (const [group, { parameters, schedule }] of Object.entries(this.target.groupRates ?? {})) {
      if (typeof schedule !== 'number') drawn[`learning rate of ${parameters}`] = groupLearningRates[Number(group)]!;
    }
    return drawn;
  }
}

/** What the total weighs each term with; see {@link TrainingHistory.weights}. */
export function statedWeights({ termWeights }: Pick<Trainable, 'termWeights'>): Record<string, number | string> {
  const stated = Object.entries(termWeights).map(([term, { symbol, schedule }]) => [
    term,
    typeof schedule === 'number' ? schedule : symbol,
  ]);
  return Object.fromEntries(stated) as Record<string, number | string>;
}
