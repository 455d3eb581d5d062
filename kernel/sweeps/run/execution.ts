/** One attempt at a run: its notebook in a kernel of its own, and all that it leaves in its folder. */
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { GONE } from '../../client';
import { FileError } from '../../files/fileError';
import { makeFolderSync } from '../../files/makeFolder';
import { injectedSource, SEED } from '../../notebook/parameters/overriding';
import { injectSource } from '../../notebook/parameters/source';
import { parseNotebook } from '../../notebook/read';
import { NotebookRun } from '../../notebook/run';
import type { RunOutcome } from '../../notebook/run';
import { writeNotebook } from '../../notebook/write';
import type { CellError, DeviceSummary, KernelMessage, Progress } from '../../protocol';
import { deviceOf } from '../given';
import {
  appendLog,
  leaveModel,
  plannedRecord,
  readRecord,
  RUN_FILES,
  runFolder,
  writeCurves,
  writeRecord,
} from '../results';
import type { Attempt, HalvingRung, PlannedRun, RunRecord, RunState, Sweep, TrainingCurves } from '../results';
import { Ownership } from './ownership';
import { Reports } from './reports';

export interface ExecutionOptions {
  /** The sweep's. */
  folder: string;
  sweep: Sweep;
  /** The text of the sweep's notebook. */
  notebook: string;
  run: PlannedRun;
  kernelMain: string;
  threads: number;
  everyMinutes: number;
  /** Asked while the kernel starts. */
  git: Promise<RunRecord['git']>;
  versions: Record<string, string>;
  /** Slurm's job and task; null elsewhere. */
  job: string | null;
  /** Variables of the kernel's process: the GPU that it sees. */
  env?: Readonly<Record<string, string>>;
  /** Hears that something of the run is new. */
  onChange?(live: Live): void;
  /** Where it stops to wait for the others. */
  rung?: { metric: string; reports: number };
}

/** What is known of a run under way. */
export interface Live {
  index: number;
  state: RunState;
  device: DeviceSummary | undefined;
  /** The last value of each metric. */
  metrics: Readonly<Record<string, number | null>>;
  progress: Progress | undefined;
  /** Cell under way, from 1, of how many. */
  cell: number;
  cells: number;
  /** When the attempt began (`performance.now()`). */
  began: number;
}

/** Why a run is ended before its time, and what becomes of it. */
export interface Ending {
  state: Extract<RunState, 'waiting' | 'cancelled' | 'stopped'>;
  reason: string;
}

/** Milliseconds between two writings of a run's record while it runs. */
const RECORD_MS = 2000;
/** How long a training has to keep itself when the run is paused. */
const PATIENCE_MS = 20_000;

export class RunExecution {
  readonly live: Live;
  private readonly folder: string;
  private readonly curves = new Map<number, TrainingCurves>();
  private record!: RunRecord;
  private reports!: Reports;
  private ownership!: Ownership;
  private notebookRun: NotebookRun | undefined;
  private ending: Ending | undefined;
  private recordDue = 0;
  /** Why something could not be written while it ran. */
  private unwritten: FileError | undefined;

  constructor(private readonly options: ExecutionOptions) {
    const { run } = options;
    this.folder = runFolder(options.folder, run.index);
    this.live = {
      ...{ index: run.index, state: 'waiting', device: undefined, metrics: {}, progress: undefined },
      ...{ cell: 0, cells: 0, began: performance.now() },
    };
  }

  /**
   * @returns how the run stands now; null if another process has taken it over
   * @throws {SweepError} when another process is at work on it
   * @throws {FileError} when something of it could not be written; it can be gone on with
   */
  async run(): Promise<RunRecord | null> {
    makeFolderSync(this.folder);
    this.ownership = Ownership.take(this.folder, this.options.job);
    try {
      await this.begin();
      const outcome = await this.execute();
      if (this.unwritten) throw this.unwritten;
      if (!this.ownership.holds) return null;
      // Before its record says that it is done: who reads that finds the model.
      if (!(outcome instanceof Error) && !outcome.failure) await leaveModel(this.folder);
      this.record.git ??= await this.options.git;
      this.end(outcome);
      return this.record;
    } finally {
      this.ownership.release();
    }
  }

