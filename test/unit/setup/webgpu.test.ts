/** `npm run setup:webgpu`, with the real package from npm. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DAWN, DAWN_VERSION, dawnFolder, fetchedDawn } from '../../../kernel/engine/devices/dawn';
import { packageRoot } from '../../../kernel/engine/packageRoot';
import { softwareVulkan } from '../engine/softwareVulkan';

const program = path.join(packageRoot(), 'dist', 'kernel', 'setupWebgpu.js');

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'latentlab-webgpu-'));
  vi.stubEnv('LATENTLAB_CACHE', cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

interface Ended {
  code?: number;
  stdout: string;
  stderr: string;
}

const setUp = (env: NodeJS.ProcessEnv = {}, ...args: string[]): Promise<Ended> =>
  promisify(execFile)(process.execPath, [program, ...args], {
    env: { ...process.env, LATENTLAB_CACHE: cache, ...env },
  }).catch((error: Ended) => error);

describe('setup:webgpu', () => {
  it('takes the version that the devices’ packages have', () => {
    const { optionalDependencies } = JSON.parse(
      readFileSync(path.join(packageRoot(), 'devices', 'package.json'), 'utf8'),
    ) as { optionalDependencies: Record<string, string> };
    expect(optionalDependencies[DAWN]).toBe(DAWN_VERSION);
  });

  it.runIf(process.platform === 'linux')(
    'fetches Dawn for this platform alone, proves it, and keeps it where the engine finds it',
    async () => {
      expect(fetchedDawn()).toBeUndefined();
      const { stdout, stderr } = await setUp(softwareVulkan());
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^Done, in .*\ntraced-webgpu: CPU, WebGPU in software.*auto skips it.*\nwebgpu: CPU/m);
      const dist = path.join(fetchedDawn()!, 'dist');
      expect(readdirSync(dist)).toEqual([`${process.platform}-${process.arch}`]);
      expect(fetchedDawn()).toBe(path.join(dawnFolder(), 'node_modules', DAWN));
      expect(readdirSync(path.dirname(dawnFolder()))).toEqual([path.basename(dawnFolder())]);
    },
  );

  it.runIf(process.platform === 'linux')('says why it cannot be used, and installs nothing', async () => {
    // No driver is found there.
    const nowhere = { VK_ICD_FILENAMES: path.join(cache, 'none.json'), VK_DRIVER_FILES: path.join(cache, 'none.json') };
    const { code, stderr } = await setUp(nowhere);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /cannot be used here: no graphics adapter was found.*driver for Vulkan.*Nothing was installed/,
    );
    expect(readdirSync(path.dirname(dawnFolder()))).toEqual([]);
  });

  it('says what npm said where it cannot fetch, and installs nothing', async () => {
    const { code, stderr } = await setUp({ npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /npm could not install webgpu@[\d.]+:\n[^]*ECONNREFUSED[^]*Check the network and npm's registry/,
    );
    expect(existsSync(dawnFolder())).toBe(false);
  });

  it('names an npm that is none, and an option that it has not', async () => {
    expect((await setUp({ npm_execpath: '/bin/pnpm' })).stderr).toBe(
      'npm is needed; found /bin/pnpm. Run this as: npm run setup:webgpu\n',
    );
    const { code, stderr } = await setUp({}, '--cuda');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^setup:webgpu has no option --cuda\.\n\nFetches Dawn/);
    expect((await setUp({}, '--help')).stdout).toMatch(/^Fetches Dawn/);
  });
});
