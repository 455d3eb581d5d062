import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { unpackWheel } from '../../../../kernel/setup/xla/unpack';
import { writeWheel } from './wheels';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'latentlab-wheel-'));
  folder = path.join(root, 'unpacked');
});
afterEach(() => rmSync(root, { recursive: true }));

const NAME = 'plugin-1.0-py3-none-any.whl';
const unpack = (wheel: string, options: { site?: string; sha256?: string } = {}) =>
  unpackWheel(wheel, { folder, site: '', ...options });
const unpacked = () =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => name.replaceAll(path.sep, '/'))
    .sort();

describe('a wheel', () => {
  it('gives its libraries, what they read, and its terms; nothing of Python’s', async () => {
    const wheel = writeWheel(root, NAME, {
      'jax_plugins/xla_x/plugin.so': 'library',
      'jax_plugins/xla_x/__init__.py': 'import os',
      'nvidia/cu13/lib/libcublas.so.13': 'library',
      'nvidia/cu13/lib/libcudart_static.a': 'archive',
      'nvidia/cu13/include/cuda.h': 'header',
      'nvidia/cu13/nvvm/libdevice/libdevice.10.bc': 'device code',
      'nvidia/cu13/bin/ptxas': 'program',
      'nvidia/cu13/bin/nvcc': 'program',
      'metal/lib/mlx.metallib': 'device code',
      'plugin-1.0.dist-info/licenses/License.txt': 'terms',
      'plugin-1.0.dist-info/entry_points.txt': '[jax_plugins]',
    });
    expect(await unpack(wheel)).toBe(createHash('sha256').update(readFileSync(wheel)).digest('hex'));
    expect(unpacked()).toEqual([
      'jax_plugins/xla_x/plugin.so',
      'metal/lib/mlx.metallib',
      'nvidia/cu13/bin/ptxas',
      'nvidia/cu13/lib/libcublas.so.13',
      'nvidia/cu13/nvvm/libdevice/libdevice.10.bc',
      'plugin-1.0.dist-info/METADATA',
      'plugin-1.0.dist-info/licenses/License.txt',
    ]);
    expect(readFileSync(path.join(folder, 'jax_plugins/xla_x/plugin.so'), 'utf8')).toBe('library');
    if (process.platform !== 'win32') {
      expect(statSync(path.join(folder, 'nvidia/cu13/bin/ptxas')).mode & 0o111).toBe(0o111);
    }
  });

  it('lies as pip would lay it: its data beside Python’s folder for modules', async () => {
    const files = {
      'jax_plugins/x.so': 'a',
      'plugin-1.0.data/data/lib/libsycl.so.8': 'b',
      'plugin-1.0.data/platlib/y.so': 'c',
    };
    await unpack(writeWheel(root, NAME, files), { site: 'lib/site' });
    expect(unpacked()).toEqual([
      'lib/libsycl.so.8',
      'lib/site/jax_plugins/x.so',
      'lib/site/plugin-1.0.dist-info/METADATA',
      'lib/site/y.so',
    ]);
  });
});

describe('a wheel that is not as it should be', () => {
  const files = { 'lib/a.so': 'x'.repeat(5_000) };

  it.each([0.2, 0.6, 0.95])('is refused when %d of it are there', async (part) => {
    const wheel = writeWheel(root, NAME, files);
    truncateSync(wheel, Math.floor(statSync(wheel).size * part));
    await expect(unpack(wheel)).rejects.toThrow(
      /^plugin-1.0-py3-none-any.whl is not a complete wheel \(.+\). Fetch it again.$/,
    );
  });

  it('is refused when bytes in it have changed', async () => {
    // Not compressed: it is the hash that finds it, and no error of the compression.
    const content = Buffer.alloc(2e6, 'library');
    const wheel = writeWheel(root, NAME, { 'lib/a.so': content });
    const bytes = readFileSync(wheel);
    bytes[1e6]! ^= 1;
    writeFileSync(wheel, bytes);
    await expect(unpack(wheel)).rejects.toThrow(
      'is damaged: its RECORD lists another hash for lib/a.so. Fetch it again.',
    );
  });

  it.each([
    ['another hash for', 'A'.repeat(43)],
    ['no hash for', undefined],
  ])('is refused when its list has %s a file', async (words, hash) => {
    const wheel = writeWheel(root, NAME, files, { record: { 'lib/a.so': hash } });
    await expect(unpack(wheel)).rejects.toThrow(
      `${NAME} is damaged: its RECORD lists ${words} lib/a.so. Fetch it again.`,
    );
  });

  it('is refused without such a list', async () => {
    await expect(unpack(writeWheel(root, NAME, files, { withRecord: false }))).rejects.toThrow(
      'is not a wheel: it has no RECORD of its files.',
    );
  });

  it('is refused when it is not the file that is known by that name', async () => {
    const other = 'ab'.repeat(32);
    await expect(unpack(writeWheel(root, NAME, files), { sha256: other })).rejects.toThrow(
      new RegExp(`is not the file of that name that LatentLab knows: its SHA-256 is [0-9a-f]{64}, not ${other}`),
    );
  });

  it('is refused when a file in it would lie elsewhere', async () => {
    const wheel = writeWheel(root, NAME, { '../../outside.so': 'x' });
    await expect(unpack(wheel)).rejects.toThrow(/is not a complete wheel \(invalid relative path/);
    expect(readdirSync(root)).toEqual([NAME]);
  });
});

describe('a place that takes no files', () => {
  it('is named when it is no folder', async () => {
    writeFileSync(folder, 'a file');
    await expect(unpack(writeWheel(root, NAME, { 'lib/a.so': 'x' }))).rejects.toThrow(
      /could not be written: .+\. Nothing was installed\.$/,
    );
  });

  it('is named when it is full', async (context) => {
    mkdirSync(folder);
    mountSmall(context, folder);
    try {
      const wheel = writeWheel(root, NAME, { 'lib/a.so': Buffer.alloc(3e6, 1) });
      await expect(unpack(wheel)).rejects.toThrow(/a\.so could not be written: the disk is full \(ENOSPC\)/);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
});

/** A disk of one megabyte. */
function mountSmall(context: TestContext, place: string): void {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
  } catch {
    context.skip('not run: only root, on Linux, can make a small disk');
  }
}
