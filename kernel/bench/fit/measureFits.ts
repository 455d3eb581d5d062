/** Whole trainings of workload a, and the steps of many processes, engine after engine in turn. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RUNGS } from '../../engine/devices/rungs';
import { Contestant, ContestantError } from '../contestant';
import type { Threads } from '../contestant';
import type { Refusal, Tell } from '../measure';
import type { Peer } from '../peers/python';
import { spread } from '../rows';
import type { Row } from '../rows';
import type { FitExtent } from './extent';
import { timedSteps, wholeTraining } from './notebooks';
import { runNotebook, runPeer } from './programs';
import type { Took } from './programs';

export const FIT_NAMES = ['fit', 'fit-step'] as const;
export type FitName = (typeof FIT_NAMES)[number];

export interface FitFindings {
  rows: Row[];
  refusals: Refusal[];
  remarks: string[];
}

export interface FitOptions {
  which: readonly FitName[];
  /** Names of engines, as rows have them. */
  engines: readonly string[];
  /** Only rungs for a GPU. */
  gpu: boolean;
  peers: readonly Peer[];
  threads: Threads;
  extent: FitExtent;
}

/** Where Debian's package `dataset-fashion-mnist` puts the 60,000 images. */
const IMAGES = '/usr/share/datasets/fashion-mnist';

export async function measureFits(options: FitOptions, tell: Tell): Promise<FitFindings> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'latentlab-fit-'));
  const findings: FitFindings = { rows: [], refusals: [], remarks: [] };
  try {
    if (options.which.includes('fit')) await wholeTrainings(options, folder, findings, tell);
    if (options.which.includes('fit-step')) await steps(options, folder, findings, tell);
    return findings;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function wholeTrainings(options: FitOptions, folder: string, findings: FitFindings, tell: Tell): Promise<void> {
  const { engines, peers, threads, extent } = options;
  const data = existsSync(path.join(IMAGES, 'train-images-idx3-ubyte.gz')) ? IMAGES : undefined;
  if (data === undefined)
    findings.remarks.push(`No Fashion-MNIST in ${IMAGES}: whole trainings are on numbers by chance`);
  const text = wholeTraining(extent, data);
  const programs: Program[] = [
    // Others take minutes.
    ...RUNGS.filter(({ name, native, gpu }) => native && engines.includes(name) && (gpu || !options.gpu)).map(
      ({ name }) => ({
        name,
        run: () => runNotebook(text, name, folder, threads),
      }),
    ),
    ...peers
      .filter(({ name }) => engines.includes(name))
      .map((peer) => ({ name: peer.name, device: peer.device, run: () => runPeer(peer, extent, threads) })),
  ];
  const took = await inTurn('fit', programs, extent.runs, findings, tell);
  for (const [{ name: engine, device = '' }, runs] of took) {
    const of = { workload: 'fit', engine, device: runs[0]!.device ?? device } as const;
    findings.rows.push({ ...of, unit: 's/run', ...spread(runs.map(({ whole }) => whole)) });
    findings.rows.push({ ...of, unit: 's/training', ...spread(runs.map(({ seconds }) => seconds)) });
  }
}

/** Steps of rungs that trace, in a notebook and bare, each in separate processes. */
async function steps(options: FitOptions, folder: string, findings: FitFindings, tell: Tell): Promise<void> {
  const { engines, threads, extent } = options;
  const text = timedSteps(extent);
  const rungs = RUNGS.filter(
    ({ name, gpu }) => /^(traced|xla)-/.test(name) && engines.includes(name) && (gpu || !options.gpu),
  );
  const bare = new Map<string, number[]>();
  const programs = rungs.map(({ name }) => ({
    name,
    async run() {
      const took = await runNotebook(text, name, folder, threads);
      const median = await bareStep(name, threads, 1000 * took.seconds);
      bare.set(name, [...(bare.get(name) ?? []), median]);
      return took;
    },
  }));
  const took = await inTurn('fit-step', programs, extent.processes, findings, tell);
  for (const [{ name: engine }, runs] of took) {
    const of = { engine, device: runs[0]!.device ?? '', unit: 'ms/step' } as const;
    const inNotebooks = runs.map(({ seconds, steps }) => (1000 * seconds) / steps);
    findings.rows.push({ workload: 'fit-step', ...of, ...spread(inNotebooks) });
    findings.rows.push({ workload: 'bare-step', ...of, ...spread(bare.get(engine)!) });
  }
}

/** Milliseconds of a step in a separate process: the mean over so many milliseconds, as of the notebook. */
async function bareStep(rung: string, threads: Threads, milliseconds: number): Promise<number> {
  const contestant = Contestant.ofNode({ workload: 'a', work: { kind: 'model', rung, stock: false } }, threads);
  try {
    await contestant.ready();
    // As long as the notebook's first epoch.
    await contestant.run({ passes: 78, milliseconds: 0 });
    const { times } = await contestant.run({ passes: 1, milliseconds });
    return times.reduce((sum, time) => sum + time, 0) / times.length;
  } finally {
    await contestant.close();
  }
}

interface Program {
  name: string;
  device?: string;
  run(): Promise<Took>;
}

/** All programs once, and again; one that fails is not run again. */
async function inTurn(
  workload: FitName,
  programs: readonly Program[],
  rounds: number,
  findings: FitFindings,
  tell: Tell,
): Promise<Map<Program, Took[]>> {
  const took = new Map(programs.map((program): [Program, Took[]] => [program, []]));
  for (let round = 0; round < rounds; round++) {
    for (const program of [...took.keys()]) {
      const { name: engine, device } = program;
      try {
        const one = await program.run();
        took.get(program)!.push(one);
        tell(
          `${workload}: ${engine}${device ? ` (${device})` : ''}: ${one.whole.toFixed(1)} s, training ${one.seconds.toFixed(2)} s, ` +
            `${((1000 * one.seconds) / one.steps).toPrecision(3)} ms a step, loss ${one.loss.toFixed(1)}`,
        );
      } catch (error) {
        if (!(error instanceof ContestantError)) throw error;
        took.delete(program);
        findings.refusals.push({ workload, engine, ...(device && { device }), reason: error.message });
        tell(`${workload}: ${engine} cannot: ${error.message}`);
      }
    }
  }
  return took;
}
