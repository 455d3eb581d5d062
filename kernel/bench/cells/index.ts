/** `npm run bench -- cells`: what a cell costs its kernel. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { KernelClient } from '../../client';
import { packageRoot } from '../../engine/packageRoot';
import { writeWholeSync } from '../../files/writeWhole';
import type { KernelMessage } from '../../protocol';
import { thisMachine } from '../machine';
import { spread } from '../rows';
import { KINDS, PREPARATION, type CellKind } from './kinds';
import { cellsReport, type CellRow, type MemoryRow } from './report';

export interface CellsBenchOptions {
  /** The Nodes that run kernels. */
  nodes: readonly string[];
  /** A few cells, to see that it works. */
  quick: boolean;
  json?: string;
  write?: string;
}

/** Cells of one kind in a turn; turns of each kind; and the turns before, whose code V8 has yet to optimise. */
const FULL = { cells: 50, turns: 12, warmUp: 4, memory: 2000 };
const QUICK = { cells: 2, turns: 2, warmUp: 0, memory: 20 };

/** @returns the report */
export async function runCellsBench(options: CellsBenchOptions, tell: (line: string) => void): Promise<string> {
  const extent = options.quick ? QUICK : FULL;
  const rows: CellRow[] = [];
  const memory: MemoryRow[] = [];
  for (const nodePath of options.nodes) {
    const node = execFileSync(nodePath, ['--version'], { encoding: 'utf8' }).trim();
    tell(`Node ${node}: processor time`);
    rows.push(...(await withKernel(nodePath, (kernel) => costs(kernel, node, extent))));
    for (const goal of [true, false]) {
      const kinds = KINDS.filter((kind) => (kind.goal !== null) === goal);
      tell(`Node ${node}: memory`);
      const resident = await withKernel(nodePath, (kernel) => residents(kernel, kinds, extent.memory));
      memory.push({ node, kinds: kinds.map(({ name }) => name), cells: extent.memory, resident });
    }
  }
  const date = new Date().toISOString().slice(0, 10);
  const report = cellsReport({ machine: thisMachine(os.availableParallelism()), date, rows, memory });
  const plain = rows.map(({ kind, node, times }) => ({ kind: kind.name, node, unit: 'ms/cell', ...spread(times) }));
  if (options.json !== undefined) writeWholeSync(options.json, `${JSON.stringify(plain, null, 1)}\n`);
  if (options.write !== undefined) writeWholeSync(options.write, report);
  return report;
}

/** All kinds take turns in one kernel, as they do in a notebook. */
async function costs(kernel: Kernel, node: string, { cells, turns, warmUp }: typeof FULL): Promise<CellRow[]> {
  const rows = KINDS.map((kind): CellRow => ({ kind, node, times: [] }));
  for (let turn = -warmUp; turn < turns; turn++) {
    for (const { kind, times } of rows) {
      const before = await kernel.processorTime();
      for (let i = 0; i < cells; i++) await kernel.runNext(kind);
      if (turn >= 0) times.push(((await kernel.processorTime()) - before) / cells);
    }
  }
  return rows;
}

/** Bytes that are resident before the cells, in their middle and after them. */
async function residents(kernel: Kernel, kinds: readonly CellKind[], cells: number): Promise<number[]> {
  const resident = [await kernel.resident()];
  for (let i = 1; i <= cells; i++) {
    await kernel.runNext(kinds[i % kinds.length]!);
    if (i % (cells / 2) === 0) resident.push(await kernel.resident());
  }
  return resident;
}

async function withKernel<T>(nodePath: string, work: (kernel: Kernel) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'latentlab-bench-'));
  try {
    const kernel = await Kernel.start(nodePath, folder);
    try {
      return await work(kernel);
    } finally {
      await kernel.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Kernel {
  private client!: KernelClient;
  private cells = 0;
  private shown = '';

  static async start(nodePath: string, folder: string): Promise<Kernel> {
    const kernel = new Kernel();
    kernel.client = await KernelClient.start({
      kernelMain: path.join(packageRoot(), 'dist', 'kernel', 'main.js'),
      nodePath,
      device: 'wasm',
      folder,
      onMessage: (message) => kernel.receive(message),
      onExit: ({ message }) => (kernel.shown = message),
    });
    await kernel.run(PREPARATION);
    return kernel;
  }

  /** @throws Error when the cell ends otherwise than its kind does */
  async runNext(kind: CellKind): Promise<void> {
    const code = kind.code(this.cells);
    const { success, error } = await this.run(code);
    if (success === code.startsWith('throw ')) throw new Error(`"${kind.name}" failed: ${error?.stack ?? 'no error'}`);
  }

  /** Milliseconds of all threads, in programs and in the system, up to now. */
  async processorTime(): Promise<number> {
    await this.run('(({ user, system }) => user + system)(process.cpuUsage())');
    return Number(this.shown) / 1000;
  }

  /** Bytes. */
  async resident(): Promise<number> {
    await this.run('process.memoryUsage.rss()');
    return Number(this.shown);
  }

  stop(): Promise<void> {
    return this.client.shutdown();
  }

  private run(code: string) {
    const number = ++this.cells;
    return this.client.execute({ id: `run-${number}`, cellName: `cell ${number}`, language: 'typescript', code });
  }

  private receive(message: KernelMessage): void {
    if (message.type === 'display') this.shown = String(message.bundle['text/plain']);
  }
}