  /** Ends it where it can be gone on with. */
  async pause(ending: Ending, patience = PATIENCE_MS): Promise<void> {
    this.ending ??= ending;
    await this.notebookRun?.pause(patience);
  }

  /** Ends it at once. */
  kill(ending: Ending): void {
    this.ending ??= ending;
    this.notebookRun?.kill();
  }

  // --- begin ----------------------------------------------------------------------------------------------------------

  private async begin(): Promise<void> {
    const { folder, sweep, run, threads, versions, job } = this.options;
    const before = await readRecord(folder, run.index);
    const isSame = before?.digest === sweep.digest;
    // What another sweep has left is not gone on with; a record that is damaged may be this one's.
    if (before && !isSame) rmSync(join(this.folder, RUN_FILES.trainings), { recursive: true, force: true });
    const base = isSame ? before : plannedRecord(run, sweep.digest);
    const start = new Date().toISOString();
    const attempt: Attempt = { start, end: null, seconds: null, host: hostname(), job, state: null, reason: null };
    this.record = {
      ...base,
      ...{
        state: 'running',
        reason: null,
        threads: base.threads ?? threads,
        versions,
        end: null,
      },
      start: base.start ?? start,
      attempts: [...base.attempts, attempt],
    };
    void this.options.git.then((found) => (this.record.git ??= found));
    this.reports = await Reports.begin(this.folder);
    this.live.state = 'running';
    this.write();
    const values = Object.entries({ ...run.parameters, ...(run.seed !== null && { seed: run.seed }) });
    const stated = values.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ');
    this.log(`--- ${start}, attempt ${this.record.attempts.length} on ${hostname()}: ${stated}\n`);
  }

  private async execute(): Promise<RunOutcome | Error> {
    if (this.ending) return new Error(this.ending.reason);
    const { sweep, run, kernelMain, everyMinutes, rung, env } = this.options;
    const { notebook, layout } = parseNotebook(this.options.notebook, sweep.notebook);
    const values = this.values();
    if (Object.keys(values).length > 0) injectSource(notebook, injectedSource(values, declarationsOf(sweep)));
    const notebookRun = (this.notebookRun = new NotebookRun({
      ...{ notebook, path: sweep.notebook, kernelMain, folder: dirname(sweep.notebook) },
      // One that goes on computes where it began: elsewhere numbers round otherwise.
      device: this.record.device?.name ?? deviceOf(sweep),
      seed: run.seed ?? undefined,
      threads: this.record.threads ?? undefined,
      keptRun: {
        folder: join(this.folder, RUN_FILES.trainings),
        everyMinutes,
        rung: rung && ({ ...rung, earlier: this.reports.earlier(rung.metric) } satisfies HalvingRung),
      },
      env: { ...env, LATENTLAB_RUN_FOLDER: this.folder },
      onMessage: (message) => this.writing(() => this.receive(message)),
      onEvent: (event) => {
        if (event.type === 'ready') this.writing(() => this.ready(event.device, event.cells));
        if (event.type === 'cell') Object.assign(this.live, { cell: event.index + 1, progress: undefined });
        if (event.type === 'progress') this.live.progress = event.progress;
        this.options.onChange?.(this.live);
      },
    }));
    try {
      return await notebookRun.run();
    } catch (error) {
      return error as Error;
    } finally {
      if (notebookRun.hasBegun && this.ownership.holds) {
        writeNotebook(join(this.folder, RUN_FILES.notebook), notebook, layout);
      }
    }
  }

  private values(): RunRecord['parameters'] {
    const { sweep, run } = this.options;
    const hasSeed = run.seed !== null && sweep.declared.some(({ name }) => name === SEED);
    return hasSeed ? { ...run.parameters, [SEED]: run.seed } : run.parameters;
  }

