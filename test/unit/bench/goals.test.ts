import { describe, expect, it } from 'vitest';
import { goals } from '../../../kernel/bench/goals';
import { trend, type MemoryRun } from '../../../kernel/bench/memory';
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

describe('the memory of a long training', () => {
  it('has a beginning, an end and a slope, once warm', () => {
    const { steps, start, end, slope } = trend(memory([1, 1, 1, 1, 1], [500, 99, 103, 103, 107]));
    expect(steps).toBe(4000);
    expect([start, end]).toEqual([99 * mebibyte, 107 * mebibyte]);
    // Least squares by hand: Σ(x − x̄)(y − ȳ) / Σ(x − x̄)² = 2 · 1.5 · 4 / (2 · (1.5² + .5²)) in a thousand steps.
    expect((slope * 1000) / mebibyte).toBeCloseTo(12 / 5, 10);
    expect(trend(memory([1, 1, 1], [9, 100, 100])).slope).toBe(0);
  });
});

describe('goals', () => {
  it('compare the traced engine with WebAssembly and with the limit on the dense VAE', () => {
    const rows = [row('a', 'tfjs-wasm', 120), row('a', 'traced-cpu', 10), row('a', 'limit', 3.9)];
    expect(goals(rows)).toMatchObject([
      { found: '12.00 times', met: true },
      { found: '2.56 times', met: false },
    ]);
  });

  it('ask more beside PyTorch 1 than beside PyTorch 2, and of each workload its own', () => {
    const device = { old: 'CPU, 2 threads, torch 1.13.0a0, OpenBLAS', new: 'CPU, 2 threads, torch 2.15.0, MKL' };
    const rows = (['a', 'b', 'c', 'e'] as const).flatMap((workload) => [
      row(workload, 'traced-cpu', 10),
      row(workload, 'torch', 12, { device: device.old }),
      row(workload, 'torch', 12, { device: device.new }),
    ]);
    expect(goals(rows).map(({ goal, met }) => [goal, met])).toEqual([
      [`a: traced-cpu at least 2 times as fast as torch (${device.old})`, false],
      [`b: traced-cpu at least 2 times as fast as torch (${device.old})`, false],
      [`a: traced-cpu at least 1.4 times as fast as torch (${device.new})`, false],
      [`b: traced-cpu at least 1.25 times as fast as torch (${device.new})`, false],
      [`c: traced-cpu at least 1.1 times as fast as torch (${device.new})`, true],
      [`e: traced-cpu at least 1 times as fast as torch (${device.new})`, true],
    ]);
  });

  it('hold the dense VAE on the processor against JAX', () => {
    const rows = [row('a', 'xla-cpu', 1.09), row('a', 'traced-cpu', 1.6), row('a', 'jax', 1), row('a', 'jax-scan', 1)];
    expect(goals(rows)).toMatchObject([
      { goal: 'a: xla-cpu at most 1.08 times the time of jax (CPU)', found: '1.09 times', met: false },
      { goal: 'a: traced-cpu at most 1.6 times the time of jax (CPU)', found: '1.60 times', met: true },
    ]);
  });

  it('time an inference by the pass', () => {
    const pass = { unit: 'ms/pass' } as const;
    const rows = [row('d', 'traced-cpu', 25, pass), row('d', 'torch', 32, pass)];
    expect(goals(rows)).toMatchObject([{ found: '1.28 times', met: false }]);
  });

  it('hold XLA on a GPU against PyTorch and JAX on that card, and against nobody on the processor', () => {
    const onGpu = { device: 'GPU, H200' };
    const rows = [
      row('a', 'xla-cuda', 0.2, onGpu),
      row('a', 'jax-scan', 0.19, onGpu),
      row('a', 'jax', 0.15, onGpu),
      row('a', 'torch', 0.7, onGpu),
      row('a', 'torch-compile', 0.21, onGpu),
      row('a', 'torch', 5),
      row('a', 'jax', 2),
    ];
    expect(goals(rows).map(({ goal, met }) => [goal.replace(/ \(.*/, ''), met])).toEqual([
      ['a: xla-cuda at most 1.1 times the time of jax-scan', true],
      ['a: xla-cuda at least 1 times as fast as jax', false],
      ['a: xla-cuda at least 4 times as fast as torch', false],
      ['a: xla-cuda at least 1 times as fast as torch-compile', true],
    ]);
  });

  it('leave PyTorch and JAX on a GPU out of the comparison with a CPU', () => {
    const rows = [
      row('a', 'traced-cpu', 10),
      ...['torch', 'jax'].map((name) => row('a', name, 1, { device: 'GPU, one' })),
    ];
    expect(goals(rows)).toEqual([]);
  });

  it('bound set-up, and ten epochs on a GPU', () => {
    const setUp = { unit: 'ms/set-up' } as const;
    const rows = [
      row('a', 'traced-cpu', 1999, setUp),
      row('e', 'xla-cpu', 5001, setUp),
      row('a', 'torch-compile', 9000, setUp),
      row('fit', 'xla-cuda', 2.9, { unit: 's/run', device: 'GPU' }),
      row('fit', 'xla-cuda', 9, { unit: 's/training', device: 'GPU' }),
      row('fit', 'traced-cpu', 14, { unit: 's/run' }),
    ];
    expect(goals(rows).map(({ met }) => met)).toEqual([true, false, true]);
  });

  it('ask of steps in a notebook that processes are alike, and like the bare step', () => {
    const rows = [
      row('fit-step', 'traced-cpu', 3, { p90: 3.8 }),
      row('bare-step', 'traced-cpu', 2.8, { p90: 9 }),
      row('fit-step', 'xla-cpu', 3, { p90: 3.1 }),
      row('bare-step', 'xla-cpu', 2),
    ];
    expect(goals(rows).map(({ found, met }) => [found, met])).toEqual([
      ['1.27 times', false],
      ['1.07 times', true],
      ['1.03 times', true],
      ['1.50 times', false],
    ]);
  });

  it('need memory to be flat once warm', () => {
    const met = (run: MemoryRun) => goals([], [run]).map((goal) => goal.met);
    expect(met(memory([90, 60, 60, 60], [80, 100, 100.9, 100.4]))).toEqual([true]);
    expect(met(memory([60, 60, 61, 60], [100, 100, 100, 100]))).toEqual([false]);
    expect(met(memory([60, 60, 60, 60], [100, 100, 100.6, 101.1]))).toEqual([false]);
    const onDevice = memory([60, 60, 60, 60], [100, 100, 100, 100]);
    const samples = (bytes: number[]) => onDevice.samples.map((one, i) => ({ ...one, deviceBytes: bytes[i]! }));
    expect(met({ ...onDevice, samples: samples([1, 50, 50, 50.4]) })).toEqual([true, true]);
    expect(met({ ...onDevice, samples: samples([1, 50, 50, 51]) })).toEqual([true, false]);
  });

  it('are silent about what was not measured', () => {
    expect(goals([row('a', 'torch', 5), row('a', 'tfjs-wasm', 100)])).toEqual([]);
  });
});
