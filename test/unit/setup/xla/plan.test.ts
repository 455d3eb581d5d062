import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isKept } from '../../../../kernel/setup/xla/kept';
import { seenGpus, type SeenGpu } from '../../../../kernel/setup/xla/gpus';
import { xlaOptions } from '../../../../kernel/setup/xla/options';
import { xlaPlans } from '../../../../kernel/setup/xla/plan';
import { SOURCES } from '../../../../kernel/setup/xla/sources';
import { isAtLeast, runsOn, wheelName } from '../../../../kernel/setup/xla/wheelName';
import { planText } from '../../../../kernel/setup/xla/words';

const LINUX = { platform: 'linux', arch: 'x64' };
const MAC = { platform: 'darwin', arch: 'arm64' };
const WINDOWS = { platform: 'win32', arch: 'x64' };
const H100: SeenGpu = { platform: 'cuda', name: 'An NVIDIA H100', driver: '580.65.06' };
const pluginsOf = (...args: Parameters<typeof xlaPlans>) => xlaPlans(...args).map(({ wheels }) => wheels[0]!.file);

describe('the wheels of a plugin', () => {
  it('are known for each machine that the plugin is for, by size and hash', () => {
    for (const { platform, machines, library, site } of SOURCES) {
      for (const [system, arch] of machines.map((key) => key.split('-') as [string, string])) {
        for (const { source, wheels } of xlaPlans(platform, { platform: system, arch }, [])) {
          expect(wheels.map(({ name }) => name)).toEqual(source.wheels.map(({ name }) => name));
          for (const [i, wheel] of wheels.entries()) {
            expect(runsOn(wheel, { platform: system, arch })).toBe(true);
            expect(isAtLeast(wheel.version, source.wheels[i]!.atLeast)).toBe(true);
            expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
            expect(wheel.size).toBeGreaterThan(100_000);
          }
        }
      }
      expect(isKept(library)).toBe(true);
      expect(library.startsWith(site)).toBe(true);
    }
  });
});

