import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packagedNode } from '../../host/nodePackage.mjs';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'latentlab-cache-'));
});
afterEach(() => rm(cache, { recursive: true }));

describe('a Node out of the npm registry', () => {
  it.each(['darwin-arm64', 'linux-riscv64', 'win32-x64'])(
    'is refused on %s, and what to do is said',
    async (platform) => {
      await expect(packagedNode('22.23.3', { cache, platform })).rejects.toThrow(
        `is provided for linux-x64 and linux-arm64, not for ${platform}. Put a Node 22.23.3 on the PATH`,
      );
      expect(await readdir(cache)).toEqual([]);
    },
  );
});
