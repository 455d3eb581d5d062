import { meant } from '../../../engine/index';
import { z } from 'zod';
import { checkedConfig, ConfigurationError } from '../../config';
import { totalOf } from './evaluate';
import { scheduleEnd, scheduleValue } from '../schedules/schedules';
import type { Schedule } from '../schedules/schedules';
import { restoreSnapshot, takeSnapshot } from '../checkpoints/snapshot';
import type { Trainable, UnfinishedTraining } from './trainable';

/**
 * Ends a training when results on the validation data have not improved for some epochs.
 *
 * It waits for the warm-up: an epoch counts if it started after all schedules of the terms' weights (and {@link
 * Trainable.warmups}) had ended; a cyclical one counts as ended after its first period. Before that, terms rise and
 * fall with their weights, whatever the model learns. `total` is the sum of the validation terms with the weights at
 * the schedules' ends (for a cyclical one, at `to`), so that epochs are comparable.
 */
export interface EarlyStopping {
  /** `total`, or a term of the loss; its value over the validation data counts, lower is better. Default `total`. */
  monitor?: string;
  /** Epochs without a better value after which training ends. Default 5. */
  patience?: number;
  /** A value is better when it is lower than the best by more than this. Default 0. */
  minimumDelta?: number;
  /**
   * Whether the model is set back to the end of the best epoch when training is done: weights, moving averages,
   * optimizer and position together. Default true.
   */
  restoreBest?: boolean;
}

export const earlyStoppingSchema = z.strictObject({
  monitor: z.string().default('total'),
  patience: z.int().min(1).default(5),
  minimumDelta: z.number().min(0).default(0),
  restoreBest: z.boolean().default(true),
});

export class Stopping {
  private readonly options: Required<EarlyStopping>;
  /** The model's step from which on epochs count. */
  private readonly warmUntil: number;
  private readonly finalWeights: Readonly<Record<string, number>>;

  /** @throws {ConfigurationError} when the options are wrong */
  constructor(
    private readonly model: Trainable,
    private readonly place: UnfinishedTraining,
    options: EarlyStopping,
  ) {
    this.options = checkedConfig('earlyStopping', earlyStoppingSchema, options);
    const { termWeights, warmups = {} } = model;
    const schedules = [...Object.values(termWeights).map(({ schedule }) => schedule), ...Object.values(warmups)];
    this.warmUntil = Math.max(0, ...schedules.map(warmUpEnd));
    const weights = Object.entries(termWeights).map(([term, { schedule }]) => [term, finalValue(schedule)]);
    this.finalWeights = Object.fromEntries(weights);
    place.stopping ??= { best: null, bestEpoch: 0, waited: 0 };
  }

  /** Whether the patience is used up. */
  get over(): boolean {
    return this.place.stopping!.waited >= this.options.patience;
  }

  /** @throws {ConfigurationError} when the monitored term is none of these */
  checkMonitor(terms: readonly string[]): void {
    const { monitor } = this.options;
    if (terms.includes(monitor)) return;
    throw new ConfigurationError('fit', [
      `"earlyStopping.monitor" is "${monitor}"${meant(monitor, terms)}, allowed: ${terms.join(', ')}`,
    ]);
  }

  /**
   * Looks at the validation of an epoch that has just ended.
   *
   * @param firstStep updates that were done when the epoch began
   * @param epoch {@link TrainingPosition.epoch} now that it has ended
   * @returns whether training is to end
   */
  async endsAfter(validation: Readonly<Record<string, number>>, firstStep: number, epoch: number): Promise<boolean> {
    if (firstStep < this.warmUntil) return false;
    const { monitor, minimumDelta, restoreBest } = this.options;
    const value = monitor === 'total' ? totalOf(validation, this.finalWeights) : validation[monitor]!;
    const state = this.place.stopping!;
    const better = Number.isFinite(value) && (state.best === null || value < state.best - minimumDelta);
    if (better) {
      Object.assign(state, { best: value, bestEpoch: epoch, waited: 0 });
      if (restoreBest) this.model.best = await takeSnapshot(this.model);
    } else {
      state.waited += 1;
    }
    return this.over;
  }

  /** Sets the model back to its best epoch, where that is wanted, and says what it has done. */
  finish(): string {
    const { best, bestEpoch, waited } = this.place.stopping!;
    const { monitor } = this.options;
    if (best === null) {
      return `Early stopping never began: the warm-up ends at step ${this.warmUntil}; train for more epochs.`;
    }
    const found = `the lowest validation ${monitor} was ${Number(best.toPrecision(6))}, after epoch ${bestEpoch}`;
    const ended = this.over ? `Stopped early, ${count(waited)} later: ${found}` : sentenceCase(found);
    const snapshot = this.model.best;
    if (!snapshot) return `${ended}.`;
    restoreSnapshot(this.model, { ...snapshot, position: { ...snapshot.position, unfinished: null } });
    this.model.best = null;
    return `${ended}; the model has the weights from then.`;
  }
}

function warmUpEnd(schedule: Schedule): number {
  if (typeof schedule !== 'number' && schedule.schedule === 'cyclical') return Math.ceil(schedule.period);
  return scheduleEnd(schedule) ?? 0;
}

function finalValue(schedule: Schedule): number {
  if (typeof schedule !== 'number' && schedule.schedule === 'cyclical') return schedule.to;
  return scheduleValue(schedule, scheduleEnd(schedule) ?? 0);
}

function count(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${epochs} epochs`;
}

function sentenceCase(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
