import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, provideFolder } from '../../host/cache.mjs';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'latentlab-cache-'));
});
afterEach(() => rm(cache, { recursive: true }));

const fillWith = (text: string) => (folder: string) => writeFile(join(folder, 'content'), text);

describe('a folder that is provided once', () => {
  it('is filled, and not again', async () => {
    const folder = join(cache, 'nested', 'vscode');
    await provideFolder(folder, fillWith('first'));
    await provideFolder(folder, fillWith('second'));
    expect(await readFile(join(folder, 'content'), 'utf8')).toBe('first');
  });

  it('is absent, with nothing beside it, when filling fails', async () => {
    const folder = join(cache, 'vscode');
    const failing = async (empty: string) => {
      await fillWith('half')(empty);
      throw new Error('no space left');
    };
    await expect(provideFolder(folder, failing)).rejects.toThrow('no space left');
    expect(await readdir(cache)).toEqual([]);
  });

  it('is whole for both of two runs at the same time', async () => {
    const folder = join(cache, 'vscode');
    await Promise.all([provideFolder(folder, fillWith('one')), provideFolder(folder, fillWith('two'))]);
    expect(['one', 'two']).toContain(await readFile(join(folder, 'content'), 'utf8'));
    expect(await readdir(cache)).toEqual(['vscode']);
  });

  it('clears away what a killed run left, and nothing of a living one', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const left = join(cache, `vscode.installing-${pid}-abc`);
    const living = join(cache, `vscode.installing-${process.pid}-abc`);
    await mkdir(left);
    await mkdir(living);
    await provideFolder(join(cache, 'vscode'), fillWith('new'));
    expect(existsSync(left)).toBe(false);
    expect(existsSync(living)).toBe(true);
  });
});

describe('the cache', () => {
  it('is where LATENTLAB_CACHE says, else in the user’s cache folder', () => {
    expect(cacheFolder({ LATENTLAB_CACHE: '/elsewhere', XDG_CACHE_HOME: '/cache' })).toBe('/elsewhere');
    expect(cacheFolder({ XDG_CACHE_HOME: '/cache' })).toBe(join('/cache', 'latentlab'));
  });
});
