/** `npm run sweep`: many runs of a notebook. */
import { existsSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FileError } from '../files/fileError';
import { writeWholeSync } from '../files/writeWhole';
import { damagedSweep, openSweep, sweepFolder, writeBegun } from './begin';
import type { Begun } from './begin';
import { givenOf } from './given';
import { LocalPool, unfinished } from './local/pool';
import { slotsFor } from './local/slots';
import { readSweep, RUN_FILES, runFolder } from './results';
import type { Damage, RunRecord, Sweep } from './results';
import { isWorkedOn } from './run/ownership';
import { SweepError } from './sweepError';
import { summaryText } from './summary';
import { SweepScreen } from './terminal/screen';
import { columnsOf, countText, runsText, settingText } from './terminal/table';

/** What is wrong with the command line. */
export class SweepUsageError extends Error {
  override readonly name = 'SweepUsageError';
}

/** @returns the exit code */
export async function sweepCommand([first, ...rest]: string[]): Promise<number> {
  switch (first) {
    case 'status':
      return status(oneOf(rest, 'folder'));
    case 'cancel':
      return cancel(oneOf(rest, 'folder'));
    case 'collect':
      return collect(rest);
    case 'rerun':
      return rerun(rest);
    case 'task':
      return task(rest);
    default:
      return begin([...(first === undefined ? [] : [first]), ...rest]);
  }
}

