/** What a training leaves behind: plain numbers that a view can draw while it runs. */
import { Curve, type CurveState } from './curve';
import type { TrainingDiagnostics } from '../diagnostics';

/** A term of the loss over the steps of a training, on the training or the validation data. */
export interface LossSeries {
  /** A term of the loss, or `total`. */
  name: string;
  /** The data that the values are of. */
  split: 'train' | 'validation';
  /** Updates of the model, counted from 1 over all its trainings. */
  steps: number[];
  /** The term, unweighted, at each of the steps. */
  values: number[];
}

/** A scheduled value, such as β or the learning rate, over the steps of a training. */
export interface ScheduleSeries {
  /** What is scheduled, such as `beta`. */
  name: string;
  /** Updates of the model, counted from 1. */
  steps: number[];
  /** Its value at each of them. */
  values: number[];
}

/** A term, or the gradient, that was NaN or infinite. */
export interface BrokenStep {
  /** The term, or `gradient`. */
  quantity: string;
  /** NaN, or an infinity. */
  value: number;
  /** Counted from 1 over all the model's trainings, as the epoch. */
  step: number;
  /** The epoch of the step. */
  epoch: number;
  /** The batch in its epoch, counted from 1. */
  batch: number;
}

/** What was trained and how, as plain data. */
export interface TrainingSettings {
  /** The class of the model. */
  model: string;
  /** As the model checked it, defaults included. */
  config: object;
  /** The options of `fit`, defaults included. */
  options: object;
}

/** What is known of a training before it begins. */
export interface StatedTraining {
  settings: TrainingSettings;
  /** By term; see {@link TrainingHistory.weights}. */
  weights: Readonly<Record<string, number | string>>;
}

/** How far a training is, and how it ended. */
export interface TrainingProgress {
  /** Whether the training continues, and how it ended. */
  state: 'running' | 'done' | 'cancelled' | 'failed';
  /** Steps of this training that are done; for a resumed one, also those before it was stopped. */
  step: number;
  /** All steps that it is to have. */
  totalSteps: number;
  /** The epoch under way, counted from 1. */
  epoch: number;
  /** All epochs that it is to have. */
  epochs: number;
  /** Steps and epochs of the model before this training, which adds its own to them. */
  before: { steps: number; epochs: number };
  /** Seconds since `fit` was called. */
  secondsElapsed: number;
  /** An estimate; undefined before there is one. */
  secondsLeft?: number;
}

/**
 * Terms by step and by epoch, unweighted, in {@link unit}; `total` is their weighted sum.
 *
 * Memory is bounded: the points of a long training are merged, and each is then the mean over several steps.
 */
export class TrainingHistory {
  /** Each term over the steps. */
  readonly series: LossSeries[] = [];
  /** Each scheduled value over the steps. */
  readonly schedules: ScheduleSeries[] = [];
  /** Measures by step: `gradient norm`, before it is clipped, `samples per second` and `learning rate`. */
  readonly measures: ScheduleSeries[] = [];
  /** What the model reported of itself at the end of epochs, by step; see {@link TrainingDiagnostics.model}. */
  readonly figures: { steps: number[]; values: Readonly<Record<string, number | number[]>>[] } = {
    steps: [],
    values: [],
  };
  /** Steps that were not taken, since a term or the gradient was not finite. */
  readonly broken: BrokenStep[] = [];
  /** What was trained and how, as plain data; null if it is not known. */
  readonly settings: TrainingSettings | null;
  /**
   * The weight of each term in the total: a number where it is constant, else the name of its schedule; 0 for a term that is
   * told alone, 1 for one that is not here.
   */
  readonly weights: Readonly<Record<string, number | string>>;
  /** What happened beside, such as why a step runs eagerly. */
  readonly notes: string[] = [];
  /** How far the training is. */
  readonly progress: TrainingProgress;
  /** The diagnostics at the end of the last whole epoch; null before the first. */
  diagnostics: TrainingDiagnostics | null = null;
  /**
   * The mean of each training term over the last whole epoch, with each step weighted by its samples, and each
   * validation term at the epoch's end. The steps of a first epoch that was stopped count as a whole epoch.
   */
  readonly final: { train: Record<string, number>; validation: Record<string, number> | null } = {
    train: {},
    validation: null,
  };

  private readonly curves = new Map<LossSeries | ScheduleSeries, Curve>();
  private epochSums: Record<string, number> = {};
  private epochSamples = 0;
  private epochsCompleted = 0;
  private startTime = performance.now();
  private stepsHere = 0;

  constructor(
    /** What stands above its curves. */
    readonly title: string,
    /** The unit of every term, for example `nats per image`. */
    readonly unit: string,
    /** Updates in an epoch. */
    readonly stepsPerEpoch: number,
    place: { step: number; epoch: number; epochs: number; before: { steps: number; epochs: number } },
    stated?: StatedTraining,
  ) {
    this.settings = stated?.settings ?? null;
    this.weights = stated?.weights ?? {};
    const totalSteps = place.epochs * stepsPerEpoch;
    this.progress = { state: 'running', totalSteps, ...place, secondsElapsed: 0 };
  }

