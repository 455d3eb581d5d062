/** Programs that train from their start to their end, and what they tell of it. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../engine/packageRoot';
import { ContestantError, pinned } from '../contestant';
import type { Threads } from '../contestant';
import { PEER } from '../peers/python';
import type { Peer } from '../peers/python';
import type { FitExtent } from './extent';

const toldSchema = z.object({ seconds: z.number().positive(), steps: z.int().min(1), loss: z.number() });

export interface Took extends z.output<typeof toldSchema> {
  /** Seconds from the start of the process to its end. */
  whole: number;
  /** For people, where the program tells. */
  device?: string;
}

/**
 * Runs a notebook as `npm run notebook` does.
 *
 * @param folder for the notebook, before and after
 * @throws {ContestantError} when it fails
 */
export async function runNotebook(text: string, rung: string, folder: string, threads: Threads): Promise<Took> {
  const file = path.join(folder, 'bench.ipynb');
  const output = path.join(folder, 'executed.ipynb');
  writeFileSync(file, text);
  const cli = path.join(packageRoot(), 'dist', 'kernel', 'cli.js');
  const args = [cli, 'notebook', file, '--output', output, '--device', rung];
  const { whole, complaints } = await run(process.execPath, args, threads);
  const device = /^Device: (.*) \(\S+\)$/m.exec(complaints)?.[1];
  return { whole, ...toldIn(printedIn(readFileSync(output, 'utf8'))), ...(device && { device }) };
}

/** @throws {ContestantError} when the script fails */
export async function runPeer(peer: Peer, { images, epochs }: FitExtent, threads: Threads): Promise<Took> {
  const { name: engine, python, hardware: device } = peer;
  const request = { fit: true, workload: 'a', engine, device, threads: threads.count, images, epochs };
  const { whole, printed } = await run(python, [PEER, JSON.stringify(request)], threads);
  return { whole, ...toldIn(printed) };
}

function toldIn(printed: string): z.output<typeof toldSchema> {
  const line = printed.split('\n').findLast((text) => text.startsWith('{'));
  if (line === undefined) throw new ContestantError('it told nothing of its training');
  return toldSchema.parse(JSON.parse(line));
}

/** What the cells of an executed notebook have printed. */
function printedIn(notebook: string): string {
  const streams = z.object({
    cells: z.array(
      z.object({
        outputs: z.array(z.object({ output_type: z.string(), text: z.union([z.string(), z.array(z.string())]).optional() })), // prettier-ignore
      }),
    ),
  });
  const { cells } = streams.parse(JSON.parse(notebook));
  return cells
    .flatMap(({ outputs }) => outputs)
    .filter(({ output_type: type }) => type === 'stream')
    .map(({ text = '' }) => [text].flat().join(''))
    .join('');
}

function run(
  command: string,
  args: string[],
  threads: Threads,
): Promise<{ whole: number; printed: string; complaints: string }> {
  const start = performance.now();
  const { file, args: all } = pinned(threads, command, args);
  return new Promise((resolve, reject) => {
    const child = spawn(file, all, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [printed, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.once('error', ({ message }) => reject(new ContestantError(message)));
    child.once('close', (code, signal) => {
      const whole = (performance.now() - start) / 1000;
      const last = `${printed}\n${complaints}`.trim().split('\n').at(-1);
      if (code === 0) resolve({ whole, printed, complaints });
      else reject(new ContestantError(`it ended with ${signal ?? `exit code ${code}`}${last ? ` (${last})` : ''}`));
    });
  });
}
