import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildFolder, builtPackage, requireBuilt, tfjsVersion } from '../../../kernel/engine/devices/builtPackage';
import { borrowTfjs } from '../../../kernel/setup/tfjsNodePackage';

const NAME = '@tensorflow/tfjs-node';

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'latentlab-built-'));
  vi.stubEnv('LATENTLAB_CACHE', cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

/** A build whose program is this text. */
async function build(program: string): Promise<string> {
  const scope = path.join(buildFolder(NAME), 'node_modules', '@tensorflow');
  await borrowTfjs(scope, tfjsVersion());
  const folder = path.join(scope, 'tfjs-node');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'index.js'), program);
  return folder;
}

describe('a built tfjs-node', () => {
  it('is looked for in the cache, by version, Node-API, platform and processor', () => {
    const key = `tfjs-node-${tf.version.tfjs}-napi8-${process.platform}-${process.arch}`;
    expect(buildFolder(NAME)).toBe(path.join(cache, 'tfjs-node', key));
    expect(builtPackage(NAME)).toBeUndefined();
  });

  it('is found, and not taken for the GPU’s package', async () => {
    const folder = await build('');
    expect(builtPackage(NAME)).toBe(folder);
    expect(builtPackage('@tensorflow/tfjs-node-gpu')).toBeUndefined();
    expect(builtPackage('webgpu')).toBeUndefined();
  });

  it('is not found while it is being built', async () => {
    const beside = path.join(cache, 'tfjs-node', `building-${process.pid}-abc`);
    vi.stubEnv('LATENTLAB_CACHE', beside);
    await build('');
    vi.stubEnv('LATENTLAB_CACHE', cache);
    expect(builtPackage(NAME)).toBeUndefined();
  });

  it('registers itself with the tfjs of the process that loads it, and brings none', async () => {
    requireBuilt(await build(`require('@tensorflow/tfjs').registerBackend('lent', () => null);`));
    expect(tf.findBackendFactory('lent')).toBeDefined();
    tf.removeBackend('lent');
    const core = createRequire(path.join(buildFolder(NAME), 'index.js'))('@tensorflow/tfjs-core') as typeof tf;
    expect(core.engine()).toBe(tf.engine());
  });

  it('that does not load says so in one line, with where it is and what builds it anew', async () => {
    const folder = await build(
      `throw new Error('libtensorflow_cc.so.2: cannot open shared object file\\nsecond line')`,
    );
    const message = `libtensorflow_cc.so.2: cannot open shared object file (built in ${folder}; \`npm run setup:tfjs-node\` builds it anew)`;
    expect(() => requireBuilt(folder)).toThrow(message);
  });
});
