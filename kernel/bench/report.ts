/** The bench as a page: `docs/benchmarks.md`. */
import { goals } from './goals';
import type { Machine } from './machine';
import type { Refusal } from './measure';
import { mebibytes } from './memory';
import type { MemoryRun } from './memory';
import type { Row } from './rows';
import { operations, WORKLOADS } from './workloads';
import type { WorkloadName } from './workloads';

export interface Findings {
  machine: Machine;
  /** The date of the run, for example `2026-01-31`. */
  date: string;
  workloads: readonly WorkloadName[];
  rows: readonly Row[];
  refusals: readonly Refusal[];
  memory?: MemoryRun;
  /** Other things that a reader should know: a Python without PyTorch, for example. */
  remarks: readonly string[];
}

export function reportText(findings: Findings): string {
  const sections = [
    '# Benchmarks',
    introduction(findings),
    ...findings.workloads.map((workload) => workloadSection(workload, findings)),
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
each time as in training: the median, and the 10th to the 90th percentile. Set-up is the first pass, with tracing and
compilation where there is any. \`limit\` is the time of the workload’s matrix products alone, in the fastest library at
hand; a convolution counts as the product of its unfolded patches, which other algorithms can go below.
\`tfjs-wasm\` is WebAssembly as tfjs ships it; the library’s own \`wasm\` takes transposed products apart.`;
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
  const cannot = refusals
    .filter((refusal) => refusal.workload === workload)
    .map(({ engine, device, reason }) => `- \`${engine}\`${device ? ` (${device})` : ''} not measured: ${reason}`);
  return [
    `## ${workload}: ${title}`,
    `The matrix products are ${(operations(WORKLOADS[workload]) / 1e9).toPrecision(3)} GFLOP.`,
    table(header, lines),
    cannot.join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function goalSection({ rows, memory }: Findings): string {
  const lines = goals(rows, memory).map(({ goal, found, met }) => [goal, found, met ? 'met' : '**missed**']);
  return lines.length > 0 ? `## Goals\n\n${table(['goal', 'found', ''], lines)}` : '';
}

function memorySection({ memory }: Findings): string {
  if (!memory) return '';
  const lines = memory.samples.map(({ step, tensors, residentBytes }) => [step, tensors, mebibytes(residentBytes)]);
  return [
    '## Memory',
    `Workload a on ${memory.engine} (${memory.device}); the first line ends the warm-up.`,
    table(['step', 'tensors alive', 'resident, MiB'], lines),
  ].join('\n\n');
}

/** A Markdown table, numbers to the right. */
function table(header: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  const isNumber = (column: number) => lines.every((line) => /^[\d.,–]/.test(String(line[column])));
  const rule = header.map((_, column) => (isNumber(column) ? '---:' : '---'));
  return [header, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Three significant digits, and no fewer than there are before the point. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function count(value: number | undefined): string {
  return value === undefined ? '–' : Math.round(value).toLocaleString('en');
}