  /**
   * @param step the model's step, counted from 1
   * @param losses means over the batch
   */
  recordStep(step: number, losses: Record<string, number>, schedules: Record<string, number>, samples: number): void {
    for (const [name, value] of Object.entries(losses)) {
      this.curve(this.seriesOf(name, 'train')).push(step, value, samples);
      this.epochSums[name] = (this.epochSums[name] ?? 0) + value * samples;
    }
    for (const [name, value] of Object.entries(schedules)) this.curve(namedIn(this.schedules, name)).push(step, value);
    this.epochSamples += samples;
    this.stepsHere += 1;
    this.progress.step += 1;
    this.updateTime();
    this.progress.secondsLeft =
      ((this.progress.totalSteps - this.progress.step) * this.progress.secondsElapsed) / this.stepsHere;
  }

  /** @param step the model's step, counted from 1 */
  recordMeasures(step: number, measures: Record<string, number>): void {
    for (const [name, value] of Object.entries(measures)) this.curve(namedIn(this.measures, name)).push(step, value);
  }

  /** @param figures of the model; those of an epoch before are not told again */
  recordFigures(step: number, figures: TrainingDiagnostics['model']): void {
    const { steps, values } = this.figures;
    if (figures === null || figures === values.at(-1)) return;
    steps.push(step);
    values.push(figures);
  }

  /** Adds a validation at the step that is done. */
  recordValidation(step: number, losses: Record<string, number>): void {
    for (const [name, value] of Object.entries(losses)) this.curve(this.seriesOf(name, 'validation')).push(step, value);
    this.final.validation = losses;
    this.updateTime();
  }

  /** Adds the means of an epoch. */
  endEpoch(): void {
    this.takeEpochMeans();
    this.epochsCompleted += 1;
    this.progress.epoch = Math.min(this.progress.epoch + 1, this.progress.epochs);
  }

  /** The training is over, and how. */
  end(state: 'done' | 'cancelled' | 'failed'): void {
    if (this.epochsCompleted === 0) this.takeEpochMeans();
    for (const curve of this.curves.values()) curve.flush();
    const merged = Math.max(1, ...[...this.curves.values()].map((curve) => curve.stepsPerPoint));
    if (merged > 1) this.notes.push(`Each point is the mean over up to ${merged} steps.`);
    this.progress.state = state;
    this.updateTime();
    delete this.progress.secondsLeft;
  }

  /** The whole history as plain data, for {@link restore}. */
  state(): HistoryState {
    const { series, schedules, measures, figures, broken, notes, progress, diagnostics, final } = this;
    const { epochSums, epochSamples, epochsCompleted } = this;
    const curves = (list: readonly (LossSeries | ScheduleSeries)[]) =>
      list.map((one) => this.curves.get(one)?.state() ?? null);
    return structuredClone({
      ...{ series, schedules, measures, figures, broken, notes, progress, diagnostics, final },
      ...{ epochSums, epochSamples, epochsCompleted },
      curves: [curves(series), curves(schedules), curves(measures)],
    });
  }

  /** Sets a history that has recorded nothing yet to what another one was. */
  restore(state: HistoryState): void {
    const { series, schedules, measures, curves, figures, final, progress, broken, notes, diagnostics } =
      structuredClone(state);
    this.series.push(...series);
    this.schedules.push(...schedules);
    this.measures.push(...measures);
    this.broken.push(...broken);
    this.notes.push(...notes);
    Object.assign(this.figures, figures);
    Object.assign(this.final, final);
    Object.assign(this.progress, progress);
    this.diagnostics = diagnostics;
    const { epochSums, epochSamples, epochsCompleted } = state;
    Object.assign(this, { epochSums: { ...epochSums }, epochSamples, epochsCompleted, stepsHere: progress.step });
    this.startTime = performance.now() - 1000 * progress.secondsElapsed;
    [series, schedules, measures].forEach((list, i) =>
      list.forEach((one, j) => {
        const found = curves[i]![j];
        if (found) this.curve(one).restore(found);
      }),
    );
  }

  private takeEpochMeans(): void {
    if (this.epochSamples === 0) return;
    const means = Object.entries(this.epochSums).map(([name, sum]) => [name, sum / this.epochSamples]);
    this.final.train = Object.fromEntries(means);
    this.epochSums = {};
    this.epochSamples = 0;
  }

  private updateTime(): void {
    this.progress.secondsElapsed = (performance.now() - this.startTime) / 1000;
  }

  private curve(series: LossSeries | ScheduleSeries): Curve {
    const known = this.curves.get(series);
    if (known) return known;
    const curve = new Curve(series.steps, series.values);
    this.curves.set(series, curve);
    return curve;
  }

  private seriesOf(name: string, split: LossSeries['split']): LossSeries {
    const known = this.series.find((series) => series.name === name && series.split === split);
    if (known) return known;
    const series: LossSeries = { name, split, steps: [], values: [] };
    this.series.push(series);
    return series;
  }
}

/** A history as plain data. */
export interface HistoryState extends Pick<
  TrainingHistory,
  'series' | 'schedules' | 'measures' | 'figures' | 'broken' | 'notes' | 'progress' | 'diagnostics' | 'final'
> {
  epochSums: Record<string, number>;
  epochSamples: number;
  epochsCompleted: number;
  /** The curves of series, schedules and measures, in their order; null if there is none. */
  curves: (CurveState | null)[][];
}

function namedIn(list: ScheduleSeries[], name: string): ScheduleSeries {
  const known = list.find((series) => series.name === name);
  if (known) return known;
  const series: ScheduleSeries = { name, steps: [], values: [] };
  list.push(series);
  return series;
}
