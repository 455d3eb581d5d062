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

Each engine has a process of its own. All take turns of a fraction of a second, in changing order, until each has had its
rounds; a turn’s first passes and a warm-up are not counted. The times are of single passes, with batch and noise made
each time as in training: the median, and the 10th to the 90th percentile. Where an engine does several steps at once
(\`jax-scan\`, series of steps on a GPU), a pass is all of them and its time that of one. Set-up is the first pass, with
tracing and compilation where there is any. \`limit\` is the time of the workload’s matrix products alone, in the fastest
library at hand; a convolution counts as the product of its unfolded patches, which other algorithms can go below.
\`tfjs-wasm\` is WebAssembly as tfjs ships it; the library’s own \`wasm\` takes transposed products apart.

\`torch\` is eager PyTorch and \`torch-compile\` its step compiled, as one graph where it can be; \`jax\` a jitted step in a
loop of Python, its arguments donated, and \`jax-scan\` a series of steps by \`lax.scan\`. On a GPU both read losses every 16
steps, and products are in TF32. \`npm run bench -- peers\` shows that they compute what the library does: the same losses
within 1e-4 from the same weights, batches and noise, step after step.

For one’s own figures: \`npm run bench -- --python PATH\` with a Python that has PyTorch, JAX or both, on a quiet machine;
\`--help\` lists the rest. For a GPU that is lent for minutes, \`node test/bench/gpu/pack.mjs\` packs what a bare machine needs
and \`test/bench/gpu/run.sh\` proves and measures there.`;
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
