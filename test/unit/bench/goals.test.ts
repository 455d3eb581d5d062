import { describe, expect, it } from 'vitest';
import { goals } from '../../../kernel/bench/goals';
import type { MemoryRun } from '../../../kernel/bench/memory';
import type { Row } from '../../../kernel/bench/rows';

const row = (workload: Row['workload'], engine: string, median: number, rest: Partial<Row> = {}): Row => ({
  workload,
  engine,
  device: 'CPU',
  unit: 'ms/step',
  median,
  p10: median,
  p90: median,
  n: 9,
  ...rest,
});

const mebibyte = 2 ** 20;
const memory = (tensors: number[], mebibytes: number[]): MemoryRun => ({
  engine: 'traced-cpu',
  device: 'CPU',
  samples: tensors.map((alive, i) => ({
    step: 1000 * (i + 1),
    tensors: alive,
    residentBytes: mebibytes[i]! * mebibyte,
  })),
});

describe('goals', () => {
  it('compare the traced engine with WebAssembly and with the limit on the dense VAE', () => {
    const rows = [row('a', 'tfjs-wasm', 120), row('a', 'traced-cpu', 10), row('a', 'limit', 3.9)];
    expect(goals(rows)).toMatchObject([
      { found: '12.00 times', met: true },
      { found: '2.56 times', met: false },
    ]);
  });

  it('ask more beside PyTorch 1 than beside PyTorch 2, on both VAEs', () => {
    const device = { old: 'CPU, 2 threads, torch 1.13.0a0, OpenBLAS', new: 'CPU, 2 threads, torch 2.15.0, MKL' };
    const rows = (['a', 'b'] as const).flatMap((workload) => [
      row(workload, 'traced-cpu', 10),
      row(workload, 'torch', 15, { device: device.old }),
      row(workload, 'torch', 15, { device: device.new }),
    ]);
    expect(goals(rows).map(({ goal, met }) => [goal, met])).toEqual([
      [`a: traced-cpu at least 2 times as fast as torch (${device.old})`, false],
      [`a: traced-cpu at least 1 times as fast as torch (${device.new})`, true],
      [`b: traced-cpu at least 2 times as fast as torch (${device.old})`, false],
      [`b: traced-cpu at least 1 times as fast as torch (${device.new})`, true],
    ]);
  });

  it('leave PyTorch on a GPU out of the comparison with a CPU', () => {
    const rows = [row('a', 'traced-cpu', 10), row('a', 'torch', 1, { device: 'GPU, torch 2.15.0' })];
    expect(goals(rows)).toEqual([]);
  });

  it('bound set-up, and the step on a GPU', () => {
    const rows = [
      row('a', 'traced-cpu', 999, { unit: 'ms/set-up' }),
      row('b', 'traced-cpu', 3001, { unit: 'ms/set-up' }),
      row('a', 'traced-cuda', 0.4, { device: 'GPU' }),
    ];
    expect(goals(rows).map(({ met }) => met)).toEqual([true, false, true]);
  });

  it('need memory to be flat once warm', () => {
    const met = (run: MemoryRun) => goals([], run).map((goal) => goal.met);
    expect(met(memory([90, 60, 60, 60], [80, 100, 104, 101]))).toEqual([true]);
    expect(met(memory([60, 60, 61, 60], [100, 100, 100, 100]))).toEqual([false]);
    expect(met(memory([60, 60, 60, 60], [100, 100, 103, 106]))).toEqual([false]);
  });

  it('are silent about what was not measured', () => {
    expect(goals([row('a', 'torch', 5), row('a', 'tfjs-wasm', 100)])).toEqual([]);
  });
});
