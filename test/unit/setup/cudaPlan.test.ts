import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { cudaPlan } from '../../../kernel/setup/cudaPlan';

const require = createRequire(import.meta.url);
const LINUX = { platform: 'linux', arch: 'x64' };
const folder = path.dirname(require.resolve('onnxruntime-node/package.json'));

/** What onnxruntime-node's own script makes of an environment: true, false, a name, or undefined for no wish. */
function understood(env: Readonly<Record<string, string>>): unknown {
  const { parseInstallFlag } = require('onnxruntime-node/script/install-utils.js') as {
    parseInstallFlag(): unknown;
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    return parseInstallFlag();
  } finally {
    vi.unstubAllEnvs();
  }
}

describe('setup:cuda', () => {
  it('forces the install script of onnxruntime-node, although the user’s .npmrc has it skipped', () => {
    const { script, env } = cudaPlan(LINUX);
    expect(script).toBe(path.join(folder, 'script', 'install.js'));
    const skip = { npm_config_onnxruntime_node_install: 'skip' };
    expect(understood(skip)).toBe(false);
    expect(understood({ ...skip, ...env })).toBe(true);
    // Which is why the plan is not this:
    expect(understood({ ...skip, ONNXRUNTIME_NODE_INSTALL: 'cuda12' })).toBeUndefined();
  });

  it('expects the libraries that the script’s own list has for CUDA 12, where onnxruntime-node looks for them', () => {
    const { manifests, requirements } = require('onnxruntime-node/script/install-metadata.js') as {
      manifests: Record<string, Record<string, unknown>>;
      requirements: Record<string, string[]>;
    };
    expect(requirements['linux/x64']).toEqual(['cuda12']);
    const { provider } = cudaPlan(LINUX);
    expect(Object.keys(manifests['linux/x64:cuda12']!)).toContain(`./${path.basename(provider)}`);
    expect(path.dirname(provider)).toBe(path.join(folder, 'bin', 'napi-v6', 'linux', 'x64'));
  });

  it.each([
    ['darwin', 'arm64'],
    ['win32', 'x64'],
    ['linux', 'arm64'],
  ])('says on %s, %s that there is no CUDA, and what there is', (platform, arch) => {
    expect(() => cudaPlan({ platform, arch })).toThrow(
      `has CUDA for Linux on x64; this is ${platform} on ${arch}. The rung traced-webgpu uses the GPUs`,
    );
  });
});
