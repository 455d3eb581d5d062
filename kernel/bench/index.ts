/** `npm run bench`: the workloads on every engine on this machine, side by side. */
import { availableParallelism } from 'node:os';
import { writeWholeSync } from '../files/writeWhole';
import { earlierRows } from './earlier';
import { nodeEngines } from './engines';
import { BRIEF_FIT, FULL_FIT, QUICK_FIT } from './fit/extent';
import { FIT_NAMES, measureFits } from './fit/measureFits';
import type { Engine } from './engine';
import { thisMachine } from './machine';
import { BRIEF, FULL, measure, QUICK } from './measure';
import type { Refusal, Tell } from './measure';
import { watchMemory } from './memory';
import type { MemoryRun } from './memory';
import { PEER_NAMES, peerEngines, peersOf } from './peers/python';
import type { Peer } from './peers/python';
import { reportText } from './report';
import { rowSchema } from './rows';
import type { Row } from './rows';
import { measureStarts, START } from './starts';
import { isWorkload, WORKLOAD_NAMES, WORKLOADS } from './workloads';

export { DEFAULT_ENGINES, ENGINE_NAMES } from './engines';
export { comparePeers } from './peers/agreement';
export { TRAINING_NAMES } from './workloads';

/** What can be asked for: the workloads, the trainings of `fit/`, and starts. */
export const BENCH_WORKLOADS = [...WORKLOAD_NAMES, ...FIT_NAMES, START] as const;
export type BenchWorkload = (typeof BENCH_WORKLOADS)[number];
/** What is measured only where it is asked for: it takes minutes. */
export const MEMORY = 'memory';

export interface BenchOptions {
  workloads: readonly BenchWorkload[];
  /** Names of engines, as rows have them. */
  engines: readonly string[];
  /** Interpreters that may have PyTorch or JAX. */
  pythons: readonly string[];
  /** The number of threads: at most as many as this process may use, which is the default. */
  threads?: number;
  /** How long: a few passes to see that it works, short turns for a machine that is lent for minutes, or all. */
  effort: 'quick' | 'brief' | 'full';
  /** Only what computes on a GPU. */
  gpu: boolean;
  /** Also train for long and watch memory. */
  memory: boolean;
  /** The file with rows of an earlier run on this machine, for the workloads that this one leaves out. */
  earlier?: string;
  /** Where the rows go. */
  json?: string;
  /** Where the report goes. */
  write?: string;
}

const EFFORTS = {
  quick: { passes: QUICK, fit: QUICK_FIT, memorySteps: 100, starts: 1 },
  brief: { passes: BRIEF, fit: BRIEF_FIT, memorySteps: 10_000, starts: 3 },
  full: { passes: FULL, fit: FULL_FIT, memorySteps: 100_000, starts: 5 },
} as const;

/** There is nothing to measure. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}

/**
 * @returns the report
 * @throws {BenchError} when none of the engines is there
 */
export async function runBench(options: BenchOptions, tell: Tell): Promise<string> {
  const available = availableParallelism();
  const count = options.threads ?? available;
  const threads = { count, restricted: count < available };
  const { passes, fit: extent, memorySteps, starts: rounds } = EFFORTS[options.effort];
  const remarks: string[] = [];
  const engines = nodeEngines(threads).filter(({ gpu }) => gpu || !options.gpu);
  const peers: Peer[] = [];
  for (const python of options.engines.some(needsPython) ? options.pythons : []) {
    const found = await peersOf(python, count);
    const own = found.peers.filter(({ hardware }) => hardware === 'cuda' || !options.gpu);
    peers.push(...own);
    engines.push(...peerEngines(own, threads));
    remarks.push(...found.lacks.map((what) => `\`${python}\` has ${what}`));
    found.lacks.forEach((what) => tell(`${python} has ${what}`));
  }
  const chosen = engines.filter(({ name }) => options.engines.includes(name));
  if (chosen.length === 0) {
    throw new BenchError([`None of these engines is here: ${options.engines.join(', ')}.`, ...remarks].join('\n'));
  }
  const earlier = rowsBefore(options);
  const rows: Row[] = [...earlier];
  const refusals: Refusal[] = [];
  for (const workload of options.workloads.filter(isWorkload)) {
    const result = await measure(workload, chosen, passes, tell);
    rows.push(...withFastestLimit(result.rows));
    refusals.push(...result.refusals);
    keep(options.json, rows);
  }
  const which = FIT_NAMES.filter((name) => options.workloads.includes(name));
  const fits = await measureFits({ which, engines: options.engines, gpu: options.gpu, peers, threads, extent }, tell);
  rows.push(...fits.rows);
  refusals.push(...fits.refusals);
  remarks.push(...fits.remarks);
  keep(options.json, rows);
  if (options.workloads.includes(START)) {
    const starts = await measureStarts({ engines: options.engines, gpu: options.gpu, threads, rounds }, tell);
    rows.push(...starts.rows);
    refusals.push(...starts.refusals);
  }
  const memory: MemoryRun[] = [];
  for (const engine of options.memory ? watched(chosen) : []) {
    const run = await watchMemory(engine, memorySteps, tell);
    if (run) memory.push(run);
  }
  const date = new Date().toISOString().slice(0, 10);
  const shown = new Set(rows.map(({ workload }) => workload));
  const workloads = WORKLOAD_NAMES.filter((name) => options.workloads.includes(name) || shown.has(name));
  const { json, write } = options;
  const report = reportText({
    machine: thisMachine(count),
    date,
    workloads,
    fits: FIT_NAMES.filter((name) => options.workloads.includes(name) || shown.has(name)),
    rows,
    refusals,
    extent,
    memory,
    remarks,
  });
  keep(json, rows);
  if (write !== undefined) writeWholeSync(write, report);
  return report;
}

/** Rows of an earlier run, without those that this one measures. */
function rowsBefore({ earlier, workloads }: BenchOptions): Row[] {
  const isStart = ({ unit }: Row) => unit.endsWith('-start');
  const own = (row: Row) => workloads.some((name) => name === (isStart(row) ? START : row.workload));
  // Bare steps are measured with those in notebooks.
  const measured = (row: Row) => own(row.workload === 'bare-step' ? { ...row, workload: 'fit-step' } : row);
  return earlierRows(earlier, rowSchema).filter((row) => !measured(row));
}

/** Writes the rows that there are so far: a long run may be ended before its end. */
function keep(json: string | undefined, rows: readonly Row[]): void {
  if (json !== undefined) writeWholeSync(json, `${JSON.stringify(rows, null, 1)}\n`);
}

/** PyTorch gives one of the limits, too. */
function needsPython(engine: string): boolean {
  return engine === 'limit' || (PEER_NAMES as readonly string[]).includes(engine);
}

/** The engines that compile a step, whose memory must be flat; else the first that was chosen. */
function watched(engines: readonly Engine[]): readonly Engine[] {
  const compiling = engines.filter(({ name }) => /^(?:traced|xla)-/.test(name));
  if (compiling.length > 0) return compiling;
  return engines.slice(0, 1);
}

/** Keeps only the fastest of the libraries that multiply matrices, which sets the limit. */
function withFastestLimit(rows: readonly Row[]): Row[] {
  const isTime = ({ workload, unit }: Row) => isWorkload(workload) && unit === WORKLOADS[workload].unit;
  const limits = rows.filter((row) => row.engine === 'limit');
  const [fastest] = limits.filter(isTime).toSorted((a, b) => a.median - b.median);
  return rows.filter(({ engine, device }) => engine !== 'limit' || device === fastest?.device);
}
