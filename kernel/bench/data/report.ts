/** The bench of reading as a page: `docs/reading.md`. */
import { machineFacts, type Machine } from '../machine';
import { spread } from '../rows';
import { MEMORY_GOAL, READINGS, type ReadingBench } from './formats';

/** One format and one reader. */
export interface DataRow {
  bench: ReadingBench;
  /** With its version. */
  reader: string;
  /** Duration of each read that counts. */
  seconds: number[];
  /** Bytes of the first read of each process. */
  memory: number[];
}

export interface DataFindings {
  machine: Machine;
  date: string;
  rows: readonly DataRow[];
  remarks: readonly string[];
}

export function dataReport({ machine, date, rows, remarks }: DataFindings): string {
  const facts = [...machineFacts(machine, date), `Node: ${machine.node}`, ...remarks];
  const lines = READINGS.flatMap(({ name }) => rows.filter(({ bench }) => bench.name === name)).map(lineOf);
  const found = rows.filter(({ reader }) => reader === 'latentlab').flatMap(goalsOf);
  return `# Reading data

Written by \`npm run bench -- data\`: do not edit.

${facts.map((fact) => `- ${fact}`).join('\n')}

Each read loads a whole file from the disk’s cache into memory. Node and Python run in separate processes and take turns,
in several rounds. The first read of a process does not count. Seconds: the median, and the 10th to the 90th percentile.
Memory: how much the first read adds to the peak resident memory, as a multiple of the values in float32; pandas and
NumPy keep the type of the file.

| format | content | reader | s | p10–p90 | n | memory, × |
| ------ | ------- | ------ | -: | ------: | -: | --------: |
${lines.join('\n')}

## Goals

| goal | found | |
| ---- | ----- | - |
${found.join('\n')}
`;
}

function lineOf({ bench, reader, seconds, memory }: DataRow): string {
  const { median, p10, p90, n } = spread(seconds);
  const cells = [bench.name, bench.content, reader, text(median), `${text(p10)}–${text(p90)}`, n, times(bench, memory)];
  return `| ${cells.join(' | ')} |`;
}

function goalsOf({ bench, seconds, memory }: DataRow): string[] {
  if (bench.goal === null) return [];
  const { median } = spread(seconds);
  const multiple = times(bench, memory);
  const verdict = (met: boolean): string => (met ? 'met' : '**missed**');
  return [
    `| ${bench.name}: at most ${bench.goal} s | ${text(median)} s | ${verdict(median <= bench.goal)} |`,
    `| ${bench.name}: at most ${MEMORY_GOAL} times the values in memory | ${multiple} times | ${verdict(Number(multiple) <= MEMORY_GOAL)} |`,
  ];
}

function times({ values }: ReadingBench, memory: readonly number[]): string {
  return (spread(memory).median / (4 * values)).toFixed(1);
}

function text(seconds: number): string {
  return seconds.toPrecision(seconds < 0.1 ? 2 : 3);
}
