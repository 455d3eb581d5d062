/** The bench of cells as a page: `docs/cells.md`. */
import { machineFacts, type Machine } from '../machine';
import { spread } from '../rows';
import type { CellKind } from './kinds';

/** One kind of cell on one Node. */
export interface CellRow {
  kind: CellKind;
  node: string;
  /** Milliseconds of processor time a cell, for each turn. */
  times: number[];
}

export interface MemoryRow {
  node: string;
  kinds: string[];
  cells: number;
  /** Bytes before the cells, in their middle and after them. */
  resident: number[];
}

export interface CellsFindings {
  machine: Machine;
  date: string;
  rows: readonly CellRow[];
  memory: readonly MemoryRow[];
}

export function cellsReport({ machine, date, rows, memory }: CellsFindings): string {
  const facts = machineFacts(machine, date);
  return `# What a cell costs

Written by \`npm run bench -- cells\`: do not edit.

${facts.map((fact) => `- ${fact}`).join('\n')}

Processor time that the kernel’s process takes for one small cell, of all its threads: V8’s collector and
compiler and the watchdog among them. Kinds of cells take turns in one kernel, no two cells are alike, and
the first turns are not counted. Milliseconds: the median of the turns, and the 10th to the 90th percentile.

| cell | Node | ms | p10–p90 | turns |
| ---- | ---- | -: | ------: | ----: |
${rows.map(lineOf).join('\n')}

## Memory

What is resident, in MB, before the cells, after half of them and after all. Nothing asks the collector for
its work; what TypeScript’s emitter leaves behind (namespaces, decorators) waits long for it.

| cells | Node | before | half | after |
| ----- | ---- | -----: | ---: | ----: |
${memory.map(memoryLineOf).join('\n')}

## Goals

| goal | found | |
| ---- | ----- | - |
${rows.flatMap(goalOf).join('\n')}
`;
}

function lineOf({ kind, node, times }: CellRow): string {
  const { median, p10, p90, n } = spread(times);
  return `| ${kind.name} | ${node} | ${text(median)} | ${text(p10)}–${text(p90)} | ${n} |`;
}

function memoryLineOf({ node, kinds, cells, resident }: MemoryRow): string {
  const numbers = resident.map((bytes) => (bytes / 1e6).toFixed(0));
  return `| ${cells.toLocaleString('en')}: ${kinds.join(', ')} | ${node} | ${numbers.join(' | ')} |`;
}

function goalOf({ kind, node, times }: CellRow): string[] {
  if (kind.goal === null) return [];
  const { median } = spread(times);
  const verdict = median <= kind.goal ? 'met' : '**missed**';
  return [`| ${kind.name}, Node ${node}: at most ${kind.goal} ms | ${text(median)} ms | ${verdict} |`];
}

function text(milliseconds: number): string {
  return milliseconds.toFixed(2);
}