  // --- while it runs --------------------------------------------------------------------------------------------------

  /** A full disk ends the run where it is: its kernel would go on for hours, and nothing of it be kept. */
  private writing(work: () => void): void {
    if (this.unwritten) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.unwritten = error;
      this.notebookRun?.kill();
    }
  }

  private ready(device: DeviceSummary, cells: number): void {
    Object.assign(this.live, { device, cells });
    const { name, description } = device;
    this.record.device = { name, description };
    this.log(`Device: ${description} (${name})\n`);
    this.write();
  }

  private receive(message: KernelMessage): void {
    switch (message.type) {
      case 'stream':
        this.log(message.text);
        break;
      case 'trainingResumed':
        if (this.ownership.holds) this.reports.resumed(message.training, message.step);
        this.log(
          `Training ${message.training} ${message.isOver ? 'had ended' : `resumes after step ${message.step}`}.\n`,
        );
        break;
      case 'trainingTold':
        this.tell(message.training as TrainingCurves);
        break;
      case 'reported':
        this.report(message);
        break;
      default:
        break;
    }
  }

  private tell(training: TrainingCurves): void {
    this.curves.set(training.index, training);
    if (this.ownership.holds) writeCurves(this.folder, [...this.curves.values()]);
  }

  private report({ time, training, step, epoch, values }: Extract<KernelMessage, { type: 'reported' }>): void {
    if (!this.ownership.holds) return;
    this.reports.add({ time: new Date(time).toISOString(), training, step, epoch, values });
    this.live.metrics = this.reports.last;
    if (performance.now() >= this.recordDue) this.write();
    this.options.onChange?.(this.live);
    const { rung } = this.options;
    if (!rung || !Object.hasOwn(values, rung.metric) || this.reports.count(rung.metric) < rung.reports) return;
    // The kernel has stopped there by itself.
    const reports = `${rung.reports} ${rung.reports === 1 ? 'report' : 'reports'}`;
    void this.pause({ state: 'waiting', reason: `Waits at a rung, after ${reports} of ${rung.metric}.` });
  }

  // --- end ------------------------------------------------------------------------------------------------------------

  private end(outcome: RunOutcome | Error): void {
    const { state, reason } = this.verdict(outcome);
    if (state === 'done') this.reports.end();
    const end = new Date().toISOString();
    const seconds = (performance.now() - this.live.began) / 1000;
    const { attempts } = this.record;
    Object.assign(attempts.at(-1)!, { end, seconds, state, reason });
    const total = attempts.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
    Object.assign(this.record, { state, reason, end: state === 'waiting' ? null : end, seconds: total });
    this.live.state = state;
    const failure = !(outcome instanceof Error) && state === 'failed' ? outcome.failure!.error.stack : (reason ?? '');
    this.log(`--- ${end}, ${state}${failure === '' ? '' : `: ${failure}`}\n`);
    this.write();
    this.options.onChange?.(this.live);
  }

  private verdict(outcome: RunOutcome | Error): { state: RunState; reason: string | null } {
    if (outcome instanceof Error) return this.ending ?? { state: 'failed', reason: outcome.message };
    const { failure } = outcome;
    if (!failure) return { state: 'done', reason: null };
    return this.ending ?? { state: 'failed', reason: `${failure.cell}: ${firstLine(failure.error)}` };
  }

  private write(): void {
    if (!this.ownership.holds) return;
    this.recordDue = performance.now() + RECORD_MS;
    this.record.metrics = { ...this.reports.last };
    writeRecord(this.folder, this.record);
  }

  private log(text: string): void {
    appendLog(this.folder, text);
  }
}

function declarationsOf({ declared }: Sweep): { name: string; declaration: string }[] {
  return declared.map(({ name, declaration }) => ({ name, declaration: String(declaration) }));
}

function firstLine({ name, message }: CellError): string {
  // What a window would do next is no news of a run.
  const [line = ''] = message.replace(` ${GONE}`, '').split('\n');
  return line.startsWith(name) ? line : `${name}: ${line}`;
}
