/** `npm run bench -- sweeps`: what a run of a sweep costs beside its notebook alone, what the pool gains, and the view. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeWholeSync } from '../../files/writeWhole';
import { earlierRows } from '../earlier';
import { machineFacts, thisMachine } from '../machine';
import { spread } from '../rows';
import { leaveCollected } from './collected';
import { Programs } from './programs';
import { sweepsReport } from './report';
import { ViewBench } from './view';
import type { Opened } from './view';
import { FULL, QUICK, sweepRowSchema } from './workloads';
import type { SweepExtent, SweepRow, SweepWorkloadName } from './workloads';

export { SWEEP_WORKLOAD_NAMES } from './workloads';

export interface SweepsBenchOptions {
  workloads: readonly SweepWorkloadName[];
  /** Short runs, a few of them, to see that it works. */
  quick: boolean;
  /** Turns of the overhead. */
  rounds?: number | undefined;
  /** The file with rows of an earlier run on this machine, for the workloads that this one leaves out. */
  earlier?: string | undefined;
  json?: string | undefined;
  write?: string | undefined;
}

type Tell = (line: string) => void;

/** @returns the report */
export async function runSweepsBench(options: SweepsBenchOptions, tell: Tell): Promise<string> {
  const usual = options.quick ? QUICK : FULL;
  const extent = { ...usual, rounds: options.rounds ?? usual.rounds };
  const measured = ({ workload }: SweepRow) => options.workloads.includes(workload);
  const rows = earlierRows(options.earlier, sweepRowSchema).filter((row) => !measured(row));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'latentlab-bench-'));
  try {
    const programs = new Programs(folder);
    if (options.workloads.some((name) => name !== 'sweep-view-1000')) {
      tell('a first start of each, which is not counted');
      await programs.headless(1, 1);
      await programs.sweep([1], 1, 1, 1);
    }
    if (options.workloads.includes('sweep-overhead')) rows.push(...(await overhead(programs, extent, tell)));
    if (options.workloads.includes('sweep-pool')) rows.push(...(await pool(programs, extent, tell)));
    if (options.workloads.includes('sweep-view-1000')) rows.push(...(await view(folder, extent, tell)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const date = new Date().toISOString().slice(0, 10);
  const facts = [...machineFacts(thisMachine(os.availableParallelism()), date), `Node: ${process.version}`];
  const report = sweepsReport(facts, rows);
  if (options.json !== undefined) writeWholeSync(options.json, `${JSON.stringify(rows, null, 1)}\n`);
  if (options.write !== undefined) writeWholeSync(options.write, report);
  return report;
}

/** Both have all cores. They take turns, first one and then the other, so that what else the machine does hits both. */
async function overhead(programs: Programs, extent: SweepExtent, tell: Tell): Promise<SweepRow[]> {
  const { rounds, runsOfRound, epochs } = extent;
  const betas = betasOf(runsOfRound);
  const sweeps: number[] = [];
  const notebooks: number[] = [];
  const turns = [
    async () => void sweeps.push((await programs.sweep(betas, epochs, 1)) / runsOfRound),
    async () => {
      let sum = 0;
      for (const beta of betas) sum += await programs.headless(beta, epochs);
      notebooks.push(sum / runsOfRound);
    },
  ];
  for (let round = 0; round < rounds; round++) {
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    const [sweep, notebook] = [sweeps.at(-1)!, notebooks.at(-1)!];
    tell(
      `sweep-overhead, round ${round + 1} of ${rounds}: sweep ${sweep.toFixed(2)} s a run, notebook ${notebook.toFixed(2)} s`,
    );
  }
  const of = { workload: 'sweep-overhead', device: programs.device } as const;
  const ratios = sweeps.map((sweep, i) => sweep / notebooks[i]!);
  return [
    { ...of, engine: 'sweep', unit: 's/run', ...spread(sweeps) },
    { ...of, engine: 'notebook', unit: 's/run', ...spread(notebooks) },
    { ...of, engine: 'sweep ÷ notebook', unit: '×', ...spread(ratios) },
  ];
}

/** The same runs, with a core each; and one after another with all cores, which is another way to spend them. */
async function pool(programs: Programs, { poolRuns, epochs }: SweepExtent, tell: Tell): Promise<SweepRow[]> {
  const cores = os.availableParallelism();
  const betas = betasOf(poolRuns);
  const of = { workload: 'sweep-pool', device: programs.device, unit: 's' } as const;
  const timed = async (engine: string, parallel: number, cpus: number) => {
    const took = await programs.sweep(betas, epochs, parallel, cpus);
    tell(`sweep-pool, ${poolRuns} runs, ${engine}: ${took.toFixed(1)} s`);
    return { engine, took };
  };
  const side = await timed(`pool, ${cores} at a time, 1 thread each`, cores, 1);
  const one = await timed('one after another, 1 thread', 1, 1);
  const whole = await timed(`one after another, ${cores} threads`, 1, cores);
  const ratio = (engine: string, to: number): SweepRow => ({ ...of, engine, unit: '×', ...spread([side.took / to]) });
  return [
    ...[side, one, whole].map(({ engine, took }): SweepRow => ({ ...of, engine, ...spread([took]) })),
    ratio('pool ÷ one after another', one.took),
    ratio('pool ÷ one after another with all threads', whole.took),
  ];
}

async function view(folder: string, { viewed, views }: SweepExtent, tell: Tell): Promise<SweepRow[]> {
  const sweep = path.join(folder, 'collected.sweep');
  tell(`sweep-view-1000: ${viewed} runs are written`);
  leaveCollected(sweep, viewed);
  const bench = await ViewBench.open(folder);
  const opened: Opened[] = [];
  try {
    for (let i = 0; i < views; i++) {
      opened.push(await bench.once(sweep));
      const { read, drawn } = opened.at(-1)!;
      tell(`sweep-view-1000, ${i + 1} of ${views}: read in ${read.toFixed(0)} ms, drawn in ${drawn.toFixed(0)} ms`);
    }
  } finally {
    await bench.close();
  }
  const of = { workload: 'sweep-view-1000', device: bench.browserName, unit: 'ms' } as const;
  return [
    { ...of, engine: 'read by a kernel', ...spread(opened.map(({ read }) => read)) },
    { ...of, engine: 'drawn by a page', ...spread(opened.map(({ drawn }) => drawn)) },
    { ...of, engine: 'read and drawn', ...spread(opened.map(({ read, drawn }) => read + drawn)) },
  ];
}

const betasOf = (count: number) => Array.from({ length: count }, (_, i) => Number((0.25 * (i + 1)).toFixed(2)));
