/** Runs of a sweep on this machine, with what the terminal shows of them. */
import { FileError } from '../../files/fileError';
import type { Claim } from '../claim';
import type { SweepFile } from '../file/schema';
import { LocalPool } from '../local/pool';
import { slotsFor } from '../local/slots';
import { readSweep } from '../results';
import type { RunRecord, Sweep } from '../results';
import { SweepError } from '../sweepError';
import { SweepScreen } from '../terminal/screen';
import { countText, runsText } from '../terminal/table';
import { conclude, here, threadsText } from './words';

export interface ToRun {
  folder: string;
  sweep: Sweep;
  /** How its runs are run. */
  file: SweepFile;
  /** The text of the notebook that its runs execute. */
  notebook: string;
}

/**
 * @param indices the runs to work on, by their numbers
 * @returns the exit code
 */
export async function runLocally(
  { folder, sweep, file, notebook }: ToRun,
  indices: readonly number[],
  claim: Claim,
): Promise<number> {
  // As for all runs: one that is left over computes as it would have beside the others.
  const slots = (await slotsFor(file, sweep.runs.length)).slice(0, Math.max(1, indices.length));
  const { runs } = await readSweep(folder, { curves: false, reports: false });
  // Those that a process left half done go on too.
  const records = runs.map(({ record }): RunRecord =>
    record.state === 'running' ? { ...record, state: 'waiting' } : record,
  );
  process.stderr.write(`${headline(sweep, records, slots.length, slots[0]?.threads ?? 1)}\n`);
  const screen = new SweepScreen(process.stderr, sweep, records, slots.length);
  let problems = 0;
  const pool = new LocalPool({
    ...{ folder, sweep, notebook, slots, indices, claim },
    onChange: (live) => screen.changed(live),
    onEnd: (record) => screen.ended(record),
    onProblem: (index, { message }) => {
      problems++;
      screen.say(`run ${index}: ${message}`);
    },
  });
  let interrupts = 0;
  const interrupt = () => {
    interrupts++;
    const text =
      interrupts === 1
        ? 'Stopping: trainings save themselves, and --resume resumes them. Press Ctrl-C again to end at once.'
        : 'Ending all kernels.';
    screen.say(text);
    void pool.stop();
  };
  // The last one comes where its terminal is closed.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    await pool.run();
  } catch (error) {
    if (error instanceof SweepError) screen.say(error.message);
    else if (!(error instanceof FileError)) throw error;
    else screen.say(`${error.message} Runs under way were stopped. ${remedy(error)}, and go on by --resume.`);
    return 1;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    screen.stop();
  }
  const code = await conclude(folder, sweep);
  return interrupts > 0 ? 130 : Math.max(code, Math.min(1, problems));
}

const remedy = ({ code }: FileError) => (code === 'ENOSPC' || code === 'EDQUOT' ? 'Make room' : 'Mend that');

function headline(
  { name, notebook, runs }: Sweep,
  records: readonly RunRecord[],
  slots: number,
  threads: number,
): string {
  const before = records.some(({ state }) => state !== 'waiting') ? ` (${countText(records)})` : '';
  return `${name}: ${runsText(runs.length)}${before} of ${here(notebook)}, ${slots} at a time, ${threadsText(threads)} each`;
}
