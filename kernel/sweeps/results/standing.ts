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
  /** How many reports of a training and a step an earlier attempt has left that this one may say again. */
  private readonly again = new Map<string, number>();
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
    const standing = this.open.filter((one) => one.training === training && (one.step ?? 0) <= step);
    for (const one of standing) {
      this.take(one);
      this.again.set(keyOf(one), (this.again.get(keyOf(one)) ?? 0) + 1);
    }
    this.begun(training);
    return standing;
  }

  /** @returns whether it is new */
  add(report: R): boolean {
    if (this.isSaidAgain(report)) return false;
    this.take(report);
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

  /** At the step where a training kept itself, it may say once more what stands already. */
  private isSaidAgain(report: R): boolean {
    const key = keyOf(report);
    const left = this.again.get(key) ?? 0;
    if (left > 0) this.again.set(key, left - 1);
    return left > 0;
  }

  private take({ values }: R): void {
    for (const name of Object.keys(values)) this.counts.set(name, this.count(name) + 1);
  }
}

function keyOf({ training, step, values }: Said): string {
  return `${training}/${step}/${Object.keys(values).join()}`;
}
