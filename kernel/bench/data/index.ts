/** `npm run bench -- data`: how fast files are read, beside what people know. */
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../engine/packageRoot';
import { thisMachine } from '../machine';
import { spread } from '../rows';
import { writeFiles } from './files';
import { READINGS, readingSchema, type Reading, type ReadingBench } from './formats';
import { dataReport, type DataRow } from './report';

export interface DataBenchOptions {
  /** Interpreters that may have pandas, NumPy and Pillow; the first that has is taken. */
  pythons: readonly string[];
  /** One round, to see that it works. */
  quick: boolean;
  json?: string;
  write?: string;
  /** Where its files are kept from one run to the next; default: a folder that is removed. */
  folder?: string;
}

/** Rounds, in which each format has its turn with each reader; and reads in a turn, without the first. */
const ROUNDS = 5;
const READS = 4;

/** @returns the report */
export async function runDataBench(options: DataBenchOptions, tell: (line: string) => void): Promise<string> {
  const kept = options.folder;
  const folder = kept ?? mkdtempSync(path.join(os.tmpdir(), 'latentlab-bench-'));
  const found = new Map<string, DataRow>();
  const remarks = new Set<string>();
  try {
    tell('writing the files');
    await writeFiles(folder);
    for (let round = 0; round < (options.quick ? 1 : ROUNDS); round++) {
      for (const bench of READINGS) {
        tell(`round ${round + 1}: ${bench.name}`);
        const file = path.join(folder, bench.file);
        keep(found, bench, 'latentlab', await ours(file));
        if (!bench.peer) continue;
        const peer = await peers(options.pythons, bench.peer, file);
        if (typeof peer === 'string') remarks.add(peer);
        else keep(found, bench, bench.peer, peer);
      }
    }
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
  const rows = [...found.values()];
  const date = new Date().toISOString().slice(0, 10);
  const report = dataReport({ machine: thisMachine(os.availableParallelism()), date, rows, remarks: [...remarks] });
  const { json, write } = options;
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows.map(plain), null, 1)}\n`);
  if (write !== undefined) writeFileSync(write, report);
  return report;
}

function keep(found: Map<string, DataRow>, bench: ReadingBench, reader: string, reading: Reading): void {
  const key = `${bench.name} ${reader}`;
  const row = found.get(key) ?? { bench, reader: reading.reader, seconds: [], memory: [] };
  row.seconds.push(...reading.seconds.slice(1));
  row.memory.push(reading.memory);
  found.set(key, row);
}

function plain({ bench, reader, seconds, memory }: DataRow) {
  return { format: bench.name, reader, unit: 's', ...spread(seconds), memory: spread(memory).median };
}

function ours(file: string): Promise<Reading> {
  const program = path.join(packageRoot(), 'dist', 'kernel', 'benchDataMain.js');
  const child = fork(program, [file, String(READS)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  return new Promise((resolve, reject) => {
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.once('message', (message) => resolve(readingSchema.parse(message)));
    child.once('error', reject);
    child.once('close', () => reject(new Error(`${file} was not read: ${complaints.slice(-400)}`)));
  });
}

/** What the first interpreter that has the library found, or why none has. */
async function peers(pythons: readonly string[], library: string, file: string): Promise<Reading | string> {
  let why = '';
  for (const python of pythons) {
    const answer = await answerOf(python, [path.join(packageRoot(), 'test', 'bench', 'dataPeer.py'), library, file, String(READS)]); // prettier-ignore
    if (answer.text.startsWith('{')) return readingSchema.parse(JSON.parse(answer.text));
    why = `No ${library} beside: \`${python}\` says “${answer.complaint}”`;
  }
  return why;
}

function answerOf(python: string, args: string[]): Promise<{ text: string; complaint: string }> {
  return new Promise((resolve) => {
    const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [text, complaint] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (complaint += piece));
    child.once('error', ({ message }) => resolve({ text: '', complaint: message }));
    child.once('close', () => resolve({ text: text.trim(), complaint: complaint.trim().split('\n').at(-1) ?? '' }));
  });
}
