import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as onnxRuntime from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildFolder, builtPackage } from '../../../kernel/engine/devices/builtPackage';
import { cudaCopy, CUDA_PROVIDER, onnxRuntimeFolder } from '../../../kernel/engine/runtimes/onnx/installation';
import { npmBeside } from '../../../kernel/setup/bindingTools';
import { copyOnnxRuntime } from '../../../kernel/setup/cudaCopy';
import { cudaPlan } from '../../../kernel/setup/cudaPlan';

const installed = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
const LINUX = { platform: 'linux', arch: 'x64' };
const NAME = '@tensorflow/tfjs-node';

let root: string;
let cache: string;
let storage: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'latentlab-storage-'));
  [cache, storage] = [path.join(root, 'cache'), path.join(root, 'storage')];
  vi.stubEnv('LATENTLAB_CACHE', cache);
  vi.stubEnv('LATENTLAB_STORAGE', storage);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

/** Passes for a build of tfjs-node. */
function build(home: string): string {
  const folder = path.join(buildFolder(NAME, home), 'node_modules', NAME);
  mkdirSync(folder, { recursive: true });
  return folder;
}

describe('the extension’s storage', () => {
  it('takes a build of tfjs-node, and the user’s cache without an extension', () => {
    expect(buildFolder(NAME).startsWith(storage + path.sep)).toBe(true);
    vi.stubEnv('LATENTLAB_STORAGE', '');
    expect(buildFolder(NAME).startsWith(cache + path.sep)).toBe(true);
  });

  it('leaves it to the cache where its own name has a space, in which make builds nothing', () => {
    vi.stubEnv('LATENTLAB_STORAGE', path.join(root, 'Code - Insiders'));
    expect(buildFolder(NAME).startsWith(cache + path.sep)).toBe(true);
  });

  it('is looked into before the cache, where a checkout’s build is found too', () => {
    expect(builtPackage(NAME)).toBeUndefined();
    const ofCheckout = build(cache);
    expect(builtPackage(NAME)).toBe(ofCheckout);
    const own = build(storage);
    expect(builtPackage(NAME)).toBe(own);
  });

  it('takes the CUDA libraries, in a copy of onnxruntime-node that runs by itself', async () => {
    const { folder, script, provider } = cudaPlan(LINUX);
    expect(folder).toBe(cudaCopy(storage));
    expect([script, provider]).toEqual([
      path.join(folder, 'script', 'install.js'),
      path.join(folder, 'bin', 'napi-v6', 'linux', 'x64', 'libonnxruntime_providers_cuda.so'),
    ]);
    await copyOnnxRuntime(installed, folder);
    expect(existsSync(script)).toBe(true);
    // Nothing of the installation is asked for: the copy lies under none of its folders.
    const { Tensor } = createRequire(script)(folder) as typeof onnxRuntime;
    expect(new Tensor('float32', [1, 2], [2]).dims).toEqual([2]);
    expect(existsSync(path.join(folder, 'bin', 'napi-v6', 'win32'))).toBe(false);
  });

  it('is where ONNX Runtime is loaded from once CUDA’s libraries are there, and only then', async () => {
    expect(onnxRuntimeFolder()).toBe(installed);
    const copy = cudaCopy(storage);
    await copyOnnxRuntime(installed, copy);
    expect(onnxRuntimeFolder()).toBe(installed);
    writeFileSync(path.join(copy, CUDA_PROVIDER), '');
    expect(onnxRuntimeFolder()).toBe(copy);
    vi.stubEnv('LATENTLAB_STORAGE', '');
    expect(onnxRuntimeFolder()).toBe(installed);
  });

  it('is of no concern in a checkout, whose node_modules take CUDA’s libraries', () => {
    vi.stubEnv('LATENTLAB_STORAGE', '');
    expect(cudaPlan(LINUX).folder).toBe(installed);
  });
});

describe('npm, outside an npm script', () => {
  it.each([
    ['as Node’s own archives have it', 'bin/node', 'lib/node_modules/npm/bin/npm-cli.js'],
    ['as Windows has it', 'node.exe', 'node_modules/npm/bin/npm-cli.js'],
    ['as Debian has it', 'bin/node', 'share/nodejs/npm/bin/npm-cli.js'],
  ])('is found beside Node, %s', (_, node, npm) => {
    expect(npmBeside(path.join(root, node))).toBeUndefined();
    mkdirSync(path.dirname(path.join(root, npm)), { recursive: true });
    writeFileSync(path.join(root, npm), '');
    expect(npmBeside(path.join(root, node))).toBe(path.join(root, npm));
  });
});
