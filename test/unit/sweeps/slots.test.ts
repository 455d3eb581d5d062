import { describe, expect, it } from 'vitest';
import { sweepFileSchema } from '../../../kernel/sweeps/file/schema';
import { slotsFor } from '../../../kernel/sweeps/local/slots';
import type { Machine } from '../../../kernel/sweeps/local/slots';

const MACHINE: Machine = {
  cores: 16,
  gpus: () => Promise.resolve([{ name: 'NVIDIA H200' }, { name: 'NVIDIA L4' }]),
  rung: () => Promise.resolve('xla-cuda'),
  visible: undefined,
};

const slots = (settings: object, runs = 24, machine: Partial<Machine> = {}) =>
  slotsFor(sweepFileSchema.parse({ notebook: 'n.ipynb', ...settings }), runs, { ...MACHINE, ...machine });
const seenBy = async (...asked: Parameters<typeof slots>) =>
  (await slots(...asked)).map(({ env }) => env['CUDA_VISIBLE_DEVICES']);

describe('runs on GPUs', () => {
  it('have one each, none has two, and they share the cores', async () => {
    expect(await slots({})).toEqual([
      { threads: 8, env: { CUDA_VISIBLE_DEVICES: '0' } },
      { threads: 8, env: { CUDA_VISIBLE_DEVICES: '1' } },
    ]);
    expect(await slots({ resources: { cpus: 2, parallel: 5 } })).toMatchObject([{ threads: 2 }, { threads: 2 }]);
    expect(await seenBy({ resources: { parallel: 1 } })).toEqual(['0']);
    expect(await seenBy({}, 1)).toEqual(['0']);
    expect(await seenBy({ device: 'tfjs-node-gpu' })).toEqual(['0', '1']);
  });

  it('have those that this process may see', async () => {
    expect(await seenBy({}, 24, { visible: '3, GPU-5f' })).toEqual(['3', 'GPU-5f']);
    // CUDA sees none then.
    expect(await seenBy({}, 2, { visible: '', cores: 2 })).toEqual([undefined, undefined]);
  });

  it('are one after the other where the sweep names a GPU', async () => {
    const l4 = [{ threads: 16, env: { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: '1' } }];
    expect(await slots({ device: 'xla-cuda:L4' })).toEqual(l4);
    expect(await slots({ device: 'xla-cuda:1' })).toEqual(l4);
    await expect(slots({ device: 'xla-cuda:A100' })).rejects.toThrow(
      'There is no GPU “A100”; this machine has 0 (NVIDIA H200), 1 (NVIDIA L4)',
    );
  });
});

describe('runs on other GPUs', () => {
  it('are one after the other, unless the sweep says how many', async () => {
    expect(await slots({ device: 'traced-webgpu' })).toEqual([{ threads: 16, env: {} }]);
    expect(await slots({ device: 'xla-metal', resources: { parallel: 2 } })).toHaveLength(2);
  });
});

describe('runs on the processor', () => {
  it('have a thread each, as many as there are cores; where they are few, what is left is divided', async () => {
    const cpu = { device: 'traced-cpu' };
    expect(await slots(cpu, 24, { cores: 2 })).toEqual(Array.from({ length: 2 }, () => ({ threads: 1, env: {} })));
    expect(await slots(cpu, 3)).toEqual(Array.from({ length: 3 }, () => ({ threads: 5, env: {} })));
    expect(await slots({ ...cpu, resources: { cpus: 4 } })).toEqual(
      Array.from({ length: 4 }, () => ({ threads: 4, env: {} })),
    );
    expect(await slots({ resources: { gpus: 0, parallel: 2 } }, 24)).toEqual(
      Array.from({ length: 2 }, () => ({ threads: 8, env: {} })),
    );
  });
});
