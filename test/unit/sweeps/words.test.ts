import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../kernel/sweeps/collect';
import { sweepFileSchema } from '../../../kernel/sweeps/file/schema';
import { FORMAT_VERSION, plannedRecord, SWEEP_FORMAT, thinned } from '../../../kernel/sweeps/results';
import type { RunRecord, Sweep } from '../../../kernel/sweeps/results';
import { batchScript, outputOf, ranges } from '../../../kernel/sweeps/slurm/script';
import { summaryText } from '../../../kernel/sweeps/summary';
import { columnsOf, tableLines } from '../../../kernel/sweeps/terminal/table';

const sweep: Sweep = {
  ...{ format: SWEEP_FORMAT, version: FORMAT_VERSION, name: 'beta', created: '', file: null, notebook: '/n.ipynb' },
  ...{ digest: 'd', declared: [], device: 'auto', given: {} },
  metrics: [{ name: 'mig', goal: 'max' }],
  runs: [1, 2, 3, 4].map((index) => ({ index, parameters: { beta: index / 2, kind: 'a' }, seed: index % 2 })),
};

const record = (index: number, more: Partial<RunRecord>): RunRecord => ({
  ...plannedRecord(sweep.runs[index - 1]!, 'd'),
  ...more,
});

const records = [
  record(1, { state: 'done', metrics: { mig: 0.25, 'validation.total': 101.23456 }, seconds: 75 }),
  record(2, { state: 'failed', reason: 'cell 3: Error: no luck', seconds: 2 }),
  record(3, { state: 'done', metrics: { other: 1 }, seconds: 3 }),
  record(4, {}),
];

describe('a sweep in a terminal', () => {
  it('is a table of what varies, states and metrics', () => {
    const lines = tableLines(records, columnsOf(sweep), { width: 80, height: 10, colour: false });
    expect(lines.map((line) => line.trimEnd())).toEqual([
      'run  beta  seed   mig        time  state',
      '  1   0.5     1  0.25  1 min 15 s  done',
      '  2     1     0             2.0 s  failed: cell 3: Error: no luck',
      '  3   1.5     1             3.0 s  done',
      '  4     2     0                    waiting',
    ]);
  });

  it('keeps what runs in view where there is no room for all', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({
      ...records[0]!,
      index: i + 1,
      state: i === 30 ? ('running' as const) : i < 30 ? ('done' as const) : ('waiting' as const),
    }));
    const lines = tableLines(many, columnsOf(sweep), { width: 60, height: 8, colour: false });
    expect(lines).toHaveLength(9);
    expect(lines.some((line) => /^ 31 .*running/.test(line))).toBe(true);
    expect(lines.at(-1)).toBe('… and 43 more');
  });

  it('ends with failures and their reasons, and names metrics that nobody has reported', () => {
    const text = summaryText(sweep, records, 'beta.sweep');
    expect(text).toContain('beta: 2 done, 1 waiting, 1 failed. Results: beta.sweep');
    expect(text).toContain('run 2 (beta = 1, seed = 0): cell 3: Error: no luck');
    expect(text).toContain(
      'Warning: 1 of 2 runs reported the metric "mig"; they reported mig, other, validation.total.',
    );
  });
});

describe('a batch script', () => {
  it('asks Slurm for what the file says, and is one command', () => {
    const file = sweepFileSchema.parse({
      notebook: 'n.ipynb',
      resources: { cpus: 4, gpus: 1, parallel: 8 },
      slurm: { partition: 'gpu', time: '04:00:00', mem: '8G', extra: ['--exclude=node3'], setup: ['module load cuda'] },
    });
    const job = { name: 'my beta', folder: '/data/my sweep', runs: [1, 2, 3, 7], offset: 0, rung: 1 };
    const script = batchScript({ ...job, node: '/usr/bin/node', program: '/opt/sweep.js' }, file);
    expect(script.split('\n')).toEqual([
      '#!/bin/sh',
      ...['job-name=latentlab-my_beta', 'array=1-3,7%8', 'output=/data/my\\ sweep/slurm/%A_%a.out'].map(
        (o) => `#SBATCH --${o}`,
      ),
      ...['open-mode=append', 'requeue', 'signal=B:TERM@90', 'cpus-per-task=4', 'partition=gpu'].map(
        (o) => `#SBATCH --${o}`,
      ),
      ...['time=04:00:00', 'mem=8G', 'gres=gpu:1', 'exclude=node3'].map((o) => `#SBATCH --${o}`),
      '',
      'module load cuda',
      "exec /usr/bin/node /opt/sweep.js task '/data/my sweep' --offset 0 --rung 1",
      '',
    ]);
    // What no line of options can say, sbatch is given as an argument.
    const odd = batchScript({ ...job, folder: '/data/50%A "x"', node: 'node', program: 'sweep.js' }, file);
    expect(odd).not.toContain('--output');
    expect(odd).toContain(`'/data/50%A "x"' --offset 0`);
    expect(outputOf('/data/50%A "x"')).toBe('/data/50%%A "x"/slurm/%A_%a.out');
    expect(ranges([9, 1, 2, 4, 5, 6])).toBe('1-2,4-6,9');
  });
});

describe('the collected table', () => {
  it('has a row for each run, and a column for each parameter and metric', async () => {
    const all = [
      ...records,
      record(4, { parameters: { beta: 2, kind: [1, 2], state: 'own' }, metrics: { mig: null } }),
    ];
    const bytes = tableOf(all);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows.map(({ run, beta, seed, state, mig }) => [run, beta, seed, state, mig])).toEqual([
      [1, 0.5, 1, 'done', 0.25],
      [2, 1, 0, 'failed', null],
      [3, 1.5, 1, 'done', null],
      [4, 2, 0, 'waiting', null],
      [4, 2, 0, 'waiting', null],
    ]);
    expect(rows[4]).toMatchObject({ kind: '[1,2]', 'parameters.state': 'own' });
    expect(rows[1]!['reason']).toBe('cell 3: Error: no luck');
    const types = parquetMetadata(file).schema.map(({ name, type }) => [name, type]);
    expect(types).toContainEqual(['beta', 'DOUBLE']);
    expect(types).toContainEqual(['run', 'INT32']);
  });
});

describe('a thinned curve', () => {
  it('is the means of neighbours, and ends where the curve does', () => {
    const steps = Array.from({ length: 11 }, (_, i) => i + 1);
    expect(thinned({ steps, values: steps }, 4)).toEqual({ steps: [2, 5, 8, 11], values: [1.5, 4, 7, 10] });
    expect(thinned({ steps, values: steps }, 11)).toEqual({ steps, values: steps });
    expect(thinned({ steps: [1, 2], values: [NaN, 1] }, 2).values).toEqual([null, 1]);
  });
});
