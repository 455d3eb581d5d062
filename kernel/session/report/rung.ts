/**
 * Reports of a run, told to its host, and the rung of successive halving where the run stops: the kernel counts as its
 * host does, since a host that hears of the last report asks too late for a pause.
 */
import type { Reported } from '../../protocol';
import { StandingReports, type HalvingRung } from '../../sweeps/results';
import { currentSession } from '../current';
import { InterruptedError } from '../errors';

type Told = Omit<Reported, 'type' | 'time'>;

/** For the length of the process. */
let limit: Limit | undefined;

/** Has the run stop at a rung: a training after the step under way, other code at its report. */
export function stopAt(rung: HalvingRung, pause: () => void): void {
  limit = new Limit(rung, pause);
}

/** A training continues at a step. */
export function countResumed(training: number, step: number): void {
  limit?.resumed(training, step);
}

/** @throws InterruptedError outside of trainings, at the rung */
export function tellReport(report: Told): void {
  const isInTraining = report.training !== null;
  // Code that goes on although its run has been stopped.
  if (limit?.isReached && !isInTraining) throw new InterruptedError();
  currentSession().tell?.({ type: 'reported', time: Date.now(), ...report });
  limit?.said(report);
  if (limit?.isReached && !isInTraining) throw new InterruptedError();
}

class Limit {
  private readonly standing: StandingReports<HalvingRung['earlier'][0]>;
  isReached = false;

  constructor(
    private readonly rung: HalvingRung,
    private readonly pause: () => void,
  ) {
    this.standing = new StandingReports(rung.earlier);
  }

  resumed(training: number, step: number): void {
    this.standing.resumed(training, step);
  }

  said(report: Told): void {
    const { metric, reports } = this.rung;
    if (this.isReached || !Object.hasOwn(report.values, metric)) return;
    this.standing.add(report);
    if (this.standing.count(metric) < reports) return;
    this.isReached = true;
    this.pause();
  }
}
