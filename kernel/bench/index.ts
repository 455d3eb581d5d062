/** `npm run bench`: the workloads on every engine that is at hand, side by side. */
import { availableParallelism } from 'node:os';
import { writeWholeSync } from '../files/writeWhole';
import { nodeEngines } from './engines';
import { BRIEF_FIT, FULL_FIT, QUICK_FIT } from './fit/extent';
import { FIT_NAMES, measureFits } from './fit/measureFits';
import type { Engine } from './engine';
import { thisMachine } from './machine';
import { BRIEF, FULL, measure, QUICK } from './measure';
import type { Refusal, Tell } from './measure';
import { watchMemory } from './memory';
import { PEER_NAMES, peerEngines, peersOf } from './peers/python';
import type { Peer } from './peers/python';
import { reportText } from './report';
import type { Row } from './rows';
import { isWorkload, WORKLOAD_NAMES, WORKLOADS } from './workloads';

export { DEFAULT_ENGINES, ENGINE_NAMES } from './engines';
export { comparePeers } from './peers/agreement';
export { TRAINING_NAMES } from './workloads';

/** What can be asked for: the workloads, and the trainings of `fit/`. */
export const BENCH_WORKLOADS = [...WORKLOAD_NAMES, ...FIT_NAMES] as const;
export type BenchWorkload = (typeof BENCH_WORKLOADS)[number];

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
  /** Where the rows go. */
  json?: string;
  /** Where the report goes. */
  write?: string;
}

const EFFORTS = {
  quick: { passes: QUICK, fit: QUICK_FIT, memorySteps: 100 },
  brief: { passes: BRIEF, fit: BRIEF_FIT, memorySteps: 10_000 },
  full: { passes: FULL, fit: FULL_FIT, memorySteps: 100_000 },
} as const;

/** @returns the report */
export async function runBench(options: BenchOptions, tell: Tell): Promise<string> {
  const available = availableParallelism();
  const count = options.threads ?? available;
  const threads = { count, restricted: count < available };
  const { passes, fit: extent, memorySteps } = EFFORTS[options.effort];
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
  const rows: Row[] = [];
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
  const memory = options.memory ? await watchMemory(memoryEngine(chosen), memorySteps, tell) : undefined;
  const date = new Date().toISOString().slice(0, 10);
  const workloads = options.workloads.filter(isWorkload);
  const { json, write } = options;
  const report = reportText({
    machine: thisMachine(count),
    date,
    workloads,
    fits: which,
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

/** Writes the rows that there are so far: a long run may be ended before its end. */
function keep(json: string | undefined, rows: readonly Row[]): void {
  if (json !== undefined) writeWholeSync(json, `${JSON.stringify(rows, null, 1)}\n`);
}

/** PyTorch gives one of the limits, too. */
function needsPython(engine: string): boolean {
  return engine === 'limit' || (PEER_NAMES as readonly string[]).includes(engine);
}

/** The engine whose memory must be flat, or else the first that was chosen. */
function memoryEngine(engines: readonly Engine[]): Engine {
  const engine = engines.find(({ name }) => name === 'traced-cpu') ?? engines[0];
  if (!engine) throw new RangeError('There is no engine whose memory could be watched.');
  return engine;
}

/** Keeps only the fastest of the libraries that multiply matrices, which sets the limit. */
function withFastestLimit(rows: readonly Row[]): Row[] {
  const isTime = ({ workload, unit }: Row) => isWorkload(workload) && unit === WORKLOADS[workload].unit;
  const limits = rows.filter((row) => row.engine === 'limit');
  const [fastest] = limits.filter(isTime).toSorted((a, b) => a.median - b.median);
  return rows.filter(({ engine, device }) => engine !== 'limit' || device === fastest?.device);
}
