import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildFolder, builtPackage } from '../../../kernel/engine/devices/builtPackage';
import { npmBeside } from '../../../kernel/setup/bindingTools';

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
