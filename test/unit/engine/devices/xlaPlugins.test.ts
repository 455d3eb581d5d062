import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { XLA_MANIFEST, xlaFolder, xlaPlugin } from '../../../../kernel/engine/devices/xla/plugins';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'latentlab-plugins-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** @param home where a setup keeps what it makes */
function setUp(home: string, text: string): string {
  const folder = xlaFolder('cuda', home);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, XLA_MANIFEST), text);
  return folder;
}

const manifest = (version: string) =>
  JSON.stringify({
    platform: 'cuda',
    library: 'jax_plugins/plugin.so',
    wheels: [{ name: 'jax-cuda13-pjrt', version, sha256: '' }],
  });

describe('XLA’s plugin for a platform', () => {
  const homes = () => ({ LATENTLAB_CACHE: path.join(root, 'cache'), LATENTLAB_STORAGE: path.join(root, 'storage') });

  it('is none where nothing was set up', () => {
    expect(xlaPlugin('cuda', homes())).toBeUndefined();
  });

  it('is the one in the extension’s storage, else in the cache', () => {
    const cached = setUp(path.join(root, 'cache'), manifest('1.0'));
    expect(xlaPlugin('cuda', homes())).toEqual({
      platform: 'cuda',
      library: path.join(cached, 'jax_plugins', 'plugin.so'),
      origin: 'jax-cuda13-pjrt 1.0',
    });
    setUp(path.join(root, 'storage'), manifest('2.0'));
    expect(xlaPlugin('cuda', homes())?.origin).toBe('jax-cuda13-pjrt 2.0');
    expect(xlaPlugin('rocm', homes())).toBeUndefined();
  });

  it('is the one that the environment names, before all others', () => {
    setUp(path.join(root, 'cache'), manifest('1.0'));
    expect(xlaPlugin('cuda', { ...homes(), LATENTLAB_XLA_CUDA: '/opt/plugin.so' })).toEqual({
      platform: 'cuda',
      library: path.resolve('/opt/plugin.so'),
      origin: '$LATENTLAB_XLA_CUDA',
    });
  });

  it.each(['', '{"platform":"cuda"', '{"platform":"cuda","library":"x.so","wheels":[]}'])(
    'is not the one whose list is damaged: %j',
    (text) => {
      setUp(path.join(root, 'storage'), text);
      expect(xlaPlugin('cuda', homes())).toBeUndefined();
      setUp(path.join(root, 'cache'), manifest('1.0'));
      expect(xlaPlugin('cuda', homes())?.origin).toBe('jax-cuda13-pjrt 1.0');
    },
  );
});