async function begin(args: string[]): Promise<number> {
  const options = {
    on: { type: 'string', default: 'local' },
    'dry-run': { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    folder: { type: 'string' },
  } as const;
  const { values, positionals } = parsed(() => parseArgs({ args, allowPositionals: true, options }));
  const file = onlyOf(positionals, 'sweep file');
  const { on, resume, folder } = values;
  if (on !== 'local' && on !== 'slurm') throw new SweepUsageError(`--on is local or slurm; found "${on}"`);
  const begun = await openSweep({ file, folder, resume });
  for (const note of begun.notes) process.stderr.write(`${note}\n`);
  if (values['dry-run']) return dryRun(begun, on);
  if (on === 'slurm') return submitAll(begun);
  return runLocally(begun, await unfinished(begun.folder, begun.sweep));
}

async function runLocally(begun: Begun, indices: readonly number[]): Promise<number> {
  const { folder, sweep, notebook } = begun;
  // As for all runs: one that is left over computes as it would have beside the others.
  const slots = (await slotsFor(givenOf(sweep), sweep.runs.length)).slice(0, Math.max(1, indices.length));
  writeBegun(begun);
  const { runs } = await readSweep(folder, { curves: false, reports: false });
  // Those that a process left half done go on too.
  const records = runs.map(({ record }): RunRecord =>
    record.state === 'running' ? { ...record, state: 'waiting' } : record,
  );
  process.stderr.write(`${headline(sweep, records, slots.length, slots[0]?.threads ?? 1)}\n`);
  const screen = new SweepScreen(process.stderr, sweep, records, slots.length);
  const pool = new LocalPool({
    ...{ folder, sweep, notebook, slots, indices },
    onChange: (live) => screen.changed(live),
    onEnd: (record) => screen.ended(record),
    onProblem: (index, { message }) => screen.say(`run ${index}: ${message}`),
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
    if (!(error instanceof FileError)) throw error;
    screen.say(`${error.message} Runs under way were stopped. Make room, and go on by --resume.`);
    return 1;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    screen.stop();
  }
  const code = await conclude(folder, sweep);
  return interrupts > 0 ? 130 : code;
}

async function conclude(folder: string, sweep: Sweep): Promise<number> {
  const { runs, damages } = await readSweep(folder, { curves: false, reports: false });
  const records = runs.map(({ record }) => record);
  process.stdout.write(`${summaryText(sweep, records, here(folder))}\n`);
  for (const damage of damages) process.stderr.write(`${damageText(damage)}\n`);
  return records.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function dryRun({ folder, sweep }: Begun, on: 'local' | 'slurm'): Promise<number> {
  const file = givenOf(sweep);
  const columns = columnsOf(sweep);
  const lines = sweep.runs
    .slice(0, 20)
    .map((run) => `  ${[`run ${run.index}`, settingText(run, columns)].filter(Boolean).join(': ')}`);
  const more = sweep.runs.length > 20 ? [`  … and ${sweep.runs.length - 20} more`] : [];
  process.stdout.write(
    `${[`${sweep.name}: ${runsText(sweep.runs.length)} of ${here(sweep.notebook)}`, ...lines, ...more].join('\n')}\n`,
  );
  if (on === 'slurm') {
    const { arraysOf, stagesOf } = await import('./slurm/jobs');
    const { batchScript } = await import('./slurm/script');
    const all = sweep.runs.map(({ index }) => index);
    const scripts = stagesOf(file).flatMap((rung) => arraysOf(folder, sweep, all, 1000, rung));
    process.stdout.write(`\n${scripts.map((job) => batchScript(job, file)).join('\n')}`);
  } else {
    const slots = await slotsFor(file, sweep.runs.length);
    process.stdout.write(
      `${slots.length} at a time, ${threadsText(slots[0]!.threads)} each; results go to ${here(folder)}\n`,
    );
  }
  return 0;
}

// --- Slurm ------------------------------------------------------------------------------------------------------------

async function submitAll(begun: Begun): Promise<number> {
  const { look, submit } = await import('./slurm/jobs');
  const { folder, sweep, isOld } = begun;
  writeBegun(begun);
  const queued = isOld ? (await look(folder, begun.records)).queued.map(({ task: run }) => run) : [];
  const runs = (await unfinished(folder, sweep)).filter((index) => !queued.includes(index));
  if (runs.length === 0) return conclude(folder, sweep);
  const jobs = await submit(folder, sweep, givenOf(sweep), runs);
  return told(jobs, runs.length, folder);
}

function told(jobs: readonly string[], runs: number, folder: string): number {
  const what = jobs.length === 1 ? `the array job ${jobs[0]}` : `the array jobs ${jobs.join(', ')}`;
  process.stdout.write(
    `Submitted ${runsText(runs)} as ${what}.\n  npm run sweep -- status ${here(folder)}\n  npm run sweep -- collect ${here(folder)}\n`,
  );
  return 0;
}

async function task(args: string[]): Promise<number> {
  const options = { offset: { type: 'string', default: '0' }, rung: { type: 'string' } } as const;
  const { values, positionals } = parsed(() => parseArgs({ args, allowPositionals: true, options }));
  const { runTask } = await import('./slurm/task');
  const rung = values.rung === undefined ? undefined : Number(values.rung);
  return runTask({ folder: resolve(onlyOf(positionals, 'folder')), offset: Number(values.offset), rung });
}

/** The sweep, and what Slurm says where it has jobs there. */
async function opened(folder: string) {
  const found = await readSweep(folder, { curves: false, reports: false });
  const { sweep, runs, damages } = found;
  if (!sweep) throw damagedSweep(found.folder, damages);
  const before = runs.map(({ record }) => record);
  const { look, submittedJobs } = await import('./slurm/jobs');
  const onSlurm = submittedJobs(found.folder).jobs.length > 0;
  const { queued, lost } = onSlurm ? await look(found.folder, before) : { queued: [], lost: new Map<number, string>() };
  const records = before.map((one): RunRecord => {
    const reason = lost.get(one.index);
    if (reason !== undefined) return { ...one, state: 'failed', reason };
    const isGone = !onSlurm && one.state === 'running' && !isWorkedOn(runFolder(found.folder, one.index));
    return isGone ? { ...one, state: 'cancelled', reason: 'Its process has ended; --resume resumes it.' } : one;
  });
  return { folder: found.folder, sweep, records, damages, onSlurm, queued };
}

async function status(folder: string): Promise<number> {
  const { sweep, records, damages, queued, folder: path } = await opened(folder);
  const { tableLines } = await import('./terminal/table');
  const { columns: width = 120, isTTY } = process.stdout;
  const colour = Boolean(isTTY) && process.env['NO_COLOR'] === undefined;
  process.stdout.write(`${tableLines(records, columnsOf(sweep), { width, height: Infinity, colour }).join('\n')}\n\n`);
  process.stdout.write(`${summaryText(sweep, records, here(path))}\n`);
  const waiting = [...new Set(queued.filter(({ state }) => state === 'PENDING').map(({ reason }) => reason))];
  if (waiting.length > 0) process.stdout.write(`In Slurm’s queue: ${waiting.join(', ')}.\n`);
  for (const damage of damages) process.stderr.write(`${damageText(damage)}\n`);
  return 0;
}

async function cancel(folder: string): Promise<number> {
  const { folder: path, records, onSlurm } = await opened(folder);
  if (!onSlurm) throw new SweepError(`${here(path)} was not submitted to Slurm; end it with Ctrl-C where it runs`);
  const { cancelJobs } = await import('./slurm/jobs');
  const { markCancelled } = await import('./cancelled');
  await cancelJobs(path);
  const waiting = markCancelled(path, records);
  process.stdout.write(`Cancelled. ${runsText(waiting)} had not started; running ones save themselves and end.\n`);
  return 0;
}

async function rerun(args: string[]): Promise<number> {
  const options = { fresh: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parsed(() => parseArgs({ args, allowPositionals: true, options }));
  const { folder, sweep, records, queued, onSlurm } = await opened(onlyOf(positionals, 'folder'));
  const isOpen = ({ index, state }: RunRecord) =>
    !queued.some(({ task: run }) => run === index) &&
    (state === 'failed' || state === 'cancelled' || (!onSlurm && state !== 'done' && state !== 'stopped'));
  const open = records.filter(isOpen);
  const runs = open.map(({ index }) => index);
  if (runs.length === 0) {
    process.stdout.write(`No run has failed or been cancelled (${countText(records)}).\n`);
    return 0;
  }
  const { putBack } = await import('./cancelled');
  putBack(folder, sweep, open, values.fresh);
  if (!onSlurm) {
    const { readFileSync } = await import('node:fs');
    const notebook = readFileSync(join(folder, 'notebook.ipynb'), 'utf8');
    return runLocally({ folder, sweep, notebook, records, notes: [], isOld: true }, runs);
  }
  const { submit } = await import('./slurm/jobs');
  return told(await submit(folder, sweep, givenOf(sweep), runs), runs.length, folder);
}

async function collect(args: string[]): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({ args, allowPositionals: true, options: { output: { type: 'string' } } }),
  );
  const { folder, sweep, records, damages } = await opened(onlyOf(positionals, 'folder'));
  const { tableOf } = await import('./collect');
  const file = resolve(values.output ?? join(folder, 'results.parquet'));
  writeWholeSync(file, tableOf(records));
  process.stdout.write(`${here(file)}: ${runsText(records.length)}\n${summaryText(sweep, records, here(folder))}\n`);
  for (const damage of damages) process.stderr.write(`${damageText(damage)}\n`);
  return 0;
}

// --- arguments --------------------------------------------------------------------------------------------------------

function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SweepUsageError((error as Error).message);
  }
}

