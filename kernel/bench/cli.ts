/** `npm run bench`: what is measured, from the command line. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { namesIn, parse, threadsOf, UsageError } from '../commandLineArguments';
import { meant } from '../engine/nearest';
import { packageRoot } from '../engine/packageRoot';
import { BENCH_USAGE } from './usage';

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;

const USAGE = `Usage:\n${BENCH_USAGE}`;

const help = { help: { ...flag, short: 'h' } } as const;
/** What every bench that writes a report takes. */
const report = { ...help, write: text, quick: flag } as const;
/** The same with rows for other programs; an earlier run may give some of them. */
const rows = { ...report, json: text, with: text, workloads: text } as const;

const BENCHES: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  peers,
  data,
  cells,
  language,
  views,
  sweeps,
};

/** @returns the exit code */
export async function benchCommand(args: string[]): Promise<number> {
  const [first = '', ...rest] = args;
  if (Object.hasOwn(BENCHES, first)) return BENCHES[first]!(rest);
  if (!/^[a-z]+$/.test(first)) return engines(args);
  const names = Object.keys(BENCHES);
  throw new UsageError(`there is no bench "${first}"${meant(first, names)}; there are ${names.join(', ')}`);
}

function usage(): number {
  process.stdout.write(USAGE);
  return 0;
}

/** Where a report goes: where the user says, or to its place in docs if all of it was measured in full. */
function placeOf(write: string | undefined, inFull: boolean, name: string): string | undefined {
  return write ?? (inFull ? join(packageRoot(), 'docs', name) : undefined);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function print(found: Promise<string>): Promise<number> {
  process.stdout.write(await found);
  return 0;
}

/** The engines of this machine, and peers beside them. */
async function engines(args: string[]): Promise<number> {
  const options = {
    ...rows,
    engines: text,
    python: texts,
    threads: text,
    memory: flag,
    gpu: flag,
    brief: flag,
  } as const;
  const { values } = parse(() => parseArgs({ args, options }));
  if (values.help) return usage();
  const { BENCH_WORKLOADS, DEFAULT_ENGINES, ENGINE_NAMES, MEMORY, runBench } = await import('./index');
  const { threads, quick, brief, gpu, json } = values;
  const asked = namesIn('workloads', values.workloads, [...BENCH_WORKLOADS, MEMORY]) ?? BENCH_WORKLOADS;
  const isPart = quick || brief || gpu || isChosen(values) || values.engines !== undefined;
  return print(
    runBench(
      {
        workloads: asked.filter((name) => name !== MEMORY),
        engines: namesIn('engines', values.engines, ENGINE_NAMES) ?? DEFAULT_ENGINES,
        pythons: values.python ?? ['python3'],
        threads: threads === undefined ? undefined : threadsOf(threads),
        effort: quick ? 'quick' : brief ? 'brief' : 'full',
        gpu,
        memory: values.memory || asked.some((name) => name === MEMORY),
        json,
        earlier: values.with,
        write: placeOf(values.write, !isPart, 'benchmarks.md'),
      },
      tell,
    ),
  );
}

async function peers(args: string[]): Promise<number> {
  const options = { ...help, workloads: text, python: texts, device: { ...text, default: 'traced-cpu' } } as const;
  const { values } = parse(() => parseArgs({ args, options }));
  if (values.help) return usage();
  const { comparePeers, TRAINING_NAMES } = await import('./index');
  const { lines, agree } = await comparePeers(
    {
      workloads: namesIn('workloads', values.workloads, TRAINING_NAMES) ?? TRAINING_NAMES,
      pythons: values.python ?? ['python3'],
      device: values.device,
      steps: 3,
    },
    tell,
  ).catch((error: unknown) => {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  });
  process.stdout.write(`${lines.join('\n')}\n`);
  return agree ? 0 : 1;
}

async function data(args: string[]): Promise<number> {
  const options = { ...report, json: text, python: texts, files: text } as const;
  const { values } = parse(() => parseArgs({ args, options }));
  if (values.help) return usage();
  const { runDataBench } = await import('./data/index');
  const { python: pythons = ['python3'], quick, json, files: folder } = values;
  const write = placeOf(values.write, !quick, 'reading.md');
  return print(runDataBench({ pythons, quick, json, write, folder }, tell));
}

async function cells(args: string[]): Promise<number> {
  const { values } = parse(() => parseArgs({ args, options: { ...report, json: text, node: texts } }));
  if (values.help) return usage();
  const { runCellsBench } = await import('./cells/index');
  const { node: nodes = [process.execPath], quick, json } = values;
  return print(runCellsBench({ nodes, quick, json, write: placeOf(values.write, !quick, 'cells.md') }, tell));
}

async function language(args: string[]): Promise<number> {
  const { values } = parse(() => parseArgs({ args, options: report }));
  if (values.help) return usage();
  const { runLanguageBench } = await import('./language/index');
  const { quick } = values;
  return print(runLanguageBench({ quick, write: placeOf(values.write, !quick, 'types.md') }, tell));
}

async function views(args: string[]): Promise<number> {
  const { values } = parse(() => parseArgs({ args, options: { ...rows, engines: text, rounds: text } }));
  if (values.help) return usage();
  const { runViewsBench, VIEW_ENGINES, VIEW_WORKLOAD_NAMES } = await import('./views/index');
  const { quick, json, with: earlier } = values;
  const rounds = roundsOf(values.rounds);
  const engines = namesIn('engines', values.engines, VIEW_ENGINES) ?? VIEW_ENGINES;
  const workloads = namesIn('workloads', values.workloads, VIEW_WORKLOAD_NAMES) ?? VIEW_WORKLOAD_NAMES;
  const isPart = quick || rounds !== undefined || isChosen(values) || values.engines !== undefined;
  const write = placeOf(values.write, !isPart, 'views.md');
  return print(runViewsBench({ workloads, engines, rounds, quick, earlier, json, write }, tell));
}

async function sweeps(args: string[]): Promise<number> {
  const { values } = parse(() => parseArgs({ args, options: { ...rows, rounds: text } }));
  if (values.help) return usage();
  const { runSweepsBench, SWEEP_WORKLOAD_NAMES } = await import('./sweeps/index');
  const { quick, json, with: earlier } = values;
  const rounds = roundsOf(values.rounds);
  const workloads = namesIn('workloads', values.workloads, SWEEP_WORKLOAD_NAMES) ?? SWEEP_WORKLOAD_NAMES;
  const write = placeOf(values.write, !quick && rounds === undefined && !isChosen(values), 'many-runs.md');
  return print(runSweepsBench({ workloads, rounds, quick, earlier, json, write }, tell));
}

function isChosen({ workloads }: { workloads?: string | undefined }): boolean {
  return workloads !== undefined;
}

function roundsOf(given: string | undefined): number | undefined {
  const rounds = given === undefined ? undefined : Number(given);
  if (rounds === undefined || (Number.isInteger(rounds) && rounds > 0)) return rounds;
  throw new UsageError(`--rounds is a whole number from 1; found "${given}"`);
}
