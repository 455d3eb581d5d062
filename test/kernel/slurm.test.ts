/** Sweeps on a real Slurm: nothing is lost, nothing comes twice, and what was interrupted ends as if it had not been. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSweep, RUN_FILES, runFolder } from '../../kernel/sweeps/results';
import { noSlurm, SlurmCluster, until } from './slurmCluster';
import { builtSweep, slowAtFirst, sweepFolder, writeSweepFiles } from './sweeps';

const RUNS = 24;
/** Interrupted in their middle. */
const KILLED = 3;
const PREEMPTED = 4;

const records = async (folder: string) =>
  (await readSweep(folder, { curves: false })).runs.map(({ record, reports }) => ({ ...record, reports }));

let cluster: SlurmCluster | undefined;
let reason: string | undefined;
beforeAll(async () => {
  reason = await noSlurm();
  if (reason === undefined) cluster = await SlurmCluster.start(2);
}, 300_000);
afterAll(() => cluster?.stop(), 30_000);

const notRun = () => `Sweeps on a real Slurm were not run: ${reason}.`;
const sweep = (...args: (string | NodeJS.ProcessEnv)[]) => {
  const words = args.filter((one) => typeof one === 'string');
  const more = args.find((one) => typeof one === 'object');
  const env = { ...cluster!.env, ...more };
  return promisify(execFile)(process.execPath, [builtSweep, ...words], { env }).then(({ stdout }) => stdout);
};
/** Another program in place of sbatch, which finds the real one as $SBATCH. @returns the variables that lead to it */
function withSbatch(file: string, script: string): NodeJS.ProcessEnv {
  const { PATH = '' } = process.env;
  const real = PATH.split(':')
    .map((folder) => join(folder, 'sbatch'))
    .find((one) => existsSync(one))!;
  const folder = join(dirname(file), 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'sbatch'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${folder}:${PATH}`, SBATCH: real };
}
const untilEmpty = (patience: number, what: string) =>
  until(async () => (await cluster!.ask('squeue', '--noheader')) === '', patience, what);

/** The weights that a run's training has ended with, and its optimizer. */
function weightsOf(folder: string, index: number): string {
  const trainings = join(runFolder(folder, index), RUN_FILES.trainings, '0001');
  const save = readdirSync(trainings).find((name) => name.startsWith('save-'))!;
  const { weights } = JSON.parse(readFileSync(join(trainings, save, 'checkpoint', 'checkpoint.json'), 'utf8'));
  return (weights as { sha256: string }).sha256;
}

function ownerOf(folder: string, index: number): number {
  return (JSON.parse(readFileSync(join(runFolder(folder, index), '.owner.json'), 'utf8')) as { process: number })
    .process;
}

it(
  '24 runs on Slurm, two of them and the node’s daemon killed midway, are 24 results',
  // 27 kernels start for it, two at a time: a minute of computing on two cores that do nothing else.
  { timeout: 480_000 },
  async (context) => {
    if (!cluster) return context.skip(notRun());
    // The two that are interrupted, of one configuration, are under way until they are.
    const epochs = (i: number) => (i === 1 ? 600 : 2);
    const list = Array.from({ length: RUNS / 2 }, (_, i) => ({ beta: (i + 1) / 4, epochs: epochs(i) }));
    const settings = { resources: { cpus: 1 }, checkpoint: { everyMinutes: 0.003 } };
    const metrics = ['validation.total', 'final'];
    const file = writeSweepFiles({ list, seeds: 2, metrics, ...settings }, slowAtFirst(5, 2));
    const folder = sweepFolder(file);
    expect(await sweep(file, '--on', 'slurm')).toMatch(/Submitted 24 runs as the array job (\d+)/);
    const job = (JSON.parse(readFileSync(join(folder, 'slurm.json'), 'utf8')) as { jobs: { id: string }[] }).jobs[0]!
      .id;

    const isMidway = (index: number) => async () => {
      const { state, reports } = (await records(folder))[index - 1]!;
      expect(state).not.toBe('done');
      // It can resume once it has kept itself.
      const kept = join(runFolder(folder, index), RUN_FILES.trainings, '0001', 'training.json');
      return reports.length >= 5 && existsSync(kept);
    };
    await until(isMidway(KILLED), 60_000, 'the run to be killed');
    process.kill(ownerOf(folder, KILLED), 'SIGKILL');
    await until(isMidway(PREEMPTED), 60_000, 'the run to be pre-empted');
    await cluster.ask('scontrol', 'requeue', `${job}_${PREEMPTED}`);
    // Slurm has ended it and let it go back into the queue: a daemon that is gone meanwhile would have it held.
    const stateOf = (index: number) => cluster!.ask('squeue', '--noheader', '--format=%T', `--jobs=${job}_${index}`);
    await until(async () => (await stateOf(PREEMPTED)) === 'PENDING', 30_000, 'the pre-empted task');
    await cluster.killNode();
    const done = async () => (await records(folder)).filter(({ state }) => state === 'done').length;
    const before = await done();
    cluster.startNode();
    await until(async () => (await done()) > Math.min(before, RUNS - 3), 60_000, 'a run');
    // Slurm lets a task that was pre-empted wait for two minutes.
    await cluster.ask('scontrol', 'update', `JobId=${job}_${PREEMPTED}`, 'StartTime=now');
    await untilEmpty(300_000, 'the array job');

    const status = await sweep('status', folder);
    expect(status).toMatch(
      /23 done, 1 failed\.[^]*1 failed:\n {2}run 3 \(beta = 0\.5, epochs = 600, seed = 0\): Slurm says FAILED/,
    );
    expect(await sweep('rerun', folder)).toMatch(/Submitted 1 run as/);
    await untilEmpty(60_000, 'the run that is run again');

    const ended = await records(folder);
    expect(ended.map(({ state }) => state)).toEqual(Array.from({ length: RUNS }, () => 'done'));
    expect(readdirSync(join(folder, 'runs'))).toHaveLength(RUNS);
    expect(ended.map(({ attempts }) => attempts.length)).toEqual(
      Array.from({ length: RUNS }, (_, i) => (i + 1 === KILLED || i + 1 === PREEMPTED ? 2 : 1)),
    );

    const interrupted = [KILLED, PREEMPTED].map((index) => ended[index - 1]!);
    const other = writeSweepFiles({ ...settings, list: [list[1]], seeds: interrupted.map(({ seed }) => seed) });
    await sweep(other);
    const undisturbed = await records(sweepFolder(other));
    for (const [i, { index, metrics, reports }] of interrupted.entries()) {
      expect(readFileSync(join(runFolder(folder, index), RUN_FILES.log), 'utf8')).toMatch(/resumes after step \d+/);
      expect(metrics).toEqual(undisturbed[i]!.metrics);
      const course = (all: typeof reports) => all.map(({ step, values }) => ({ step, values }));
      expect(course(reports)).toEqual(course(undisturbed[i]!.reports));
      expect(weightsOf(folder, index)).toBe(weightsOf(sweepFolder(other), i + 1));
    }

    await sweep('collect', folder);
    const bytes = readFileSync(join(folder, 'results.parquet'));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    });
    expect(rows.map(({ run, beta, seed, final }) => [run, beta, seed, final])).toEqual(
      ended.map(({ index, parameters, seed, metrics }) => [index, parameters.beta, seed, metrics.final]),
    );
  },
);

it(
  'a cancelled sweep saves itself when it hears of its end, and rerun resumes it exactly',
  { timeout: 90_000 },
  async (context) => {
    if (!cluster) return context.skip(notRun());
    // Nothing but the signal has it keep itself.
    const settings = { checkpoint: { everyMinutes: 60 }, resources: { cpus: 1 } };
    const [first, second, waiting] = [2, 3, 4].map((beta) => ({ beta, epochs: beta === 4 ? 1 : 300 }));
    // The two are under way at the same time, however far apart they begin.
    const file = writeSweepFiles({ ...settings, list: [first, second, waiting] }, slowAtFirst(5));
    const folder = sweepFolder(file);
    await sweep(file, '--on', 'slurm');
    const underWay = async () =>
      (await records(folder)).filter(({ state, reports }) => state === 'running' && reports.length >= 5);
    await until(async () => (await underWay()).length === 2, 40_000, 'two runs');
    expect(await sweep('cancel', folder)).toMatch(/Cancelled\. 1 run had not started/);
    await untilEmpty(30_000, 'the cancelled job');
    expect((await records(folder)).map(({ state, attempts }) => [state, attempts.length])).toEqual([
      ['cancelled', 1],
      ['cancelled', 1],
      ['cancelled', 0],
    ]);
    expect(await sweep('status', folder)).toMatch(/3 cancelled/);
    expect(await sweep('rerun', folder)).toMatch(/Submitted 3 runs/);
    await untilEmpty(60_000, 'the runs that are run again');
    const undisturbed = writeSweepFiles({ ...settings, list: [first] });
    await sweep(undisturbed);
    const ended = await records(folder);
    expect(ended.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(readFileSync(join(runFolder(folder, 1), RUN_FILES.log), 'utf8')).toMatch(/resumes after step [1-9]\d*/);
    expect(ended[0]!.metrics).toEqual((await records(sweepFolder(undisturbed)))[0]!.metrics);
    expect(weightsOf(folder, 1)).toBe(weightsOf(sweepFolder(undisturbed), 1));
  },
);

it('halving on Slurm stops the runs that it stops here', { timeout: 90_000 }, async (context) => {
  if (!cluster) return context.skip(notRun());
  const stop = { metric: 'validation.total', rungs: [1], factor: 4 };
  const settings = { grid: { beta: [0.5, 1, 2, 4] }, stop, resources: { cpus: 1 }, parameters: { epochs: 2 } };
  const [there, here] = [writeSweepFiles(settings), writeSweepFiles(settings)];
  expect(await sweep(there, '--on', 'slurm')).toMatch(/as the array jobs \d+, \d+\./);
  await untilEmpty(60_000, 'the rungs');
  await sweep(here);
  const [found, expected] = [await records(sweepFolder(there)), await records(sweepFolder(here))];
  const verdicts = (all: typeof found) => all.map(({ state, reason }) => [state, reason]);
  expect(verdicts(found)).toEqual(verdicts(expected));
  expect(found.filter(({ state }) => state === 'done')).toHaveLength(1);
  // Those that were stopped, too: each at its rung.
  const metrics = (all: typeof found) => all.map((record) => record.metrics);
  expect(metrics(found)).toEqual(metrics(expected));
});

it(
  'several processes that resume a sweep at once submit each run once, whatever one before has left',
  { timeout: 90_000 },
  async (context) => {
    if (!cluster) return context.skip(notRun());
    const cells = [
      {
        cell_type: 'code',
        execution_count: null,
        outputs: [],
        metadata: { tags: ['parameters'] },
        source: 'const beta = 1;',
      },
    ];
    const settings = { list: [{ beta: 1 }, { beta: 2 }], resources: { cpus: 1 } };
    const refused = { ...settings, slurm: { partition: 'gone' } };
    const [early, late] = [writeSweepFiles(settings, cells), writeSweepFiles(refused, cells)];
    const odd = join(dirname(late), `50%A "x" 'y' ü`);
    // A job waits for as long as its partition is down.
    const partition = (state: string) => cluster!.ask('scontrol', 'update', 'PartitionName=main', `State=${state}`);
    await partition('DOWN');

    // The process that submits is killed before Slurm has its job, which comes afterwards all the same.
    const go = join(dirname(early), 'go');
    const comesLate = `kill -9 $PPID; while [ ! -e '${go}' ]; do sleep .05; done; exec "$SBATCH" "$@"`;
    await expect(sweep(early, '--on', 'slurm', withSbatch(early, comesLate))).rejects.toThrow();
    const again = () => sweep(early, '--resume', '--on', 'slurm');
    const said = await Promise.all([again(), again(), again(), again()]);
    const kinds = said.map(
      (text) =>
        (/^Submitted 2 runs|^Nothing to submit: 2 runs in Slurm’s queue \(\d+\)/.exec(text) ?? [''])[0].split(' ')[0]!,
    );
    expect(kinds.sort()).toEqual(['Nothing', 'Nothing', 'Nothing', 'Submitted']);
    const { jobs } = JSON.parse(readFileSync(join(sweepFolder(early), 'slurm.json'), 'utf8')) as {
      jobs: { id: string }[];
    };
    expect(jobs).toHaveLength(1);
    await expect(sweep(early, '--resume')).rejects.toThrow(
      /2 runs of .* are in Slurm’s queue \(\d+\)\. Wait for them, or end them with npm run sweep -- cancel/,
    );
    writeFileSync(go, '');
    const queued = () => cluster!.ask('squeue', '--noheader', '--array', '--format=%F');
    await until(async () => (await queued()).split('\n').length === 4, 20_000, 'the job that comes late');

    // Refused, and mended in the file.
    const onSlurm = ['--on', 'slurm', '--folder', odd];
    await expect(sweep(late, ...onSlurm)).rejects.toThrow(/sbatch refused: invalid partition .*Mend "slurm"/);
    const mended = readFileSync(late, 'utf8').replace('gone', 'main');
    writeFileSync(late, mended);
    // Killed when Slurm has its job and it has not heard so.
    const dies = withSbatch(late, '"$SBATCH" "$@"; kill -9 $PPID');
    await expect(sweep(late, '--resume', ...onSlurm, dies)).rejects.toThrow();
    expect(await sweep(late, '--resume', ...onSlurm)).toMatch(/^Nothing to submit: 2 runs in Slurm’s queue/);
    expect((await queued()).split('\n')).toHaveLength(6);

    await partition('UP');
    await untilEmpty(60_000, 'all jobs');
    for (const folder of [sweepFolder(early), odd]) {
      expect((await records(folder)).map(({ state, attempts }) => [state, attempts.length])).toEqual(
        Array.from({ length: 2 }, () => ['done', 1]),
      );
    }
    expect(await sweep('status', odd, { PATH: '/nowhere' })).toContain('2 done');
    expect(readdirSync(join(odd, 'slurm')).filter((name) => name.endsWith('.out'))).toHaveLength(2);
    const outputs = join(sweepFolder(early), 'slurm');
    const printed = readdirSync(outputs).filter((name) => name.endsWith('.out') && !name.startsWith(jobs[0]!.id));
    expect(printed).toHaveLength(2);
    for (const name of printed) {
      expect(readFileSync(join(outputs, name), 'utf8')).toMatch(/^Run \d is not run by job \d+: its submission was/);
    }
  },
);
