import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileError } from '../../../kernel/files/fileError';
import {
  nameOfPartial,
  partialName,
  writeAllWhole,
  writeWhole,
  writeWholeSync,
} from '../../../kernel/files/writeWhole';
import { temporaryFolder } from '../autoencoders/training/support';
import { PLACES } from './places';

const path = temporaryFolder();
/** More than a full disk of the tests still takes. */
const LARGE = Buffer.alloc(100_000, 'x');

describe('a file that is written whole', () => {
  it('is the old one or the new one, whoever writes and reads at the time', async () => {
    const file = path('contended');
    const contents = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(50_000));
    await writeWhole(file, contents[0]!);
    let open = contents.length;
    const writers = contents.map((content) => writeWhole(file, content).finally(() => (open -= 1)));
    let reads = 0;
    for (; open > 0; reads += 1) expect(contents).toContain(await readFile(file, 'utf8'));
    await Promise.all(writers);
    expect(reads).toBeGreaterThan(0);
    expect(contents).toContain(await readFile(file, 'utf8'));
    expect((await readdir(path('.'))).filter((name) => name.startsWith('contended'))).toEqual(['contended']);
  });

  it('has a name beside its place that no other writer has', () => {
    const names = Array.from({ length: 1000 }, () => partialName('/data/model.json'));
    expect(new Set(names).size).toBe(1000);
    for (const name of names) expect(nameOfPartial(name)).toBe('/data/model.json');
    expect(nameOfPartial('model.json')).toBeUndefined();
    // As it was called before there were two savers.
    expect(nameOfPartial('model.json.partial')).toBe('model.json');
  });

  it.each(PLACES)('says why not on $what, keeps the old one and leaves nothing half done', async ({ reason, make }) => {
    const { folder, remove } = await make((made) => writeFile(join(made, 'file'), 'old'));
    try {
      const before = await readdir(folder);
      const message = `${join(folder, 'file')} could not be written: ${reason}.`;
      await expect(writeWhole(join(folder, 'file'), LARGE)).rejects.toThrow(message);
      await expect(writeWhole(join(folder, 'file'), LARGE)).rejects.toThrow(FileError);
      expect(() => writeWholeSync(join(folder, 'file'), LARGE)).toThrow(message);
      expect(await readdir(folder)).toEqual(before);
      expect(await readFile(join(folder, 'file'), 'utf8')).toBe('old');
    } finally {
      await remove();
    }
  });

  it('of several replaces all or, where one cannot be written, none', async () => {
    await writeFile(path('a'), 'old');
    await mkdir(path('folder'));
    const files = [
      [path('a'), 'new'],
      [path('nowhere/b'), 'new'],
    ] as const;
    await expect(writeAllWhole(files)).rejects.toThrow(
      `${path('nowhere/b')} could not be written: its folder does not exist (ENOENT).`,
    );
    expect(await readFile(path('a'), 'utf8')).toBe('old');
    expect((await readdir(path('.'))).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});
