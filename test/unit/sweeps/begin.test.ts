import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSweep, writeBegun } from '../../../kernel/sweeps/begin';
import { NOTEBOOK_FILE, readSweep, SWEEP_FILE } from '../../../kernel/sweeps/results';
import { Ownership } from '../../../kernel/sweeps/run/ownership';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-begin-'));
  file = join(folder, 'beta.sweep.json');
  writeNotebook('const beta = 1;');
  writeSweepFile({ grid: { beta: [1, 2] } });
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeNotebook(source: string): void {
  const cell = { cell_type: 'code', execution_count: null, outputs: [], source, metadata: { tags: ['parameters'] } };
  writeFileSync(
    join(folder, 'n.ipynb'),
    JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [cell] }),
  );
}

const writeSweepFile = (settings: object) => writeFileSync(file, JSON.stringify({ notebook: 'n.ipynb', ...settings }));
const open = (resume: boolean) => openSweep({ file, resume });

describe('a sweep’s folder', () => {
  it('is begun by one of two processes that find none, and the other one hears of it', async () => {
    const first = await open(false);
    writeNotebook('const beta = 3;');
    const second = await open(false);
    writeBegun(first);
    expect(() => writeBegun(second)).toThrow(/another process begins a sweep there now.*Name another --folder/);
    const { sweep } = await readSweep(first.folder);
    expect(sweep!.digest).toBe(first.sweep.digest);
    expect(readFileSync(join(first.folder, NOTEBOOK_FILE), 'utf8')).toContain('const beta = 1;');
    await expect(open(false)).rejects.toThrow(/holds a sweep already \(2 waiting\)/);
  });

  it('whose runs are there and whose sweep.json is not is left alone', async () => {
    const begun = await open(false);
    writeBegun(begun);
    rmSync(join(begun.folder, SWEEP_FILE));
    await expect(open(false)).rejects.toThrow(/has a folder runs and no sweep\.json/);
    writeFileSync(join(begun.folder, SWEEP_FILE), '{ "format": "latentlab sw');
    await expect(open(true)).rejects.toThrow(/sweep\.json is damaged: it is no JSON\. No run has begun there/);
  });

  it('goes on as it began, whatever has become of its file and notebook', async () => {
    const begun = await open(false);
    writeBegun(begun);
    expect((await open(true)).notes).toEqual([]);
    writeSweepFile({ grid: { beta: [1, 2, 3] } });
    const edited = await open(true);
    expect(edited.sweep).toEqual(begun.sweep);
    expect(edited.notes).toEqual([
      expect.stringMatching(/has changed since this sweep started\. It continues with the old version/),
    ]);
    rmSync(join(folder, 'n.ipynb'));
    const gone = await open(true);
    expect(gone.notebook).toBe(begun.notebook);
    expect(gone.notes).toEqual([
      expect.stringMatching(/n\.ipynb: there is no such file\. .* It continues with the old version/),
    ]);
  });
});

describe('a run', () => {
  const owner = '.owner.json';
  const another = (more: object) => {
    const value = { token: 'another', process: process.ppid, host: hostname(), job: null, ...more };
    writeFileSync(join(folder, owner), JSON.stringify(value));
  };

  it('belongs to one process at a time, and to the next one when that is gone', () => {
    const mine = Ownership.take(folder, null);
    expect(mine.holds).toBe(true);
    another({});
    expect(mine.holds).toBe(false);
    expect(() => Ownership.take(folder, null)).toThrow(
      `process ${process.ppid} on ${hostname()} is at work on this run`,
    );
    mine.release();
    expect(readFileSync(join(folder, owner), 'utf8')).toContain('another');
    // Linux gives no process a number this high.
    another({ process: 2 ** 30 });
    expect(Ownership.take(folder, null).holds).toBe(true);
  });

  it('is taken over where Slurm begins it again', () => {
    another({ job: '12_3', host: 'a-node-that-went-down' });
    expect(Ownership.take(folder, '12_3').holds).toBe(true);
  });
});
