/** The bench as a page: `docs/benchmarks.md`. */
import type { FitExtent } from './fit/extent';
import type { FitName } from './fit/measureFits';
import { fitSection } from './fit/report';
import { goals } from './goals';
import type { Machine } from './machine';
import type { Refusal } from './measure';
import { flatness, mebibytes, trend } from './memory';
import type { MemoryRun } from './memory';
import { digits, refused, table } from './reportText';
import type { Row } from './rows';
import { startSection } from './starts';
import { operations, WORKLOADS } from './workloads';
import type { WorkloadName } from './workloads';

export interface Findings {
  machine: Machine;
  /** The date of the run, for example `2026-01-31`. */
  date: string;
  workloads: readonly WorkloadName[];
  /** Which trainings of `fit/` were asked for, and how large they were. */
  fits: readonly FitName[];
  extent: FitExtent;
  rows: readonly Row[];
  refusals: readonly Refusal[];
  memory: readonly MemoryRun[];
  /** Other things that a reader should know: a Python without PyTorch, for example. */
  remarks: readonly string[];
}

export function reportText(findings: Findings): string {
  const sections = [
    '# Benchmarks',
    introduction(findings),
    ...findings.workloads.map((workload) => workloadSection(workload, findings)),
    ...findings.fits.map((name) => fitSection(name, findings.rows, findings.refusals, findings.extent)),
    startSection(findings.rows, findings.refusals),
    goalSection(findings),
    memorySection(findings),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function introduction({ machine, date, rows, remarks }: Findings): string {
  const gpus = [...new Set(rows.map(({ device }) => device).filter((device) => device.startsWith('GPU')))];
  const facts = [
    `Date: ${date}`,
    `Processor: ${machine.processor}, ${machine.cores} cores; ${machine.threads} threads for every engine`,
    `Memory: ${machine.memory}`,
    `GPU: ${gpus.join('; ') || 'not measured'}`,
    `System: ${machine.system}; Node ${machine.node}`,
    `Packages: ${machine.packages.join(', ')}`,
    ...remarks,
  ];
  return `Written by \`npm run bench\`: do not edit.

${facts.map((fact) => `- ${fact}`).join('\n')}

Each engine runs in a separate process. The engines take turns of a fraction of a second, in changing order, until each has
had its rounds; a warm-up and the first passes of a turn do not count. The table gives the time of a single pass, which
makes a new batch and new noise as in training: the median, and the 10th to the 90th percentile. If an engine does several
steps at once (\`jax-scan\`, series of steps on a GPU), the time is that of one step. Set-up is the first pass, including
tracing and compilation. \`limit\` is the time of the workload’s matrix products alone, in the fastest library on this
machine; a convolution counts as the product of its unfolded patches, and other algorithms can be faster. \`tfjs-wasm\` is
WebAssembly as tfjs ships it; LatentLab’s \`wasm\` computes transposed products in its own way.

\`torch\` is eager PyTorch, and \`torch-compile\` its compiled step, as one graph if possible. \`jax\` is a jitted step in a
Python loop with donated arguments, and \`jax-scan\` a series of steps with \`lax.scan\`. On a GPU, both read losses every 16
steps and multiply in TF32. \`npm run bench -- peers\` shows that they compute the same as the library: losses within 1e-4
from the same weights, batches and noise, step after step.

To measure on your own machine: \`npm run bench -- --python PATH\` with a Python that has PyTorch, JAX or both, on a quiet machine;
\`--help\` lists the rest. For a GPU that you have only for minutes, \`node test/bench/gpu/pack.mjs\` packs what a bare machine
needs, and \`test/bench/gpu/run.sh\` tests and measures there.`;
}

function workloadSection(workload: WorkloadName, { rows, refusals }: Findings): string {
  const { title, unit } = WORKLOADS[workload];
  const mine = rows.filter((row) => row.workload === workload);
  const reference = mine.find((row) => row.engine === 'traced-cpu' && row.unit === unit);
  const lines = mine
    .filter((row) => row.unit === unit)
    .map((row) => {
      const other = (of: Row['unit']) =>
        mine.find(({ engine, device, unit: its }) => engine === row.engine && device === row.device && its === of);
      const ratio = reference ? (row.median / reference.median).toFixed(2) : '–';
      return [
        row.engine,
        row.device,
        digits(row.median),
        `${digits(row.p10)}–${digits(row.p90)}`,
        row.n,
        ratio,
        count(other('samples/s')?.median),
        count(other('ms/set-up')?.median),
      ];
    });
  const header = ['engine', 'device', unit, 'p10–p90', 'n', '÷ traced-cpu', 'samples/s', 'set-up, ms'];
  return [
    `## ${workload}: ${title}`,
    `The matrix products are ${(operations(WORKLOADS[workload]) / 1e9).toPrecision(3)} GFLOP.`,
    table(header, lines),
    refused(workload, refusals),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function goalSection({ rows, memory }: Findings): string {
  const lines = goals(rows, memory).map(({ goal, found, met }) => [goal, found, met ? 'met' : '**missed**']);
  return lines.length > 0 ? `## Goals\n\n${table(['goal', 'found', ''], lines)}` : '';
}

function memorySection({ machine, memory }: Findings): string {
  if (memory.length === 0) return '';
  const rows = memory.map((run) => {
    const { steps, start, end, slope } = trend(run);
    const { residentChange } = flatness(run);
    return [
      run.engine,
      run.device,
      steps.toLocaleString('en'),
      mebibytes(start),
      mebibytes(end),
      (slope * (10_000 / 2 ** 20)).toFixed(2),
      `${(100 * residentChange).toFixed(1)} %`,
    ];
  });
  const header = ['engine', 'device', 'steps', 'start, MiB', 'end, MiB', 'MiB in 10,000 steps', 'greatest over least'];
  return [
    '## Memory: A long training',
    `Resident memory of workload a after its warm-up, on ${machine.processor} with ${machine.memory}, Node ` +
      `${machine.node}; the slope is that of the line through all samples.`,
    table(header, rows),
    ...memory.map(samplesSection),
  ].join('\n\n');
}

function samplesSection({ engine, samples }: MemoryRun): string {
  const onDevice = samples.some(({ deviceBytes }) => deviceBytes !== undefined);
  const lines = samples.map(({ step, tensors, residentBytes, deviceBytes }) => [
    step,
    tensors,
    mebibytes(residentBytes),
    ...(onDevice ? [deviceBytes === undefined ? '–' : mebibytes(deviceBytes)] : []),
  ]);
  return [
    `The samples of ${engine}; the first ends the warm-up:`,
    table(['step', 'tensors alive', 'resident, MiB', ...(onDevice ? ['on the device, MiB'] : [])], lines),
  ].join('\n\n');
}

function count(value: number | undefined): string {
  return value === undefined ? '–' : Math.round(value).toLocaleString('en');
}
