/** The states of a training's curves, counted: each message holds what is new since the one before. */
import type { TrainingHistory, TrainingProgress } from '../../autoencoders/index';
import { changeOf, encodeLossCurves, plainLossCurves } from '../../views/index';
import type { LastRun, LossCurvesChange, LossCurvesView, PlainLossCurves } from '../../views/index';

export class CurveStates {
  private state: PlainLossCurves;
  private revision = 0;

  constructor(
    private readonly history: TrainingHistory,
    private readonly id: string,
    private readonly lastRun?: LastRun,
  ) {
    this.state = this.now();
  }

  /**
   * The training as it is now is the newest state.
   *
   * @param end how it ended, where its history does not say so yet
   * @returns what is new in it; undefined when only {@link whole} can tell, since there are other curves
   */
  next(end: Partial<TrainingProgress> = {}): LossCurvesChange | undefined {
    const before = this.state;
    this.state = this.now(end);
    this.revision += 1;
    return changeOf(before, this.state, this.revision);
  }

  /** The newest state, as an output holds it. */
  whole(): LossCurvesView {
    return { ...encodeLossCurves(this.state), revision: this.revision };
  }

  private now(end: Partial<TrainingProgress> = {}): PlainLossCurves {
    const { title, unit, stepsPerEpoch, series, schedules, notes, final, ...others } = this.history;
    const { measures, figures, weights, broken } = others;
    const progress = { ...this.history.progress, ...end };
    return plainLossCurves(
      { title, unit, stepsPerEpoch, series, schedules, notes, final, progress, measures, figures, weights, broken },
      { id: this.id, lastRun: this.lastRun },
    );
  }
}
