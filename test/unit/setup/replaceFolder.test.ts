import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFolder } from '../../../kernel/setup/replaceFolder';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'latentlab-replace-'));
  folder = path.join(parent, 'nested', 'build');
});
afterEach(() => rm(parent, { recursive: true }));

const making = (text: string) => async (empty: string) => {
  const made = path.join(empty, 'made');
  await mkdir(made);
  await writeFile(path.join(made, 'content'), text);
  await writeFile(path.join(empty, 'scratch'), 'not wanted');
  return made;
};
const content = () => readFile(path.join(folder, 'content'), 'utf8');

describe('a folder that is made anew', () => {
  it('appears whole, then in place of the old one, and scratch files go', async () => {
    await replaceFolder(folder, making('first'));
    expect(await content()).toBe('first');
    await replaceFolder(folder, making('second'));
    expect(await content()).toBe('second');
    expect(await readdir(path.dirname(folder))).toEqual(['build']);
  });

  it('is absent while it is made for the first time, and the old one until the new is whole', async () => {
    await replaceFolder(folder, async (empty) => {
      expect(existsSync(folder)).toBe(false);
      return making('first')(empty);
    });
    await replaceFolder(folder, async (empty) => {
      const made = await making('second')(empty);
      expect(await content()).toBe('first');
      return made;
    });
  });

  it('stays the old one, with nothing beside it, when making fails', async () => {
    await replaceFolder(folder, making('first'));
    const failing = async (empty: string): Promise<string> => {
      await making('half')(empty);
      throw new Error('no space left');
    };
    await expect(replaceFolder(folder, failing)).rejects.toThrow('no space left');
    expect(await content()).toBe('first');
    expect(await readdir(path.dirname(folder))).toEqual(['build']);
  });

  it('clears away what a killed run left, and nothing of a living one', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const left = path.join(parent, 'nested', `building-${pid}-abc`);
    const living = path.join(parent, 'nested', `building-${process.pid}-abc`);
    await mkdir(left, { recursive: true });
    await mkdir(living);
    await replaceFolder(folder, making('new'));
    expect(existsSync(left)).toBe(false);
    expect(existsSync(living)).toBe(true);
  });
});
