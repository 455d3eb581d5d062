/**
 * The reports of a run, over all its attempts, and their file. What a training of an earlier attempt had reported is kept
 * there until it is known whether it stands.
 */
import { join } from 'node:path';
import { appendReports, readReports, replaceReports, RUN_FILES, StandingReports } from '../results';
import type { Report } from '../results';

export class Reports {
  private readonly said: Report[] = [];
  private readonly standing: StandingReports<Report>;
  /** The last value of each metric. */
  readonly last: Record<string, number | null> = {};

  private constructor(
    private readonly folder: string,
    before: readonly Report[],
  ) {
    this.standing = new StandingReports(before);
  }

  /** Begins an attempt. What was reported outside of trainings is said again. */
  static async begin(folder: string): Promise<Reports> {
    const before = await readReports(join(folder, RUN_FILES.reports), null, []);
    const reports = new Reports(folder, before);
    if (before.length > 0) reports.write();
    return reports;
  }

  /** A training continues at a step: what was reported until then stands. */
  resumed(training: number, step: number): void {
    this.standing.resumed(training, step).forEach((one) => this.note(one));
    this.write();
  }

  add(report: Report): void {
    const isWhole = this.standing.earlier.length === 0;
    if (!this.standing.add(report)) return;
    this.note(report);
    if (isWhole) appendReports(this.folder, [report]);
    else this.write();
  }

  /** The run is done. */
  end(): void {
    if (this.standing.earlier.length === 0) return;
    this.standing.end();
    this.write();
  }

  /** How often a metric has been reported. */
  count(metric: string): number {
    return this.standing.count(metric);
  }

  /** Reports of a metric by earlier attempts, which may count again. */
  earlier(metric: string): Report[] {
    return this.standing.earlier.filter(({ values }) => Object.hasOwn(values, metric));
  }

  private note(report: Report): void {
    this.said.push(report);
    Object.assign(this.last, report.values);
  }

  private write(): void {
    replaceReports(this.folder, [...this.said, ...this.standing.earlier]);
  }
}
