import { describe, expect, it } from 'vitest';
import { FULL_FIT } from '../../../kernel/bench/fit/extent';
import { reportText } from '../../../kernel/bench/report';
import type { Findings } from '../../../kernel/bench/report';
import { rowsOf } from '../../../kernel/bench/rows';
import type { Row } from '../../../kernel/bench/rows';

const of = (engine: string, device: string) => ({ workload: 'a', engine, device }) as const;
const findings: Findings = {
  machine: {
    processor: 'Example 9000',
    cores: 8,
    threads: 2,
    memory: '16 GiB',
    system: 'Linux, x64',
    node: 'v20.0.0',
    packages: ['onnxruntime-node 1.30.0'],
  },
  date: '2026-01-31',
  workloads: ['a'],
  fits: [],
  extent: FULL_FIT,
  rows: [
    ...rowsOf(of('traced-cpu', 'CPU, ONNX Runtime'), [4, 4, 4], 250.4),
    ...rowsOf(of('torch', 'CPU, 2 threads, torch 2.15.0'), [6, 5, 7], 30),
    ...rowsOf(of('limit', 'CPU, ONNX Runtime'), [2, 2, 2]),
  ],
  refusals: [{ workload: 'a', engine: 'traced-cuda', reason: 'no GPU' }],
  memory: [
    {
      engine: 'traced-cpu',
      device: 'CPU, ONNX Runtime',
      samples: [1, 2].map((step) => ({ step, tensors: 64, residentBytes: 300 * 2 ** 20 })),
    },
    {
      engine: 'xla-cuda',
      device: 'GPU',
      samples: [1, 2].map((step) => ({ step, tensors: 8, residentBytes: 2 ** 30, deviceBytes: 2 ** 21 })),
    },
  ],
  remarks: ['No PyTorch beside: `python3` says “no”'],
};
const report = reportText(findings);

describe('the report', () => {
  it('tells what was measured on, and when', () => {
    expect(report).toContain('- Processor: Example 9000, 8 cores; 2 threads for every engine');
    expect(report).toContain('- System: Linux, x64; Node v20.0.0');
    expect(report).toContain('- Packages: onnxruntime-node 1.30.0');
    expect(report).toContain('- Date: 2026-01-31');
    expect(report).toContain('- No PyTorch beside: `python3` says “no”');
  });

  it('says that no GPU was measured, or names the ones that were', () => {
    expect(report).toContain('- GPU: not measured');
    const rows = rowsOf(of('traced-cuda', 'GPU, CUDA: Example'), [0.3]);
    expect(reportText({ ...findings, rows })).toContain('- GPU: GPU, CUDA: Example');
  });

  it('has a line for each engine with times, their ratio to traced-cpu, throughput and set-up', () => {
    expect(report).toContain('| traced-cpu | CPU, ONNX Runtime | 4.00 | 4.00–4.00 | 3 | 1.00 | 32,000 | 250 |');
    expect(report).toContain('| torch | CPU, 2 threads, torch 2.15.0 | 6.00 | 5.20–6.80 | 3 | 1.50 | 21,333 | 30 |');
    expect(report).toContain('| limit | CPU, ONNX Runtime | 2.00 | 2.00–2.00 | 3 | 0.50 | 64,000 | – |');
  });

  it('lists the engines that could not, each with its reason', () => {
    expect(report).toContain('- `traced-cuda` not measured: no GPU');
  });

  it('says of each goal whether it is met', () => {
    expect(report).toContain(
      '| a: traced-cpu at most 2.5 times the time of limit (CPU, ONNX Runtime) | 2.00 times | met |',
    );
    expect(report).toMatch(/1\.4 times as fast as torch \(.*torch 2\.15\.0\) \| 1\.50 times \| met \|/);
  });

  it('shows memory over a long training: its beginning, end and slope, where it was, and each sample', () => {
    expect(report).toContain('on Example 9000 with 16 GiB, Node v20.0.0');
    expect(report).toContain('| traced-cpu | CPU, ONNX Runtime | 1 | 300.0 | 300.0 | 0.00 | 0.0 % |');
    expect(report).toContain('| 2 | 64 | 300.0 |');
    expect(report).toContain('| 2 | 8 | 1024.0 | 2.0 |');
    expect(reportText({ ...findings, memory: [] })).not.toContain('## Memory');
  });

  it('has no ratio where there is no traced-cpu to compare with', () => {
    const rows = rowsOf(of('tfjs-wasm', 'CPU'), [100]);
    const alone = reportText({ ...findings, rows, memory: [] });
    expect(alone).toContain('| tfjs-wasm | CPU | 100 | 100–100 | 1 | – | 1,280 | – |');
    expect(alone).not.toContain('## Goals');
  });

  it('has first and second starts side by side', () => {
    const start = (unit: Row['unit'], median: number): Row => ({
      ...{ workload: 'a', engine: 'xla-cpu', device: 'CPU, XLA', unit, n: 5 },
      ...{ median, p10: median, p90: median },
    });
    const text = reportText({
      ...findings,
      rows: [...findings.rows, start('ms/first-start', 1600), start('ms/second-start', 80)],
      refusals: [{ workload: 'e', engine: 'xla-cpu', reason: 'start: it ended' }],
    });
    expect(text).toContain('| xla-cpu | CPU, XLA | 1600 | 80.0 | 5 |');
    expect(text).toContain('- `xla-cpu` not measured: start: it ended');
    expect(text).toContain('| a: xla-cpu’s second start at most 500 ms | 80.0 ms | met |');
  });

  it('has whole trainings with what the training alone took, and steps in notebooks beside bare ones', () => {
    const cpu = { engine: 'traced-cpu', device: 'CPU, ONNX Runtime' };
    const one = (rest: Pick<Row, 'workload' | 'unit' | 'median'>): Row => {
      return { ...cpu, ...rest, p10: rest.median, p90: 2 * rest.median, n: 3 };
    };
    const text = reportText({
      ...findings,
      fits: ['fit', 'fit-step'],
      rows: [
        one({ workload: 'fit', unit: 's/run', median: 14 }),
        one({ workload: 'fit', unit: 's/training', median: 12.5 }),
        one({ workload: 'fit-step', unit: 'ms/step', median: 3 }),
        one({ workload: 'bare-step', unit: 'ms/step', median: 2.5 }),
      ],
      refusals: [{ workload: 'fit', engine: 'jax', device: 'CPU', reason: 'no such thing' }],
    });
    expect(text).toContain('## fit: Workload a, 10 epochs on 60,000 images');
    expect(text).toContain('| traced-cpu | CPU, ONNX Runtime | 14.0 | 14.0–28.0 | 3 | 12.5 |');
    expect(text).toContain('- `jax` (CPU) not measured: no such thing');
    expect(text).toContain('| traced-cpu | CPU, ONNX Runtime | 3.00 | 3.00–6.00 | 2.50 | 2.50–5.00 | 1.20 | 3 |');
    expect(text).toMatch(/90th percentile over processes at most 1.25 times the median \| 2.00 times \| \*\*missed/);
  });
});
