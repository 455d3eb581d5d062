/** `npm run setup:xla` as a program, from its command line to what it leaves on the disk. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { xlaFolder, xlaPlugin } from '../../../../kernel/engine/devices/xla/plugins';
import { packageRoot } from '../../../../kernel/engine/packageRoot';
import { PLUGIN, sayWithoutPlugin } from '../../engine/xlaPlugin';
import { writeWheel } from './wheels';

const program = path.join(packageRoot(), 'dist', 'kernel', 'setupXla.js');
/** A version that is not known, so that its own hashes have to do. */
const WHEEL = `xla_cpu_pjrt-0.0.2-py3-none-manylinux_2_27_${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.whl`;
const LIBRARY = 'xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so';

let root: string;
let cache: string;
let wheels: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'latentlab-xla-'));
  [cache, wheels] = [path.join(root, 'cache'), path.join(root, 'wheels')];
  mkdirSync(wheels);
});
afterEach(() => rmSync(root, { recursive: true }));

interface Ended {
  code?: number;
  stdout: string;
  stderr: string;
}

const env = () => ({ ...process.env, LATENTLAB_CACHE: cache, LATENTLAB_STORAGE: '', LATENTLAB_XLA_CPU: '' });
const setUp = (...args: string[]): Promise<Ended> => {
  const running = promisify(execFile)(process.execPath, [program, ...args], { env: env() });
  running.child.stdin?.end();
  return running.catch((error: Ended) => error);
};
/** What lies where plugins do. */
const left = () => (existsSync(path.join(cache, 'xla')) ? readdirSync(path.join(cache, 'xla')) : []);

/** A Python whose pip does this when it is to fetch. */
function python(deed: string): string {
  const file = path.join(root, 'python');
  writeFileSync(file, `#!/bin/sh\ncase "$3" in --version) exit 0;; esac\n${deed}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe.runIf(process.platform === 'linux')('setup:xla', () => {
  it('says what it would fetch, for programs', async () => {
    const { stdout } = await setUp('--cpu', '--plan');
    expect(JSON.parse(stdout)).toMatchObject({
      platform: 'cpu',
      computesOn: 'the processor',
      wheels: [{ file: WHEEL.replace('0.0.2', '0.0.1') }],
      folder: xlaFolder('cpu', cache),
    });
    expect(left()).toEqual([]);
  });

  it.skipIf(existsSync('/dev/kfd'))(
    'says so when no GPU is seen: to programs by null, to people in words',
    async () => {
      // No driver's program is found there.
      const options = { env: { ...env(), PATH: root } };
      expect((await promisify(execFile)(process.execPath, [program, '--plan'], options)).stdout).toBe('null\n');
      await expect(promisify(execFile)(process.execPath, [program], options)).rejects.toThrow(
        /No GPU was found: nvidia-smi lists none/,
      );
    },
  );

  it('fetches nothing when nobody can be asked', async () => {
    const { code, stdout, stderr } = await setUp('--cpu', '--python', python('exit 1'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^XLA’s plugin for the processor: \d+ MB from the Python package index/);
    expect(stderr).toBe('There is no terminal to ask on: pass --yes to continue.\n');
    expect(left()).toEqual([]);
  });

  it('names the wheels where there is no pip', async () => {
    const { code, stderr } = await setUp('--cpu', '--yes', '--python', path.join(root, 'none'));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /fetched by pip, of Python 3, or by uv: there is no .*none\..*--from FOLDER:\n {2}xla_cpu_pjrt-0.0.1-/,
    );
  });

  it.each([
    [
      'it is killed',
      'kill -9 $$',
      /^pip could not fetch xla-cpu-pjrt 0.0.1: it was ended by SIGKILL. Nothing was installed.$/m,
    ],
    [
      'the disk is full',
      'echo "OSError: [Errno 28] No space left on device" >&2; exit 2',
      /: the disk is full. Nothing was/,
    ],
    ['the network is gone', 'echo "ERROR: Connection refused" >&2; exit 1', /Connection refused\nCheck the network/],
    [
      'the file is another',
      'echo "THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1',
      /another file than the one LatentLab knows/,
    ],
  ])('leaves nothing behind when pip ends because %s', async (_, deed, words) => {
    const { code, stderr } = await setUp('--cpu', '--yes', '--python', python(deed));
    expect(code).toBe(1);
    expect(stderr).toMatch(words);
    expect(left()).toEqual([]);
  });

  it('leaves nothing behind when it is interrupted while pip fetches', async () => {
    const args = [program, '--cpu', '--yes', '--python', python('exec sleep 1000')];
    const running = spawn(process.execPath, args, { env: env(), stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    running.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    running.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('Fetching')) running.kill('SIGTERM');
    });
    const [code] = (await once(running, 'close')) as [number];
    expect(code).toBe(1);
    expect(said).toBe('Interrupted. Nothing was installed.\n');
    expect(left()).toEqual([]);
  });

  it('installs no library that is no plugin, and keeps the one that was there', async () => {
    mkdirSync(xlaFolder('cpu', cache), { recursive: true });
    writeFileSync(path.join(xlaFolder('cpu', cache), 'before'), '');
    writeWheel(wheels, WHEEL, { [LIBRARY]: 'no library' });
    const { code, stderr } = await setUp('--cpu', '--from', wheels, '--yes');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /unpacked, but it cannot be used here: .*not an XLA plugin for this machine.*Nothing was installed/,
    );
    expect(left()).toEqual(['cpu']);
    expect(readdirSync(xlaFolder('cpu', cache))).toEqual(['before']);
  });

  it('installs nothing of a wheel that is not whole', async () => {
    const wheel = writeWheel(wheels, WHEEL, { [LIBRARY]: 'x'.repeat(10_000) });
    truncateSync(wheel, 100);
    const { code, stderr } = await setUp('--cpu', '--from', wheels, '--yes');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^xla_cpu_pjrt-0.0.2-.*\.whl is not a complete wheel \(.+\). Fetch it again.\n$/);
    expect(left()).toEqual([]);
  });

  sayWithoutPlugin('the whole command');

  it.skipIf(!PLUGIN)('unpacks the processor’s plugin, proves it, and keeps it where the engine finds it', async () => {
    writeWheel(wheels, WHEEL, { [LIBRARY]: readFileSync(PLUGIN!), 'xla_plugins/xla_cpu_pjrt/__init__.py': '' });
    const { stdout, stderr } = await setUp('--cpu', '--from', wheels, '--yes');
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^Done: CPU, XLA \(xla-cpu-pjrt 0\.0\.2\), in .*cpu\. Delete the folder to uninstall it\.\nThe next kernel on `auto` races it/m,
    );
    expect(left()).toEqual(['cpu']);
    expect(xlaPlugin('cpu', { LATENTLAB_CACHE: cache })).toEqual({
      platform: 'cpu',
      library: path.join(xlaFolder('cpu', cache), ...LIBRARY.split('/')),
      origin: 'xla-cpu-pjrt 0.0.2',
    });
    expect(readdirSync(path.join(xlaFolder('cpu', cache), 'xla_plugins', 'xla_cpu_pjrt'))).toEqual(['xla_cpu_pjrt.so']);
  });
});
