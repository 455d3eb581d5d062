import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSweep, writeBegun } from '../../../kernel/sweeps/begin';
import { underClaim } from '../../../kernel/sweeps/claim';
import type * as resolving from '../../../kernel/sweeps/file/resolve';
import { givenOf } from '../../../kernel/sweeps/given';
import { keptNotebook, located, requirePlace } from '../../../kernel/sweeps/kept';
import { NOTEBOOK_FILE, readSweep, SWEEP_FILE } from '../../../kernel/sweeps/results';
import { Ownership } from '../../../kernel/sweeps/run/ownership';

/** Happens once a sweep file has been read. */
const meanwhile = vi.hoisted(() => ({ act: undefined as (() => void) | undefined }));
vi.mock('../../../kernel/sweeps/file/resolve', async (original) => {
  const real = await original<typeof resolving>();
  const resolveSweep: typeof real.resolveSweep = (path) => {
    const resolved = real.resolveSweep(path);
    meanwhile.act?.();
    return resolved;
  };
  return { ...real, resolveSweep };
});

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
  it('is one process’s at a time; the next one hears who has it, or waits where that is soon over', async () => {
    const place = join(folder, 'beta.sweep');
    const took: string[] = [];
    await underClaim(place, 'runs this sweep', async () => {
      const other = underClaim(place, 'submits this sweep to Slurm', () => Promise.resolve(took.push('other')));
      await expect(other).rejects.toThrow(
        new RegExp(`^Process ${process.pid} runs this sweep since 20.* \\(${place}\\)\\. Wait for it, or end it there`),
      );
    });
    let next: Promise<unknown> | undefined;
    await underClaim(place, 'submits this sweep to Slurm', async (claim) => {
      next = underClaim(place, 'runs this sweep', () => Promise.resolve(took.push('next')));
      await claim.check();
      took.push('first');
    });
    await next;
    expect(took).toEqual(['first', 'next']);
    expect(readdirSync(place)).toEqual([]);
  });

  it('that another machine has is free ten minutes after its last sign of life', async () => {
    const claim = join(folder, 'beta.sweep', '.claim');
    mkdirSync(claim, { recursive: true });
    const left = join(claim, 'theirs.json');
    const theirs = { process: 7, host: 'login2', since: Date.now(), token: 'theirs', doing: 'runs this sweep' };
    writeFileSync(left, JSON.stringify(theirs));
    const take = () => underClaim(dirname(claim), 'runs this sweep', () => Promise.resolve('taken'));
    await expect(take()).rejects.toThrow(
      /^Process 7 on login2 runs this sweep since .*; if it is gone, try again in ten minutes, or delete .*\.claim$/,
    );
    utimesSync(left, new Date(Date.now() - 601_000), new Date(Date.now() - 601_000));
    expect(await take()).toBe('taken');
  });

  it('that was moved as a whole has its notebook where it is now', async () => {
    writeBegun(await open(false));
    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    try {
      const place = join(moved, 'beta.sweep');
      const { sweep } = await readSweep(place);
      expect(located(sweep!, place).notebook).toBe(join(moved, 'n.ipynb'));
      const resumed = await openSweep({ file: join(moved, 'beta.sweep.json'), resume: true });
      expect(resumed).toMatchObject({ sweep: { notebook: join(moved, 'n.ipynb') }, notes: [] });
      renameSync(join(moved, 'n.ipynb'), join(moved, 'other.ipynb'));
      expect(() => requirePlace(located(sweep!, place), place)).toThrow(
        new RegExp(`^${folder}, the notebook’s folder, is not there, .* --resume --folder ${place}$`),
      );
    } finally {
      renameSync(moved, folder);
    }
  });

  it('whose notebook or settings are damaged says so before anything is run', async () => {
    const { folder: place, sweep } = await open(false);
    expect(() => keptNotebook(place)).toThrow(
      /notebook\.ipynb is not there\. It is the notebook that all runs execute/,
    );
    mkdirSync(place);
    writeFileSync(join(place, NOTEBOOK_FILE), 'x');
    expect(() => keptNotebook(place)).toThrow(new RegExp(`^${join(place, NOTEBOOK_FILE)} is not JSON.* put it back`));
    expect(() => givenOf({ ...sweep, given: { notebook: 'n.ipynb', seeds: 0 } })).toThrow(
      /^The sweep\.json in the folder of the sweep "beta" is damaged: "given\.seeds": /,
    );
  });

  it('whose beginning was interrupted is begun again', async () => {
    const begun = await open(false);
    mkdirSync(join(begun.folder, 'runs'), { recursive: true });
    writeBegun(await open(false));
    expect((await readSweep(begun.folder)).runs).toHaveLength(2);
  });

  it.each([false, true])(
    'that another process begins while its file is read is that one’s (resume: %s)',
    async (resume) => {
      const begun = await open(false);
      meanwhile.act = () => {
        meanwhile.act = undefined;
        writeBegun(begun);
        mkdirSync(join(begun.folder, 'runs', '0001'));
      };
      if (resume) expect(await open(true)).toMatchObject({ isOld: true, sweep: begun.sweep });
      else await expect(open(false)).rejects.toThrow(/holds a sweep already \(2 waiting\)/);
    },
  );

  it('whose runs are there and whose sweep.json is not is left alone', async () => {
    const begun = await open(false);
    writeBegun(begun);
    await expect(open(false)).rejects.toThrow(/holds a sweep already \(2 waiting\)/);
    writeFileSync(join(begun.folder, SWEEP_FILE), '{ "format": "latentlab sw');
    await expect(open(true)).rejects.toThrow(/sweep\.json is damaged: it is no JSON\. No run has begun there/);
    mkdirSync(join(begun.folder, 'runs', '0001'));
    await expect(open(true)).rejects.toThrow(/sweep\.json is damaged: it is no JSON\. Put it back from a copy/);
    rmSync(join(begun.folder, SWEEP_FILE));
    await expect(open(false)).rejects.toThrow(/has runs and no sweep\.json, so what was there is damaged/);
  });

  it('is new or its own: nothing of anybody else is filled, replaced or taken for the sweep', async () => {
    const into = (to: string, resume = false) => openSweep({ file, folder: join(folder, to), resume });
    await expect(into('.')).rejects.toThrow(/holds (beta\.sweep\.json|n\.ipynb), which is no part of this sweep/);
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'notebook.ipynb'), 'mine');
    await expect(into('mine')).rejects.toThrow(
      /mine holds notebook\.ipynb, which is no part of this sweep\. Name a new/,
    );
    expect(readFileSync(join(folder, 'mine', 'notebook.ipynb'), 'utf8')).toBe('mine');
    // As a process leaves it that was killed when it began.
    const begun = await into('half');
    mkdirSync(join(begun.folder, 'runs'), { recursive: true });
    writeFileSync(join(begun.folder, NOTEBOOK_FILE), begun.notebook);
    writeFileSync(join(begun.folder, 'sweep.json.12-0123456789ab.partial'), '{');
    writeBegun(await into('half'));
    const other = join(folder, 'gamma.sweep.json');
    writeFileSync(other, JSON.stringify({ notebook: 'n.ipynb', grid: { beta: [7] } }));
    await expect(openSweep({ file: other, folder: begun.folder, resume: true })).rejects.toThrow(
      /half holds the sweep "beta" of .*beta\.sweep\.json, and not one of .*gamma\.sweep\.json\. Name another --folder/,
    );
  });

  it('gives its runs the memory, cores and partition that its file says now, and nothing else of it', async () => {
    writeSweepFile({ grid: { beta: [1, 2] }, slurm: { mem: '8G', partition: 'gone' } });
    writeBegun(await open(false));
    const slurm = { mem: '16G', partition: 'main' };
    writeSweepFile({ grid: { beta: [1, 2] }, slurm, resources: { cpus: 4 } });
    const more = await open(true);
    expect(more.file).toMatchObject({ slurm, resources: { cpus: 4 } });
    expect(more.notes).toEqual([`Its runs get the "resources" and "slurm" of ${file} as it is now.`]);
    writeSweepFile({ grid: { beta: [1, 2, 3] }, slurm });
    const edited = await open(true);
    expect(edited.sweep.runs).toHaveLength(2);
    expect(edited.file).toMatchObject({ slurm, grid: { beta: [1, 2] } });
    expect(edited.notes).toHaveLength(2);
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
