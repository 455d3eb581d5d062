import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLibrariesOf } from '../../../../kernel/engine/devices/xla/librariesOfWheels';

let site: string;
beforeEach(() => {
  site = mkdtempSync(path.join(tmpdir(), 'latentlab-wheels-'));
});
afterEach(() => rmSync(site, { recursive: true }));

function put(...parts: string[]): string {
  const file = path.join(site, ...parts);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

describe('the libraries of a plugin on Windows', () => {
  it.each([
    ['winjax_cuda13_pjrt', 'plugin.dll'],
    ['jax_plugins', 'xla_cuda13', 'plugin.dll'],
  ])('are found through the PATH, before what is there: %s', (...plugin) => {
    const library = put(...plugin);
    put('nvidia', 'cu13', 'bin', 'x86_64', 'cublas64_13.dll');
    put('nvidia', 'cudnn', 'bin', 'cudnn64_9.DLL');
    put('nvidia', 'cudnn', 'include', 'cudnn.h');
    const env = { PATH: 'C:\\Windows' };
    const folders = findLibrariesOf(library, env, 'win32');
    expect(folders.toSorted()).toEqual([
      path.join(site, 'nvidia', 'cu13', 'bin', 'x86_64'),
      path.join(site, 'nvidia', 'cudnn', 'bin'),
    ]);
    expect(env.PATH).toBe([...folders, 'C:\\Windows'].join(';'));
    // A second look adds nothing.
    expect(findLibrariesOf(library, env, 'win32')).toEqual([]);
  });

  it('are none where no wheel lies beside it, and on other systems', () => {
    const env = { PATH: '/usr/bin' };
    expect(findLibrariesOf(put('winjax', 'plugin.dll'), env, 'win32')).toEqual([]);
    put('nvidia', 'cudnn', 'bin', 'cudnn64_9.dll');
    expect(findLibrariesOf(put('winjax', 'plugin.dll'), env, 'linux')).toEqual([]);
    expect(env.PATH).toBe('/usr/bin');
  });
});
