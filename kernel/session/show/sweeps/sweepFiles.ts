/** A sweep's folder that is read again and again: only files that have changed since are opened. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  curvesSchema,
  plannedRecord,
  readReports,
  readSweep,
  RUN_FILES,
  runSchema,
  type Damage,
  type Report,
  type RunRecord,
  type Sweep,
  type TrainingCurves,
} from '../../../sweeps/results/index';

/** A run as its files have it. */
export interface RunRead {
  index: number;
  /** Absolute. */
  folder: string;
  record: RunRecord;
  curves: readonly TrainingCurves[];
  /** Those of a run under way; read of no other. */
  reports: readonly Report[];
  /** Whether there is an executed notebook. */
  notebook: boolean;
}

export interface SweepRead {
  /** Absolute. */
  folder: string;
  /** Null if its file is damaged. */
  sweep: Sweep | null;
  runs: readonly RunRead[];
  damages: readonly Damage[];
}

/** Runs that are read at once. */
const AT_ONCE = 32;

export class SweepFiles {
  private sweep: Sweep | null = null;
  private indices: readonly { index: number; folder: string }[] | undefined;
  private readonly known = new Map<string, { stamp: string; value: unknown }>();
  private damages: Damage[] = [];
  private firstDamages: readonly Damage[] = [];

  /** @param folder absolute */
  constructor(readonly folder: string) {}

  /** @throws SweepFolderError when there is no sweep */
  async read(): Promise<SweepRead> {
    this.damages = [];
    // Which runs there are never changes once the sweep's own file is there.
    if (this.indices === undefined || this.sweep === null) await this.begin();
    const runs: RunRead[] = [];
    const all = this.indices!;
    for (let i = 0; i < all.length; i += AT_ONCE)
      runs.push(...(await Promise.all(all.slice(i, i + AT_ONCE).map((run) => this.run(run)))));
    return { folder: this.folder, sweep: this.sweep, runs, damages: [...this.firstDamages, ...this.damages] };
  }

  private async begin(): Promise<void> {
    const { sweep, runs, damages } = await readSweep(this.folder, { curves: false, reports: false });
    this.sweep = sweep;
    this.indices = runs.map(({ index, folder }) => ({ index, folder }));
    this.firstDamages = damages.filter(({ run }) => run === null);
  }

  private async run({ index, folder }: { index: number; folder: string }): Promise<RunRead> {
    const at = (name: string) => join(folder, name);
    const [record, curves, notebook] = await Promise.all([
      this.json(at(RUN_FILES.record), index, (value) => runSchema.safeParse(value)),
      this.json(at(RUN_FILES.curves), index, (value) => curvesSchema.safeParse(value)),
      stampOf(at(RUN_FILES.notebook)),
    ]);
    const known = record ?? this.planned(index);
    return {
      ...{ index, folder, record: known, curves: curves?.trainings ?? [], notebook: notebook !== undefined },
      reports: known.state === 'running' ? await readReports(at(RUN_FILES.reports), index, this.damages) : [],
    };
  }

  private planned(index: number): RunRecord {
    const planned = this.sweep?.runs.find((run) => run.index === index) ?? { index, parameters: {}, seed: null };
    return plannedRecord(planned, this.sweep?.digest ?? '');
  }

  private async json<T>(
    file: string,
    run: number,
    check: (value: unknown) => { success: true; data: T } | { success: false; error: Error },
  ): Promise<T | undefined> {
    const stamp = await stampOf(file);
    if (stamp === undefined) return undefined;
    const before = this.known.get(file);
    if (before?.stamp === stamp) return before.value as T | undefined;
    const value = await readFile(file, 'utf8').then(
      (text) => checked(text, check),
      (error: Error) => error,
    );
    if (value instanceof Error) {
      this.damages.push({ file, run, reason: value.message });
      return undefined;
    }
    this.known.set(file, { stamp, value });
    return value;
  }
}

function checked<T>(
  text: string,
  check: (value: unknown) => { success: true; data: T } | { success: false; error: Error },
): T | Error {
  try {
    const found = check(JSON.parse(text));
    return found.success ? found.data : new Error('it does not have the format of a sweep');
  } catch {
    return new Error('it is no JSON');
  }
}

/** What changes whenever a file does; undefined if there is none. */
async function stampOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && `${found.mtimeNs} ${found.size} ${found.ino}`;
}