describe('what is set up', () => {
  it('is what the GPU needs that is seen', () => {
    expect(pluginsOf(undefined, LINUX, [H100])[0]).toBe('jax_cuda13_pjrt-0.12.0.1-py3-none-manylinux_2_27_x86_64.whl');
    expect(pluginsOf(undefined, MAC, [{ platform: 'metal', name: 'The GPU of an Apple M2' }])).toEqual([
      'metaljax-0.11.9-py3-none-macosx_14_0_arm64.whl',
    ]);
    expect(pluginsOf(undefined, WINDOWS, [H100])).toEqual(['winjax_cuda13_pjrt-0.11.2-py3-none-win_amd64.whl']);
  });

  it('is what the user names, whatever is seen', () => {
    expect(pluginsOf('cpu', LINUX, [H100])).toEqual(['xla_cpu_pjrt-0.0.1-py3-none-manylinux_2_27_x86_64.whl']);
    expect(pluginsOf('intel', LINUX, [])[0]).toMatch(/^jax_oneapi_pjrt-/);
  });

  it.each([
    ['580.65.06', [/^jax_cuda13/, /^jax_cuda12/]],
    ['579.9', [/^jax_cuda12/]],
    ['525.60.13', [/^jax_cuda12/]],
  ])('is CUDA as NVIDIA’s driver %s runs it', (driver, expected) => {
    const found = pluginsOf('cuda', LINUX, [{ ...H100, driver }]);
    expect(found).toHaveLength(expected.length);
    expected.forEach((pattern, i) => expect(found[i]).toMatch(pattern));
  });

  it.each([
    ['7.14.0', /^jax_rocm7_pjrt-/],
    ['10.1.0-42', /^jax_rocm10_pjrt-/],
  ])('is the plugin of AMD’s ROCm %s', (driver, pattern) => {
    const [found, ...others] = pluginsOf('rocm', LINUX, [{ platform: 'rocm', name: 'An AMD GPU', driver }]);
    expect(found).toMatch(pattern);
    expect(others).toEqual([]);
  });

  it.each([
    [{ ...H100, driver: '470.256.02' }, 'driver 470.256.02 is too old: 580 or later, or 525 or later is needed'],
    [{ platform: 'rocm', name: 'An AMD GPU', driver: '6.4.1' } as const, 'this machine has ROCm 6.4.1 in /opt/rocm'],
  ])('is nothing for what is too old: %o', (gpu, words) => {
    expect(() => xlaPlans(undefined, LINUX, [gpu])).toThrow(words);
  });

  it('is nothing without a GPU, and says what there is for the processor', () => {
    expect(() => xlaPlans(undefined, LINUX, [])).toThrow(/^No GPU was found: .*npm run setup:xla -- --cpu/);
    expect(() => xlaPlans(undefined, { platform: 'darwin', arch: 'x64' }, [])).not.toThrow(/--cpu/);
  });

  it('is nothing where there are no wheels, and says where there are', () => {
    expect(() => xlaPlans('metal', LINUX, [])).toThrow(
      'XLA’s plugin for --metal is for macOS on arm64; this is Linux on x64. The device traced-webgpu uses any GPU',
    );
    expect(() => xlaPlans('cpu', MAC, [])).toThrow('is for Linux on x64, Linux on arm64; this is macOS on arm64');
  });

  it('is said before anything is fetched: what, how large, where to, under whose terms', () => {
    const [plan] = xlaPlans('cuda', LINUX, [H100]);
    const text = planText(plan!, '/home/ada/xla/cuda');
    expect(text).toMatch(/^An NVIDIA H100 was found, with driver 580.65.06.\n/);
    expect(text).toContain('2.3 GB from the Python package index\n  jax-cuda13-pjrt 0.12.0.1     135 MB\n');
    expect(text).toContain('It goes to /home/ada/xla/cuda (3.6 GB).');
    expect(text).toContain('NVIDIA’s own terms');
    expect(planText(xlaPlans('cuda', LINUX, [])[0]!, '/x')).toMatch(/No such GPU was found: without one, nothing/);
  });
});

describe('the GPUs of a machine', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'latentlab-gpus-'));
    // No driver of this machine's own.
    vi.stubEnv('PATH', root);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true });
  });

  it('are none where nothing shows one', async () => {
    expect(await seenGpus(LINUX, root)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('are NVIDIA’s as its driver’s program names them', async () => {
    writeFileSync(path.join(root, 'nvidia-smi'), '#!/bin/sh\necho "NVIDIA H100, 580.65.06, 9.0"\n');
    chmodSync(path.join(root, 'nvidia-smi'), 0o755);
    expect(await seenGpus(LINUX, root)).toEqual([H100]);
  });

  it('are AMD’s where Linux has its device for computing, with the version of ROCm', async () => {
    mkdirSync(path.join(root, 'dev'));
    writeFileSync(path.join(root, 'dev', 'kfd'), '');
    expect(await seenGpus(LINUX, root)).toEqual([{ platform: 'rocm', name: 'An AMD GPU' }]);
    mkdirSync(path.join(root, 'opt', 'rocm', '.info'), { recursive: true });
    writeFileSync(path.join(root, 'opt', 'rocm', '.info', 'version'), '7.14.0-42\n');
    expect(await seenGpus(LINUX, root)).toEqual([{ platform: 'rocm', name: 'An AMD GPU', driver: '7.14.0-42' }]);
  });

  /** A graphics card as Linux lists it. */
  function card(name: string, at: string, { vendor = '0x8086', device = '0x56a0', driver = 'i915' }) {
    const folder = path.join(root, 'sys', 'devices', at);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'vendor'), `${vendor}\n`);
    writeFileSync(path.join(folder, 'device'), `${device}\n`);
    symlinkSync(`../../../bus/pci/drivers/${driver}`, path.join(folder, 'driver'));
    const drm = path.join(root, 'sys', 'class', 'drm');
    mkdirSync(path.join(drm, name), { recursive: true });
    symlinkSync(`../../../devices/${at}`, path.join(drm, name, 'device'));
  }

  it.skipIf(process.platform === 'win32')('are Intel’s cards, not the graphics of its processors', async () => {
    card('card0', '0000:00:02.0', { device: '0x4680' });
    card('card1', '0000:01:00.0', { vendor: '0x1002', driver: 'amdgpu' });
    expect(await seenGpus(LINUX, root)).toEqual([]);
    // A connector of the processor's graphics.
    mkdirSync(path.join(root, 'sys', 'class', 'drm', 'card0-HDMI-A-1'));
    card('card2', '0000:03:00.0', {});
    expect(await seenGpus(LINUX, root)).toEqual([{ platform: 'intel', name: 'An Intel GPU (8086:56a0)' }]);
    expect(await seenGpus(WINDOWS, root)).toEqual([]);
    expect(xlaPlans(undefined, LINUX, await seenGpus(LINUX, root))[0]!.source.platform).toBe('intel');
  });

  it.skipIf(process.platform === 'win32')('are Intel’s in processors that have the driver of newer ones', async () => {
    card('card1', '0000:00:02.0', { device: '0x64a0', driver: 'xe' });
    expect(await seenGpus(LINUX, root)).toEqual([{ platform: 'intel', name: 'An Intel GPU (8086:64a0)' }]);
  });

  it('is Apple’s on its processors', async () => {
    expect((await seenGpus(MAC, root)).map(({ platform }) => platform)).toEqual(['metal']);
    expect(await seenGpus({ platform: 'darwin', arch: 'x64' }, root)).toEqual([]);
  });
});