function oneOf(args: string[], what: string): string {
  return onlyOf(parsed(() => parseArgs({ args, allowPositionals: true, options: {} })).positionals, what);
}

/** A sweep file may stand for its folder. */
function onlyOf(positionals: readonly string[], what: string): string {
  const [one, ...others] = positionals;
  if (one === undefined) throw new SweepUsageError(`name the ${what}`);
  if (others.length > 0) throw new SweepUsageError(`one ${what} at a time; found also ${others.join(', ')}`);
  const own = what === 'folder' && /\.jsonc?$/i.test(one) ? sweepFolder(one) : undefined;
  return own !== undefined && existsSync(own) ? own : one;
}

function headline(
  { name, notebook, runs }: Sweep,
  records: readonly RunRecord[],
  slots: number,
  threads: number,
): string {
  const before = records.some(({ state }) => state !== 'waiting') ? ` (${countText(records)})` : '';
  return `${name}: ${runsText(runs.length)}${before} of ${here(notebook)}, ${slots} at a time, ${threadsText(threads)} each`;
}

function damageText({ file, reason }: Damage): string {
  const isRecord = basename(file) === RUN_FILES.record;
  const what = isRecord ? 'the run counts as one that has not begun, and --resume runs it' : 'what it said is left out';
  return `${here(file)} is damaged: ${reason}; ${what}`;
}

const threadsText = (threads: number) => (threads === 1 ? '1 thread' : `${threads} threads`);
const here = (path: string) => relative(process.cwd(), path) || path;
