import { existsSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, makeFolderSync } from '../../../kernel/files/makeFolder';
import { temporaryFolder } from '../autoencoders/training/support';
import { PLACES } from './places';

const path = temporaryFolder();

describe('a folder that is made', () => {
  it('has those above it, and says whether it was there before', async () => {
    expect(await makeFolder(path('a/b/c'))).toBe(true);
    expect(await makeFolder(path('a/b/c'))).toBe(false);
    makeFolderSync(path('d/e'));
    makeFolderSync(path('d/e'));
    expect(['a/b/c', 'd/e'].map((folder) => statSync(path(folder)).isDirectory())).toEqual([true, true]);
  });

  it('may be made by several at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => makeFolder(path('many/at/once'))));
    expect(made.filter(Boolean)).toHaveLength(1);
  });

  it('is refused where a file lies in its place or above it', async () => {
    await writeFile(path('file'), '');
    await mkdir(path('beside'));
    for (const [folder, code] of [
      ['file', 'EEXIST'],
      ['file/below', 'ENOTDIR'],
      ['file/far/below', 'ENOTDIR'],
    ] as const) {
      await expect(makeFolder(path(folder))).rejects.toMatchObject({ code });
      expect(() => makeFolderSync(path(folder))).toThrow(code);
    }
  });

  it.each(PLACES)('is refused on $what, if that takes no folder', async ({ make }) => {
    const { folder, remove } = await make();
    try {
      const outcome = await makeFolder(join(folder, 'a', 'b')).then(
        String,
        (error: NodeJS.ErrnoException) => error.code,
      );
      // A full disk may still have room for a name.
      expect(['true', 'ENOSPC', 'EROFS', 'EACCES']).toContain(outcome);
      expect(existsSync(join(folder, 'a', 'b'))).toBe(outcome === 'true');
    } finally {
      await remove();
    }
  });

  // Node's own loops for ever there.
  it('is refused where the system makes none, at once', async () => {
    for (const folder of process.platform === 'linux' ? ['/proc/nonexistent', '/proc/nonexistent/below'] : []) {
      await expect(makeFolder(folder)).rejects.toMatchObject({ code: 'ENOENT' });
      expect(() => makeFolderSync(folder)).toThrow('ENOENT');
    }
  });
});
