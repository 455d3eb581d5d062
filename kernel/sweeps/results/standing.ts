/**
 * Which reports of a run count, over all its attempts. One that continues says again what it said since its training kept
 * itself; what a training had reported before counts as soon as that training is gone on with.
 */
import type { Report } from './format';

type Said = Pick<Report, 'training' | 'step' | 'values'>;

/** A rung of successive halving: the run stops at the report that brings it there. */
export interface HalvingRung {
  metric: string;
  /** How often the metric has been reported there. */
  reports: number;
  /** Its reports by trainings of earlier attempts: they count again where their training is gone on with. */
  earlier: Said[];
}

export class StandingReports<R extends Said> {
  private readonly known = new Set<string>();
  private readonly counts = new Map<string, number>();
  private open: readonly R[];

  /** @param earlier those of earlier attempts; what was reported outside of trainings is said again */
  constructor(earlier: readonly R[]) {
    this.open = earlier.filter(({ training }) => training !== null);
  }

  /** Those of earlier attempts that may count again. */
  get earlier(): readonly R[] {
    return this.open;
  }

  /**
   * A training continues at a step.
   *
   * @returns what was reported until then, which stands
   */
  resumed(training: number, step: number): R[] {
    const standing = this.open.filter((one) => one.training === training && (one.step ?? 0) <= step && this.take(one));
    this.begun(training);
    return standing;
  }

  /** @returns whether it is new */
  add(report: R): boolean {
    if (!this.take(report)) return false;
    // A training that reports without having been gone on with has begun anew.
    if (report.training !== null) this.begun(report.training);
    return true;
  }

  /** The run is done: nothing of earlier attempts is waited for any more. */
  end(): void {
    this.open = [];
  }

  /** How often a metric has been reported. */
  count(metric: string): number {
    return this.counts.get(metric) ?? 0;
  }

  private begun(training: number): void {
    if (this.open.length > 0) this.open = this.open.filter((one) => one.training! > training);
  }

  private take({ training, step, values }: R): boolean {
    // At the step where a training kept itself it may say the same again.
    const key = `${training}/${step}/${Object.keys(values).join()}`;
    if (training !== null && this.known.has(key)) return false;
    this.known.add(key);
    for (const name of Object.keys(values)) this.counts.set(name, this.count(name) + 1);
    return true;
  }
}
