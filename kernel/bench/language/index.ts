/** `npm run bench -- language`: how fast the editor's types answer in a notebook of 200 cells. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { WORKER_LIMITS, type Cell, type FromWorker, type Place } from '../../../extension/language/protocol';
import type { QuestionName, ToWorker } from '../../../extension/language/protocol';
import { packageRoot } from '../../engine/packageRoot';
import { writeWholeSync } from '../../files/writeWhole';
import { machineFacts, thisMachine } from '../machine';
import { spread } from '../rows';

export interface LanguageBenchOptions {
  /** A few questions, to see that it works. */
  quick: boolean;
  write?: string;
}

const CELLS = 200;
const NOTEBOOK = 'file:///bench/notebook.ipynb';

interface Line {
  what: string;
  goal: string;
  /** Milliseconds, or megabytes. */
  values: number[];
  unit: 'ms' | 'MB';
}

/** @returns the report */
export async function runLanguageBench(options: LanguageBenchOptions, tell: (line: string) => void): Promise<string> {
  const rounds = options.quick ? 1 : 5;
  const questions = options.quick ? 3 : 40;
  const lines: Line[] = [
    { what: 'first completion after opening', goal: '< 2000', values: [], unit: 'ms' },
    { what: 'completion of `tf.`', goal: '< 100', values: [], unit: 'ms' },
    { what: 'completion of a name', goal: '< 100', values: [], unit: 'ms' },
    { what: 'errors of the edited cell, without the wait for the next key', goal: '< 300', values: [], unit: 'ms' },
    { what: 'memory that the worker holds', goal: '< 250', values: [], unit: 'MB' },
  ];
  const [first, members, names, errors, heap] = lines.map(({ values }) => values) as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'latentlab-bench-'));
  try {
    for (let round = 0; round < rounds; round++) {
      tell(`Round ${round + 1} of ${rounds}`);
      const cells = benchCells();
      const started = performance.now();
      const types = new Types(folder, cells);
      try {
        const typed = types.edit(CELLS - 1, 'tf.');
        await types.ask('completions', types.at(CELLS - 1, typed.length));
        first.push(performance.now() - started);
        for (let i = 0; i < questions; i++) {
          const index = CELLS - 1 - (i % 20);
          members.push(await types.timed('completions', index, `const a${i} = tf.`));
          names.push(await types.timed('completions', index, `const b${i} = tf`));
          errors.push(await types.timed('problems', index, `const c${i}: string = ${i};`));
        }
        heap.push((await types.heapBytes()) / 1e6);
      } finally {
        await types.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const report = reportText(lines, rounds);
  if (options.write !== undefined) writeWholeSync(options.write, report);
  return report;
}

/** Code of the samples, over and over, as somebody's long notebook. */
function benchCells(): Cell[] {
  const samples = path.join(packageRoot(), 'samples');
  const texts = readdirSync(samples)
    .filter((name) => name.endsWith('.ipynb'))
    .flatMap((name) => {
      const { cells } = JSON.parse(readFileSync(path.join(samples, name), 'utf8')) as {
        cells: { cell_type: string; source: string[] }[];
      };
      return cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => [source].flat().join(''));
    });
  return Array.from({ length: CELLS }, (_, i) => {
    return { id: `cell-${i + 1}`, language: 'typescript', text: texts[i % texts.length]! };
  });
}

/** The worker that the extension starts. */
class Types {
  private readonly worker: Worker;
  private readonly answers = new Map<number, (value: unknown) => void>();
  private readonly texts: string[];
  private asked = 0;

  constructor(folder: string, cells: Cell[]) {
    const file = path.join(packageRoot(), 'dist', 'extension', 'languageWorker.cjs');
    if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\`.`);
    this.texts = cells.map(({ text }) => text);
    this.worker = new Worker(file, { workerData: { product: packageRoot() }, resourceLimits: WORKER_LIMITS });
    this.worker.on('message', (message: FromWorker) => {
      if (message.type === 'answer') this.answers.get(message.id)?.(message.value);
    });
    this.tell({ type: 'open', notebook: NOTEBOOK, folder, cells });
  }

  at(index: number, offset: number): Place {
    return { notebook: NOTEBOOK, cell: `cell-${index + 1}`, offset };
  }

  /** Adds a line at a cell's end. */
  edit(index: number, line: string): string {
    const text = `${this.texts[index]}\n${line}`;
    this.tell({ type: 'edit', notebook: NOTEBOOK, cell: `cell-${index + 1}`, language: 'typescript', text });
    return text;
  }

  /** Milliseconds from an edit to the answer. */
  async timed(question: QuestionName, index: number, line: string): Promise<number> {
    const started = performance.now();
    const text = this.edit(index, line);
    await this.ask(question, this.at(index, text.length));
    return performance.now() - started;
  }

  ask(question: QuestionName, place: Place): Promise<unknown> {
    const id = ++this.asked;
    const answer = new Promise((resolve) => this.answers.set(id, resolve));
    this.tell({ type: 'ask', id, question, args: [place] });
    return answer;
  }

  /** Without what is garbage: a snapshot has the worker collect it. */
  async heapBytes(): Promise<number> {
    for await (const piece of await this.worker.getHeapSnapshot()) void piece;
    const { getHeapStatistics } = this.worker as { getHeapStatistics?(): Promise<{ used_heap_size: number }> };
    // Since Node 22.16.
    return getHeapStatistics ? (await getHeapStatistics.call(this.worker)).used_heap_size : NaN;
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}

function reportText(lines: readonly Line[], rounds: number): string {
  const date = new Date().toISOString().slice(0, 10);
  const facts = machineFacts(thisMachine(os.availableParallelism()), date);
  const rows = lines.map(({ what, goal, values, unit }) => {
    const known = values.filter(Number.isFinite);
    if (known.length === 0) return `| ${what} | not measured by this Node | | ${goal} ${unit} |`;
    const [low, high] = [Math.min(...known), Math.max(...known)];
    return `| ${what} | ${Math.round(spread(known).median)} ${unit} | ${Math.round(low)}–${Math.round(high)} | ${goal} ${unit} |`;
  });
  return [
    '# How fast the editor’s types answer',
    '',
    `A notebook of ${CELLS} cells, those of the samples, opened ${rounds} times in a fresh worker; Node ${process.versions.node}.`,
    'Written by `npm run bench -- language`.',
    '',
    ...facts.map((fact) => `- ${fact}`),
    '',
    '|  | median | range | goal |',
    '| --- | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n');
}
