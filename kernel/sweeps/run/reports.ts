/** The reports of a run, over all its attempts: one that goes on says again what it said since it last kept itself. */
import { join } from 'node:path';
import { appendReports, readReports, replaceReports, RUN_FILES } from '../results';
import type { Report } from '../results';

export class Reports {
  /** Those of earlier attempts that may count again. */
  private earlier: Report[];
  private readonly known = new Set<string>();
  private readonly counts = new Map<string, number>();
  readonly last: Record<string, number | null> = {};

  private constructor(
    private readonly folder: string,
    earlier: Report[],
  ) {
    this.earlier = earlier;
  }

  /** Begins an attempt: what was reported before counts when its training is gone on with. */
  static async begin(folder: string): Promise<Reports> {
    const earlier = await readReports(join(folder, RUN_FILES.reports), null, []);
    if (earlier.length > 0) replaceReports(folder, []);
    return new Reports(folder, earlier);
  }

  /** A training goes on at a step: what was reported until then stands. */
  resumed(training: number, step: number): void {
    const kept = this.earlier.filter((one) => one.training === training && (one.step ?? 0) <= step);
    this.earlier = this.earlier.filter((one) => one.training !== training);
    appendReports(
      this.folder,
      kept.filter((one) => this.take(one)),
    );
  }

  add(report: Report): void {
    if (this.take(report)) appendReports(this.folder, [report]);
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
    Object.assign(this.last, values);
    for (const name of Object.keys(values)) this.counts.set(name, this.count(name) + 1);
    return true;
  }
}
