/** The first step of a new process: with empty caches, and with what an earlier start has left in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RUNGS } from '../engine/devices/rungs';
import { XLA_PLATFORMS, xlaPlugin, xlaVariable } from '../engine/devices/xla/plugins';
import { Contestant, ContestantError } from './contestant';
import type { Threads } from './contestant';
import type { Refusal, Tell } from './measure';
import { refused, digits, table } from './reportText';
import { spread } from './rows';
import type { Row } from './rows';
import { WORKLOADS } from './workloads';

export const START = 'start';

/** Whose start is measured: a small dense step, and a large convolutional one. */
const STARTED = ['a', 'e'] as const;
type Started = (typeof STARTED)[number];

const UNITS = ['ms/first-start', 'ms/second-start'] as const;

export interface StartOptions {
  /** Names of engines, as rows have them; those that compile a step are measured. */
  engines: readonly string[];
  gpu: boolean;
  threads: Threads;
  /** Pairs of starts, each with its own caches. */
  rounds: number;
}

export async function measureStarts(
  { engines, gpu: onlyGpu, threads, rounds }: StartOptions,
  tell: Tell,
): Promise<{ rows: Row[]; refusals: Refusal[] }> {
  const rows: Row[] = [];
  const refusals: Refusal[] = [];
  const compiling = RUNGS.filter(({ name, gpu }) => /^(?:traced|xla)-/.test(name) && (gpu || !onlyGpu));
  for (const { name: engine } of compiling.filter(({ name }) => engines.includes(name))) {
    for (const workload of STARTED) {
      try {
        rows.push(...(await pairsOf(workload, engine, threads, rounds, tell)));
      } catch (error) {
        if (!(error instanceof ContestantError)) throw error;
        refusals.push({ workload, engine, reason: `start: ${error.message}` });
        tell(`start: ${engine} cannot: ${error.message}`);
      }
    }
  }
  return { rows, refusals };
}

async function pairsOf(
  workload: Started,
  engine: string,
  threads: Threads,
  rounds: number,
  tell: Tell,
): Promise<Row[]> {
  const times: [number[], number[]] = [[], []];
  let device = '';
  for (let round = 0; round < rounds; round++) {
    const cache = mkdtempSync(path.join(os.tmpdir(), 'latentlab-start-'));
    try {
      for (const unit of times) {
        const start = await startOf(workload, engine, threads, cache);
        unit.push(start.milliseconds);
        device = start.device;
      }
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  }
  const rows = UNITS.map((unit, i): Row => ({ workload, engine, device, unit, ...spread(times[i]!) }));
  tell(`start of ${workload}: ${engine}: ${rows.map(({ median }) => `${digits(median)} ms`).join(', then ')}`);
  return rows;
}

/** @param cache what the process keeps for later starts */
async function startOf(workload: Started, rung: string, threads: Threads, cache: string) {
  const env = { ...pluginsByName(), LATENTLAB_CACHE: cache };
  const contestant = Contestant.ofNode({ workload, work: { kind: 'model', rung, stock: false } }, threads, env);
  try {
    const { first: milliseconds, device = '' } = await contestant.ready();
    return { milliseconds, device };
  } finally {
    await contestant.close();
  }
}

/** Plugins that were set up lie in the cache, too: another cache needs them named. */
function pluginsByName(): Record<string, string> {
  return Object.fromEntries(
    XLA_PLATFORMS.flatMap((platform) => {
      const plugin = xlaPlugin(platform);
      return plugin ? [[xlaVariable(platform), plugin.library]] : [];
    }),
  );
}

export function startSection(rows: readonly Row[], refusals: readonly Refusal[]): string {
  const lines = rows
    .filter(({ unit }) => unit === UNITS[0])
    .map((first) => {
      const second = rows.find(
        ({ workload, engine, unit }) => workload === first.workload && engine === first.engine && unit === UNITS[1],
      )!;
      const title = `${first.workload}: ${WORKLOADS[first.workload as Started].title}`;
      return [title, first.engine, first.device, digits(first.median), digits(second.median), first.n];
    });
  const own = refusals.filter(({ reason }) => reason.startsWith('start: '));
  if (lines.length === 0 && own.length === 0) return '';
  return [
    '## start: The first step of a new process',
    'Milliseconds of the first step, with tracing and compilation: with an empty cache, and in a second process with what ' +
      'the first has left there.',
    table(['workload', 'engine', 'device', 'first, ms', 'second, ms', 'n'], lines),
    ...STARTED.map((workload) => refused(workload, own)),
  ]
    .filter(Boolean)
    .join('\n\n');
}
