import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { amdGpus } from '../../../kernel/engine/devices/amd';
import { GPU_RUNG_NAMES } from '../../../kernel/engine/devices/names';
import { RUNGS } from '../../../kernel/engine/devices/rungs';
import { sweepFileSchema } from '../../../kernel/sweeps/file/schema';
import type { Machine } from '../../../kernel/sweeps/local/machine';
import { slotsFor } from '../../../kernel/sweeps/local/slots';

/** With nothing but its processor. */
const PROCESSOR: Machine = {
  cores: 16,
  nvidia: () => Promise.resolve([]),
  amd: () => [],
  showsGpu: () => Promise.resolve(false),
  rung: () => Promise.reject(new Error('the ladder was tried')),
  visible: {},
};
const showing = (rung: string | undefined, more: Partial<Machine> = {}): Machine => ({
  ...PROCESSOR,
  showsGpu: () => Promise.resolve(true),
  rung: () => Promise.resolve(rung),
  ...more,
});
const nvidia = (...names: string[]) => ({ nvidia: () => Promise.resolve(names.map((name) => ({ name }))) });
const NVIDIA = showing('xla-cuda', nvidia('NVIDIA H200', 'NVIDIA L4'));
const amd = (...numbers: number[]) => showing('xla-rocm', { amd: () => numbers });

const slots = (machine: Machine, settings: object = {}, runs = 24) =>
  slotsFor(sweepFileSchema.parse({ notebook: 'n.ipynb', ...settings }), runs, machine);
const seenBy = async (...asked: Parameters<typeof slots>) =>
  (await slots(...asked)).map(({ env }) => env['CUDA_VISIBLE_DEVICES']);
const times = (count: number, threads: number, env = {}) => Array.from({ length: count }, () => ({ threads, env }));

describe('runs on NVIDIA’s GPUs', () => {
  it('have one each, none has two, and they share the cores', async () => {
    expect(await slots(NVIDIA)).toEqual([
      { threads: 8, env: { CUDA_VISIBLE_DEVICES: '0' } },
      { threads: 8, env: { CUDA_VISIBLE_DEVICES: '1' } },
    ]);
    expect(await slots(showing('xla-cuda', nvidia('NVIDIA L4')))).toEqual(times(1, 16, { CUDA_VISIBLE_DEVICES: '0' }));
    expect(await slots(NVIDIA, { resources: { cpus: 2, parallel: 5 } })).toMatchObject([
      { threads: 2 },
      { threads: 2 },
    ]);
    expect(await seenBy(NVIDIA, { resources: { parallel: 1 } })).toEqual(['0']);
    expect(await seenBy(NVIDIA, {}, 1)).toEqual(['0']);
    expect(await seenBy(NVIDIA, { device: 'tfjs-node-gpu' })).toEqual(['0', '1']);
  });

  it('have those that this process may see', async () => {
    expect(await seenBy({ ...NVIDIA, visible: { CUDA_VISIBLE_DEVICES: '3, GPU-5f' } })).toEqual(['3', 'GPU-5f']);
    // CUDA sees none then, and the ladder ends at the processor.
    const hidden = showing('traced-cpu', { ...nvidia('NVIDIA L4'), visible: { CUDA_VISIBLE_DEVICES: '' } });
    expect(await slots(hidden)).toEqual(times(16, 1));
  });

  it('are one after the other where nobody says how many there are', async () => {
    expect(await slots(showing('xla-cuda'))).toEqual(times(1, 16));
  });

  it('are one after the other where the sweep names a GPU', async () => {
    const l4 = times(1, 16, { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: '1' });
    expect(await slots(NVIDIA, { device: 'xla-cuda:L4' })).toEqual(l4);
    expect(await slots(NVIDIA, { device: 'xla-cuda:1' })).toEqual(l4);
    expect(await slots(NVIDIA, { device: 'auto:1' })).toEqual(l4);
    await expect(slots(NVIDIA, { device: 'xla-cuda:A100' })).rejects.toThrow(
      'There is no GPU “A100”; this machine has 0 (NVIDIA H200), 1 (NVIDIA L4)',
    );
  });
});

