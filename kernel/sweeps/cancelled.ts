/** Runs that nobody works on, set to another state. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { plannedRecord, RUN_FILES, runFolder, writeRecord } from './results';
import type { RunRecord, Sweep } from './results';

/** Runs that have not begun, or wait to be gone on with, are cancelled. @returns how many */
export function markCancelled(folder: string, records: readonly RunRecord[]): number {
  const waiting = records.filter(({ state }) => state === 'waiting');
  const reason = 'Cancelled before it started; rerun starts it.';
  for (const record of waiting) {
    const why = record.attempts.length > 0 ? 'Cancelled; rerun resumes it.' : reason;
    writeRecord(runFolder(folder, record.index), { ...record, state: 'cancelled', reason: why });
  }
  return waiting.length;
}

/**
 * Runs are to be run again: they wait.
 *
 * @param fresh whether what their trainings and reports have left is removed
 */
export function putBack(folder: string, sweep: Sweep, records: readonly RunRecord[], fresh: boolean): void {
  for (const record of records) {
    const own = runFolder(folder, record.index);
    const planned = sweep.runs.find((run) => run.index === record.index)!;
    if (fresh) for (const name of Object.values(RUN_FILES)) rmSync(join(own, name), { recursive: true, force: true });
    const before = fresh || record.attempts.length === 0 ? plannedRecord(planned, sweep.digest) : record;
    writeRecord(own, { ...before, state: 'waiting', reason: null, end: null });
  }
}
