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

The processor time of the kernel’s process for one small cell, in all its threads, including V8’s collector and
compiler and the watchdog. The kinds of cells take turns in one kernel, no two cells are the same, and the first
turns do not count. Milliseconds: the median of the turns, and the 10th to the 90th percentile.

| cell | Node | ms | p10–p90 | turns |
| ---- | ---- | -: | ------: | ----: |
${rows.map(lineOf).join('\n')}

## Memory

Resident memory in MB before the cells, after half of them and after all. Nothing forces a collection, so garbage
of TypeScript’s emitter (namespaces, decorators) stays for long.

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