describe('the name of a wheel', () => {
  it.each([
    [
      'nvidia_cublas-13.10.0.20-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl',
      'nvidia-cublas',
      [true, false, false],
    ],
    ['mkl-2025.1.0-py2.py3-none-manylinux_2_28_x86_64.whl', 'mkl', [true, false, false]],
    ['metaljax-0.11.9-py3-none-macosx_14_0_arm64.whl', 'metaljax', [false, true, false]],
    ['winjax_cuda13_pjrt-0.11.2-py3-none-win_amd64.whl', 'winjax-cuda13-pjrt', [false, false, true]],
    ['jax_graft-0.0.5-1-py3-none-any.whl', 'jax-graft', [true, true, true]],
    ['xla_cpu_pjrt-0.0.1-py3-none-manylinux_2_27_aarch64.whl', 'xla-cpu-pjrt', [false, false, false]],
  ])('%s tells what it is and where it runs', (file, name, runs) => {
    const wheel = wheelName(file)!;
    expect(wheel.name).toBe(name);
    expect([LINUX, MAC, WINDOWS].map((machine) => runsOn(wheel, machine))).toEqual(runs);
  });

  it('is none without its parts', () => {
    expect(wheelName('notes.txt')).toBeUndefined();
    expect(wheelName('jax.whl')).toBeUndefined();
  });
});

describe('the options of setup:xla', () => {
  it('name one platform, a folder, a Python', () => {
    const from = tmpdir();
    expect(xlaOptions(['--rocm', '--from', from, '--yes'])).toEqual({ platform: 'rocm', from, yes: true, plan: false });
    expect(xlaOptions(['--python', 'python3.13'])).toMatchObject({ python: 'python3.13', yes: false });
    expect(xlaOptions(['-h'])).toBeUndefined();
  });

  it.each([
    [['--cuda', '--cpu'], 'Name one platform at a time, not --cuda and --cpu.'],
    [['--from', '/no/such/folder'], '--from names a folder of wheels; there is none at /no/such/folder.'],
    [['--tpu'], /Unknown option '--tpu'[^]*Fetches XLA's plugin/],
  ])('are refused in words: %j', (args, words) => {
    expect(() => xlaOptions(args)).toThrow(words);
  });
});
