/** Runs that nobody works on, set to another state. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { plannedRecord, RUN_FILES, runFolder, writeRecord } from './results';
import type { RunRecord, Sweep } from './results';

/** Runs that have not begun, or wait to be gone on with, are cancelled. @returns how many */
export function markCancelled(folder: string, records: readonly RunRecord[]): number {
  const waiting = records.filter(({ state }) => state === 'waiting');
  const reason = 'Cancelled before it began; rerun begins it.';
  for (const record of waiting) {
    const why = record.attempts.length > 0 ? 'Cancelled; rerun goes on with it.' : reason;
    writeRecord(runFolder(folder, record.index), { ...record, state: 'cancelled', reason: why });
  }
  return waiting.length;
}

/**
 * Runs are to be run again.
 *
 * @param fresh whether what their trainings and reports have left is removed
 */
export function forget(folder: string, sweep: Sweep, indices: readonly number[], fresh: boolean): void {
  if (!fresh) return;
  for (const index of indices) {
    const own = runFolder(folder, index);
    for (const name of Object.values(RUN_FILES)) rmSync(join(own, name), { recursive: true, force: true });
    writeRecord(
      own,
      plannedRecord(
        sweep.runs.find((run) => run.index === index)!,
        sweep.digest,
      ),
    );
  }
}
