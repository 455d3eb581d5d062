/** Sweeps on this machine, by the command line. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { joined } from '../../kernel/notebook/format';
import { readNotebook } from '../../kernel/notebook/read';
import { readSweep, RUN_FILES, runFolder } from '../../kernel/sweeps/results';
import { until } from './slurmCluster';
import { builtSweep, CELLS, slowAtFirst, sweepFolder, writeSweepFiles } from './sweeps';

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function begin(...args: string[]) {
  const child = spawn(process.execPath, [builtSweep, ...args]);
  const all: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (all.stdout += text));
  child.stderr.on('data', (text) => (all.stderr += text));
  return { child, ended: new Promise<Ended>((done) => child.on('close', (code) => done({ ...all, code }))) };
}

const sweep = (...args: string[]) => begin(...args).ended;
const code = (source: string, tags: string[] = []) => ({
  ...{ cell_type: 'code', execution_count: null, outputs: [], metadata: { tags }, source },
});
const runsOf = async (file: string) => (await readSweep(sweepFolder(file))).runs;

describe('a sweep on this machine', () => {
  // Four programs and six kernels start for it, one after the other.
  it('that Ctrl-C ends goes on by --resume, exactly', { timeout: 120_000 }, async () => {
    const settings = {
      list: [{ beta: 1 }, { beta: 2 }],
      seeds: [3],
      parameters: { epochs: 60 },
      resources: { cpus: 1 },
    };
    const file = writeSweepFiles({ ...settings, metrics: ['validation.total', 'final', 'mig'] }, slowAtFirst(4));
    const { child, ended } = begin(file);
    await until(async () => ((await runsOf(file).catch(() => []))[0]?.reports.length ?? 0) > 3, 40_000, 'reports');
    // As where the output goes through another program, which Ctrl-C ends first.
    child.stderr.destroy();
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stdout: expect.stringContaining('2 cancelled') as string });
    expect((await runsOf(file)).map(({ record }) => record.state)).toEqual(['cancelled', 'cancelled']);

    expect((await sweep(file)).stderr).toMatch(/holds a sweep already \(2 cancelled\)\. Resume it with --resume/);
    const { code, stdout } = await sweep(file, '--resume');
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 done\. .*\nWarning: No run reported the metric "mig"; they reported final, train\./);

    const other = writeSweepFiles(settings);
    await sweep(other);
    const [runs, undisturbed] = [await runsOf(file), await runsOf(other)];
    for (const [i, { record, reports, curves, folder }] of runs.entries()) {
      expect(record).toMatchObject({ state: 'done', threads: 1, seed: 3, device: { name: 'traced-cpu' } });
      expect(record.attempts.map(({ state }) => state)).toEqual(['cancelled', 'done']);
      expect(record.device!.description).toContain('(1 thread)');
      expect(record.metrics).toEqual(undisturbed[i]!.record.metrics);
      expect(reports.map(({ values }) => values)).toEqual(undisturbed[i]!.reports.map(({ values }) => values));
      expect(curves.map(({ series }) => series)).toEqual(undisturbed[i]!.curves.map(({ series }) => series));
      const { notebook } = readNotebook(join(folder, RUN_FILES.notebook));
      expect(joined(notebook.cells[2]!.source)).toBe(
        `// Parameters of this run\nconst beta: number = ${i + 1};\nconst epochs = 60;`,
      );
    }
    expect(readFileSync(join(runFolder(sweepFolder(file), 1), RUN_FILES.log), 'utf8')).toMatch(
      /attempt 1 .*: epochs = 60, beta = 1, seed = 3\n[^]*beta is 1\n[^]*cancelled[^]*attempt 2 [^]*resumes after step \d+/,
    );
  });

  it('waits for trainings that no cell waits for, as a notebook does', async () => {
    const file = writeSweepFiles({ list: [{ beta: 2 }], parameters: { epochs: 30 } }, [
      code('const beta = 1, epochs = 1;', ['parameters']),
      code(`import { report, twoMoons, VAE } from 'latentlab';
const vae = new VAE({ input: 2, latent: 2, hidden: [16], beta, likelihood: 'gaussian' });
void vae.fit(twoMoons({ count: 1000, seed: 1 }), { epochs, batchSize: 50 });`),
      code('report({ steps: vae.position.step });'),
    ]);
    expect((await sweep(file)).code).toBe(0);
    const [{ record, curves, folder }] = (await runsOf(file)) as [Awaited<ReturnType<typeof runsOf>>[number]];
    expect(record).toMatchObject({ state: 'done', metrics: { steps: 30 * 20 } });
    expect(curves).toMatchObject([{ state: 'done', step: 30 * 20 }]);
    const log = readFileSync(join(folder, RUN_FILES.log), 'utf8');
    // Alone it has all cores, and says so.
    const threads = availableParallelism();
    expect(record.threads).toBe(threads);
    expect(log).toContain(`(${threads} thread${threads === 1 ? '' : 's'}) (traced-cpu)`);
  });

  it('is begun, and resumed, by one of several processes at once', async () => {
    const cells = [
      code('const beta = 1;', ['parameters']),
      code('if (!process.env.AGAIN) throw new Error(`no ${beta}`);'),
    ];
    const file = writeSweepFiles({ list: [{ beta: 1 }, { beta: 2 }] }, cells);
    const both = await Promise.all([sweep(file), sweep(file)]);
    const refusal =
      /^Process \d+ runs this sweep since .* Wait for it, or end it there with Ctrl-C|holds a sweep already/;
    expect(both.map(({ stderr }) => refusal.test(stderr)).sort()).toEqual([false, true]);
    expect((await runsOf(file)).map(({ record }) => [record.state, record.attempts.length])).toEqual([
      ['failed', 1],
      ['failed', 1],
    ]);
    const folder = sweepFolder(file);
    process.env['AGAIN'] = 'yes';
    const all = await Promise.all([sweep('rerun', folder), sweep('rerun', folder), sweep(file, '--resume')]);
    delete process.env['AGAIN'];
    // The others come while it runs, or find nothing left.
    const others = all.filter(({ stderr }) => !stderr.includes('at a time'));
    expect(others).toHaveLength(2);
    for (const { stdout, stderr } of others) {
      expect(`${stderr}${stdout}`).toMatch(/runs this sweep since|No run has failed|2 (failed|done)/);
    }
    expect((await runsOf(file)).map(({ record }) => [record.state, record.attempts.length])).toEqual([
      ['done', 2],
      ['done', 2],
    ]);
    expect(readdirSync(folder)).not.toContain('.claim');
  });

  it('halves its configurations, names failures, and is refused before anything starts', async () => {
    const stop = { metric: 'validation.total', rungs: [2], factor: 2 };
    const cells = [...CELLS];
    cells.splice(3, 0, code("if (beta === 3) throw new RangeError('no luck with 3');"));
    const file = writeSweepFiles({ grid: { beta: [1, 2, 3, 4] }, stop }, cells);
    const ended = await sweep(file);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(
      /2 done, 1 stopped, 1 failed\..*\n1 failed:\n {2}run 3 \(beta = 3\): cell 5: RangeError: no luck/,
    );
    const runs = await runsOf(file);
    const atRung = (run: (typeof runs)[number]) => run.reports[1]?.values['validation.total'] ?? Infinity;
    const ranked = [...runs].sort((a, b) => atRung(a) - atRung(b));
    expect(ranked.map(({ record }) => record.state)).toEqual(['done', 'done', 'stopped', 'failed']);
    expect(ranked[2]!.record.reason).toMatch(
      /at rung 1, after 2 reports of validation\.total, .* number 3 of 4; 2 went on/,
    );
    expect(ranked[0]!.reports.filter(({ values }) => 'validation.total' in values)).toHaveLength(4);

    const bad = writeSweepFiles({ grid: { gamma: [1] } });
    expect(await sweep(bad)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no parameter "gamma"; its cell 2 (tagged "parameters") declares') as string,
    });
    expect(readdirSync(dirname(bad)).sort()).toEqual(['moons.ipynb', 'moons.sweep.json']);
  });

  it('stops a training at each rung exactly, however quick its epochs are', async () => {
    const stop = { metric: 'validation.total', rungs: [1, 3], factor: 2 };
    const file = writeSweepFiles({ grid: { beta: [1, 2] }, stop });
    expect(await sweep(file)).toMatchObject({ code: 0 });
    const runs = await runsOf(file);
    const [done, stopped] = ['done', 'stopped'].map((state) => runs.find(({ record }) => record.state === state)!);
    const { step, stepsPerEpoch } = stopped!.curves[0]!;
    expect([step / stepsPerEpoch, stopped!.reports.length]).toEqual([1, 1]);
    const log = readFileSync(join(runFolder(sweepFolder(file), done!.index), RUN_FILES.log), 'utf8');
    const resumed = [...log.matchAll(/resumes after step (\d+)/g)].map(([, step]) => Number(step) / stepsPerEpoch);
    expect(resumed).toEqual([1, 3]);
    expect(done!.reports.filter(({ values }) => 'validation.total' in values)).toHaveLength(4);
  });

  it('stops between trainings, at a report that brings the run to its rung', async () => {
    const trainings = `for (let i = 1; i <= 4; i++) {
  await vae.fit(train, { epochs: 1, batchSize: 50 });
  report({ own: beta + i });
  console.log('after report', i);
}`;
    const cells = CELLS.map((cell) => (JSON.stringify(cell).includes('vae.fit') ? code(trainings) : cell)).slice(0, -1);
    const file = writeSweepFiles(
      { list: [{ beta: 1 }, { beta: 2 }], stop: { metric: 'own', goal: 'min', rungs: [2], factor: 2 } },
      cells,
    );
    expect(await sweep(file)).toMatchObject({ code: 0 });
    const runs = await runsOf(file);
    expect(runs.map(({ record }) => record.state)).toEqual(['done', 'stopped']);
    const own = runs.map(({ reports }) => reports.filter(({ values }) => 'own' in values).length);
    expect(own).toEqual([4, 2]);
    expect(runs[1]!.curves).toHaveLength(2);
    const logs = runs.map(({ index }) =>
      readFileSync(join(runFolder(sweepFolder(file), index), RUN_FILES.log), 'utf8'),
    );
    expect(logs.map((log) => [...log.matchAll(/after report (\d)/g)].map(([, i]) => i))).toEqual([
      ['1', '1', '2', '3', '4'],
      ['1'],
    ]);
  });

  it('says what was meant, and which process runs a sweep', async () => {
    expect(await sweep('statsu', 'moons.sweep')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^there is no command "statsu" \(did you mean "status"\?\); name a sweep file, or/,
      ) as string,
    });
    expect(await sweep('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('collect FOLDER') as string,
    });
    const parameters = code('const beta = 1;', ['parameters']);
    const file = writeSweepFiles({ list: [{ beta: 1 }] }, [
      parameters,
      code("console.log('here'); await new Promise(() => {});"),
    ]);
    expect(await sweep(file, '--folder', '')).toMatchObject({ code: 2 });
    expect((await sweep('status', file)).stderr).toMatch(
      /moons\.sweep\.json is a file; a sweep's results are a folder/,
    );
    const { child, ended } = begin(file);
    const folder = sweepFolder(file);
    const log = join(runFolder(folder, 1), RUN_FILES.log);
    await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('here'), 20_000, 'the run');
    expect(await sweep('cancel', folder)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        new RegExp(`^Process ${child.pid} runs this sweep since .* end it there with Ctrl-C`),
      ) as string,
    });
    expect((await sweep('status', join(folder, 'sweep.json'))).stdout).toContain('1 running');
    expect((await sweep('collect', file)).stdout).toContain('results.parquet: 1 run');
    // As kill -9 does; what goes on afterwards is the sweep alone, and it is taken over at once.
    child.kill('SIGKILL');
    await ended;
    expect((await sweep('status', folder)).stdout).toContain('1 cancelled');
    const next = begin(file, '--resume');
    await until(() => (readFileSync(log, 'utf8').match(/here/g) ?? []).length === 2, 20_000, 'the run again');
    next.child.kill('SIGTERM');
    expect((await next.ended).code).toBe(130);
    expect((await sweep('cancel', folder)).stderr).toContain('was not submitted to Slurm, and no process runs it');
  });

  it('runs one notebook with parameters', async () => {
    const folder = dirname(writeSweepFiles({}));
    const cli = resolve('dist/kernel/cli.js');
    const notebook = (...args: string[]) =>
      promisify(execFile)(process.execPath, [cli, 'notebook', 'moons.ipynb', ...args], { cwd: folder });
    await notebook('-p', 'beta=8', '-p', 'epochs=1', '--device', 'traced-cpu');
    const { cells } = readNotebook(join(folder, 'out', 'moons.ipynb')).notebook;
    expect(joined(cells[2]!.source)).toContain('const beta: number = 8;\nconst epochs = 1;');
    expect(JSON.stringify(cells[3])).toContain('beta is 8');
    await expect(notebook('-p', 'beta=much')).rejects.toThrow('beta is declared as number; found "much"');
  });
});
