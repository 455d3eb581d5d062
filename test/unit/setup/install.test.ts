/** What `npm ci` does beside unpacking: only what is allowed, whatever npm runs it, and without a warning. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

async function read<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`../../../${name}`, import.meta.url), 'utf8')) as T;
}

interface Locked {
  readonly hasInstallScript?: boolean;
  readonly engines?: object;
}

const { allowScripts, engines } = await read<{ allowScripts: Record<string, boolean>; engines: object }>(
  'package.json',
);
const { packages } = await read<{ packages: Record<string, Locked> }>('package-lock.json');

describe('npm ci', () => {
  it('runs the install scripts that allowScripts allows, and no other, also with npm 10, which asks the lock alone', () => {
    const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
    const marked = Object.keys(packages).filter((path) => packages[path]!.hasInstallScript);
    const names = marked.map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect(new Set(names)).toEqual(new Set(allowed));
  });

  it('finds the same Nodes in package.json and in the lock', () => {
    expect(packages['']!.engines).toEqual(engines);
  });

  it('tries what devices may need, in the versions that the library as a package names', async () => {
    const { optionalDependencies } = await read<{ optionalDependencies: object }>('devices/package.json');
    const { peerDependencies, peerDependenciesMeta } =
      await read<Record<string, Record<string, object>>>('package.json');
    expect(optionalDependencies).toEqual(peerDependencies);
    // Who installs the package is not made to fetch them.
    const optional = Object.keys(optionalDependencies).map((name) => [name, { optional: true }]);
    expect(peerDependenciesMeta).toEqual(Object.fromEntries(optional));
  });

  it('finds nothing in .npmrc that npm does not know', async () => {
    const shell = process.platform === 'win32';
    const { stdout, stderr } = await promisify(execFile)('npm', ['config', 'get', 'save-exact'], { cwd: ROOT, shell });
    expect(stdout.trim()).toBe('true');
    expect(stderr).not.toMatch(/project config/);
  });
});
