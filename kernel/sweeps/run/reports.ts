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
  private readonly known = new Set<string>();
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
    for (const one of this.earlier) if (one.training === training && (one.step ?? 0) <= step) this.take(one);
    this.earlier = this.earlier.filter((one) => one.training! > training);
    this.write();
  }

  add(report: Report): void {
    if (!this.take(report)) return;
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

  /** @returns whether it is new */
  private take(report: Report): boolean {
    const { training, step, values } = report;
    // At the step where a training kept itself it may say the same again.
    const key = `${training}/${step}/${Object.keys(values).join()}`;
    if (training !== null && this.known.has(key)) return false;
    this.known.add(key);
    this.said.push(report);
    Object.assign(this.last, values);
    for (const name of Object.keys(values)) this.counts.set(name, this.count(name) + 1);
    return true;
  }

  private write(): void {
    replaceReports(this.folder, [...this.said, ...this.earlier]);
  }
}
