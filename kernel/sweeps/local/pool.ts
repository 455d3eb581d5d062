/** Runs of a sweep on this machine: a kernel in each slot, the next run when one has ended. */
import { dirname } from 'node:path';
import { builtFile } from '../../engine/packageRoot';
import { FileError } from '../../files/fileError';
import type { Claim } from '../claim';
import type { SweepFile } from '../file/schema';
import { givenOf } from '../given';
import { hasReached, verdicts, verdictText } from '../halving';
import { readRecord, readSweep, runFolder, writeRecord } from '../results';
import type { RunRecord, Sweep } from '../results';
import { RunExecution } from '../run/execution';
import type { Ending, Live } from '../run/execution';
import { gitOf, versions } from '../run/facts';
import { forgetOwner } from '../run/ownership';
import { SweepError } from '../sweepError';
import type { Slot } from './slots';

export interface PoolOptions {
  folder: string;
  sweep: Sweep;
  notebook: string;
  slots: readonly Slot[];
  /** The runs to work on, by their numbers. */
  indices: readonly number[];
  /** The sweep's folder is this process's. */
  claim: Claim;
  onChange?(live: Live): void;
  /** A run has ended, or waits at a rung. */
  onEnd?(record: RunRecord): void;
  /** A run could not be worked on. */
  onProblem?(index: number, error: SweepError): void;
}

const GONE = 'its folder was removed or taken over while it ran; --resume runs what is left of it';
const CANCELLED: Ending = { state: 'cancelled', reason: 'Interrupted; --resume resumes it.' };

export class LocalPool {
  private readonly file: SweepFile;
  private readonly underWay = new Set<RunExecution>();
  private readonly facts: { versions: Record<string, string>; git: Promise<RunRecord['git']> };
  private stopping: Promise<unknown> | undefined;
  /** Why results cannot be written, or are not to be any more. */
  private unwritten: FileError | SweepError | undefined;

  constructor(private readonly options: PoolOptions) {
    this.file = givenOf(options.sweep);
    this.facts = { versions: versions(), git: gitOf(dirname(options.sweep.notebook)) };
  }

  /**
   * Settles when no run is left, or all have been stopped.
   *
   * @throws {FileError} when results cannot be written; all runs are then stopped, and can be gone on with
   * @throws {SweepError} when another process has taken the folder over; all runs are then stopped
   */
  async run(): Promise<void> {
    await this.runStages();
    await this.stopping;
    if (this.unwritten) throw this.unwritten;
  }

  private async runStages(): Promise<void> {
    const { stop } = this.file;
    const { indices } = this.options;
    if (!stop) return this.runAll(indices, Infinity);
    for (let rung = 0; rung <= stop.rungs.length && !this.stopping; rung++) {
      const { runs } = await readSweep(this.options.folder, { curves: false });
      const known = verdicts(stop, runs, rung);
      for (const { index, record } of runs) {
        const verdict = known.get(index);
        if (verdict && !verdict.goesOn && record.state === 'waiting') this.stopRun(record, verdictText(stop, verdict));
      }
      const limit = stop.rungs[rung] ?? Infinity;
      const left = runs.filter((one) => known.get(one.index)?.goesOn !== false && !hasReached(one, stop.metric, limit));
      const wanted = new Set(indices);
      await this.runAll(
        left.map(({ index }) => index).filter((index) => wanted.has(index)),
        limit,
      );
    }
  }

  /** Begins no other run, and ends those under way where they can be gone on with; a second time at once. */
  async stop(): Promise<void> {
    const endings = [...this.underWay].map((one) => (this.stopping ? one.kill(CANCELLED) : one.pause(CANCELLED)));
    this.stopping = Promise.all(endings);
    await this.stopping;
  }

  private async runAll(indices: readonly number[], limit: number): Promise<void> {
    const left = [...indices];
    await Promise.all(
      this.options.slots.map(async (slot) => {
        for (let index = left.shift(); index !== undefined && !this.stopping; index = left.shift()) {
          await this.runOne(index, slot, limit);
        }
      }),
    );
  }

  private async runOne(index: number, { threads, env }: Slot, limit: number): Promise<void> {
    const { folder, sweep, notebook, claim, onChange, onEnd } = this.options;
    const { stop } = this.file;
    try {
      await claim.check();
      // Whoever worked on it is gone.
      forgetOwner(runFolder(folder, index));
    } catch (error) {
      if (!(error instanceof SweepError || error instanceof FileError)) throw error;
      this.giveUp(error);
      return;
    }
    const execution = new RunExecution({
      ...{ folder, sweep, notebook, threads, env, onChange, job: null },
      run: sweep.runs.find((run) => run.index === index)!,
      kernelMain: builtFile('main.js'),
      everyMinutes: this.file.checkpoint.everyMinutes,
      git: this.facts.git,
      versions: this.facts.versions,
      rung: stop && Number.isFinite(limit) ? { metric: stop.metric, reports: limit } : undefined,
    });
    this.underWay.add(execution);
    try {
      const record = await execution.run();
      if (record) onEnd?.(record);
      else this.options.onProblem?.(index, new SweepError(GONE));
    } catch (error) {
      if (error instanceof SweepError) this.options.onProblem?.(index, error);
      else if (error instanceof FileError) this.giveUp(error);
      else throw error;
    } finally {
      this.underWay.delete(execution);
    }
  }

  /** What cannot be written for one run cannot be for the others. */
  private giveUp(error: FileError | SweepError): void {
    if (this.unwritten) return;
    this.unwritten = error;
    if (!this.stopping) void this.stop();
  }

  private stopRun(record: RunRecord, reason: string): void {
    const stopped: RunRecord = { ...record, state: 'stopped', reason, end: new Date().toISOString() };
    writeRecord(runFolder(this.options.folder, record.index), stopped);
    this.options.onEnd?.(stopped);
  }
}

/** Runs that are not over, of those that are asked for: waiting ones, cancelled ones, and those whose process is gone. */
export async function unfinished(folder: string, sweep: Sweep): Promise<number[]> {
  const open: number[] = [];
  for (const { index } of sweep.runs) {
    const state = (await readRecord(folder, index))?.state ?? 'waiting';
    if (state === 'waiting' || state === 'cancelled' || state === 'running') open.push(index);
  }
  return open;
}
