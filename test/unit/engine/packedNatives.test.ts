import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackNatives } from '../../../kernel/engine/packedNatives';

const CONTENT = Buffer.from('a library, a library, a library');
const NAME = 'node_modules/runtime/library.so';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'latentlab-packed-'));
  mkdirSync(path.join(root, 'node_modules', 'runtime'), { recursive: true });
  mkdirSync(path.join(root, 'dist'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function pack(): void {
  writeFileSync(path.join(root, 'dist', 'packed.json'), JSON.stringify([NAME]));
  writeFileSync(path.join(root, `${NAME}.br`), brotliCompressSync(CONTENT));
}

describe('native libraries that come compressed', () => {
  it('are unpacked once, whole, with nothing left beside them', async () => {
    pack();
    await Promise.all([unpackNatives(root), unpackNatives(root)]);
    expect(readFileSync(path.join(root, NAME))).toEqual(CONTENT);
    expect(readdirSync(path.join(root, 'node_modules', 'runtime')).sort()).toEqual(['library.so', 'library.so.br']);
    const { ino } = statSync(path.join(root, NAME));
    await unpackNatives(root);
    expect(statSync(path.join(root, NAME)).ino).toBe(ino);
  });

  it('are none where nothing says so', async () => {
    writeFileSync(path.join(root, `${NAME}.br`), brotliCompressSync(CONTENT));
    await unpackNatives(root);
    expect(existsSync(path.join(root, NAME))).toBe(false);
  });

  it('are named where they cannot be written', async () => {
    pack();
    writeFileSync(path.join(root, 'dist', 'packed.json'), JSON.stringify(['gone/library.so']));
    await expect(unpackNatives(root)).rejects.toThrow(/gone\/library\.so\.br/);
  });
});
