/**
 * The reports of a run, over all its attempts. One that continues says again what it said since its training kept
 * itself; what a training had reported before counts as soon as that training is gone on with, and is kept in the file
 * until then.
 */
import { join } from 'node:path';
import { appendReports, readReports, replaceReports, RUN_FILES } from '../results';
import type { Report } from '../results';

export class Reports {
  private readonly said: Report[] = [];
  /** How many reports of a training and a step an earlier attempt has left that this one may say again. */
  private readonly again = new Map<string, number>();
  private readonly counts = new Map<string, number>();
  /** The last value of each metric. */
  readonly last: Record<string, number | null> = {};

  private constructor(
    private readonly folder: string,
    /** Those of earlier attempts that may count again. */
    private earlier: Report[],
  ) {}

  /** Begins an attempt. What was reported outside of trainings is said again. */
  static async begin(folder: string): Promise<Reports> {
    const before = await readReports(join(folder, RUN_FILES.reports), null, []);
    const reports = new Reports(
      folder,
      before.filter(({ training }) => training !== null),
    );
    if (before.length > 0) reports.write();
    return reports;
  }

  /** A training continues at a step: what was reported until then stands. */
  resumed(training: number, step: number): void {
    for (const one of this.earlier) {
      if (one.training !== training || (one.step ?? 0) > step) continue;
      this.take(one);
      this.again.set(keyOf(one), (this.again.get(keyOf(one)) ?? 0) + 1);
    }
    this.earlier = this.earlier.filter((one) => one.training! > training);
    this.write();
  }

  add(report: Report): void {
    if (this.isSaidAgain(report)) return;
    this.take(report);
    if (this.earlier.length === 0) {
      appendReports(this.folder, [report]);
      return;
    }
    // A training that reports without having been gone on with has begun anew.
    const { training } = report;
    if (training !== null) this.earlier = this.earlier.filter((one) => one.training! > training);
    this.write();
  }

  /** The run is done: nothing of earlier attempts is waited for any more. */
  end(): void {
    if (this.earlier.length === 0) return;
    this.earlier = [];
    this.write();
  }

  /** How often a metric has been reported. */
  count(metric: string): number {
    return this.counts.get(metric) ?? 0;
  }

  /** At the step where a training kept itself, it may say once more what stands already. */
  private isSaidAgain(report: Report): boolean {
    const key = keyOf(report);
    const left = this.again.get(key) ?? 0;
    if (left > 0) this.again.set(key, left - 1);
    return left > 0;
  }

  private take(report: Report): void {
    const { values } = report;
    this.said.push(report);
    Object.assign(this.last, values);
    for (const name of Object.keys(values)) this.counts.set(name, this.count(name) + 1);
  }

  private write(): void {
    replaceReports(this.folder, [...this.said, ...this.earlier]);
  }
}

function keyOf({ training, step, values }: Report): string {
  return `${training}/${step}/${Object.keys(values).join()}`;
}