describe('runs on AMD’s GPUs', () => {
  it('have one each, whether the device is auto or named', async () => {
    expect(await slots(amd(0))).toEqual(times(1, 16, { ROCR_VISIBLE_DEVICES: '0' }));
    const each = [0, 2].map((number) => ({ threads: 8, env: { ROCR_VISIBLE_DEVICES: String(number) } }));
    expect(await slots(amd(0, 2))).toEqual(each);
    expect(await slots(amd(0, 2), { device: 'xla-rocm' })).toEqual(each);
    // One that WebGPU computes on.
    expect(await slots(showing('traced-webgpu', { amd: () => [0, 1] }))).toEqual(times(1, 16));
  });

  it('have those that this process may see', async () => {
    const seen = async (visible: Machine['visible']) => (await slots({ ...amd(0), visible })).map(({ env }) => env);
    expect(await seen({ ROCR_VISIBLE_DEVICES: '1,GPU-5f' })).toEqual([
      { ROCR_VISIBLE_DEVICES: '1' },
      { ROCR_VISIBLE_DEVICES: 'GPU-5f' },
    ]);
    expect(await seen({ ROCR_VISIBLE_DEVICES: '4,5', HIP_VISIBLE_DEVICES: '1' })).toEqual([
      { HIP_VISIBLE_DEVICES: '1' },
    ]);
  });

  it('are on the largest of their kinds: graphics in the processor are left out', () => {
    const root = mkdtempSync(join(tmpdir(), 'latentlab-kfd-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const node = (number: number, id: number, units: number, kind: number) => {
      const folder = join(root, 'sys/class/kfd/kfd/topology/nodes', String(number));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'gpu_id'), `${id}\n`);
      writeFileSync(join(folder, 'properties'), `cpu_cores_count 8\nsimd_count ${units}\ngfx_target_version ${kind}\n`);
    };
    expect(amdGpus(root)).toEqual([]);
    node(0, 0, 0, 0);
    expect(amdGpus(root)).toEqual([]);
    node(1, 4711, 4, 100306);
    node(2, 815, 192, 110000);
    node(10, 816, 192, 110000);
    expect(amdGpus(root)).toEqual([1, 2]);
  });
});

describe('runs on other GPUs', () => {
  it('are one after the other, unless the sweep says how many', async () => {
    for (const rung of ['traced-webgpu', 'xla-metal', 'xla-intel', 'webgpu']) {
      expect(await slots(showing(rung))).toEqual(times(1, 16));
      expect(await slots(PROCESSOR, { device: rung })).toEqual(times(1, 16));
      expect(await slots(showing(rung), { resources: { parallel: 2 } })).toEqual(times(2, 8));
    }
  });

  it('are known by the ladder’s own list of rungs for GPUs', () => {
    expect(GPU_RUNG_NAMES).toEqual(RUNGS.filter(({ gpu }) => gpu).map(({ name }) => name));
  });
});

describe('runs on the processor', () => {
  it('have a thread each, as many as there are cores; where they are few, what is left is divided', async () => {
    for (const settings of [{}, { device: 'traced-cpu' }]) {
      expect(await slots({ ...PROCESSOR, cores: 2 }, settings)).toEqual(times(2, 1));
      expect(await slots(PROCESSOR, settings)).toEqual(times(16, 1));
      expect(await slots(PROCESSOR, settings, 3)).toEqual(times(3, 5));
      expect(await slots(PROCESSOR, { ...settings, resources: { cpus: 4 } })).toEqual(times(4, 4));
    }
    expect(await slots(PROCESSOR, { resources: { cpus: 64 } })).toEqual(times(1, 16));
  });

  it('are as many as there are cores where a GPU is seen that no rung is for, or none is wanted', async () => {
    expect(await slots(showing('traced-cpu', { amd: () => [0] }))).toEqual(times(16, 1));
    expect(await slots(showing(undefined))).toEqual(times(16, 1));
    expect(await slots(NVIDIA, { device: 'traced-cpu' })).toEqual(times(16, 1));
    expect(await slots(NVIDIA, { resources: { gpus: 0, parallel: 2 } })).toEqual(times(2, 8));
  });
});
