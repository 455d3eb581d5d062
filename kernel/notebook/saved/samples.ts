/** `npm run samples`: the samples as they are committed, executed. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import { writeWholeSync } from '../../files/writeWhole';
import { derivationChecks } from '../checks';
import { isCode } from '../format';
import type { Notebook } from '../format';
import { NotebookError, readNotebook } from '../read';
import { NotebookRun } from '../run';
import { duration } from '../time';
import { writeNotebook } from '../write';
import { fitInto, type Shrink } from './room';
import { differences, saidBy } from './said';
import type { Said } from './said';
import { codeDigest, settle } from './settle';

/** Runs in full inside VS Code, where the suite compares what it says; it has no short setting. */
export const FLAGSHIP = 'vae';

/** Bytes that a committed notebook may have: GitHub draws no larger ones well. */
export const ROOM = 1_500_000;

/** What a notebook says in its short setting, kept beside the tests, which run it again. */
export interface SavedShort {
  /** Digest of the code that said it. */
  code: string;
  /** For each code cell: what it says in the short setting, and whether the committed full run says the same. */
  cells: { said: Said[]; isFull: boolean }[];
}

export interface SamplesOptions {
  /** The checkout. */
  root: string;
  /** Names without `.ipynb`; empty: all. */
  names: readonly string[];
  device: string;
  /** Makes pictures smaller where a notebook would have more than {@link ROOM} bytes. */
  shrink: Shrink;
  onLine(line: string): void;
}

export const samplesFolder = (root: string) => join(root, 'samples');
export const savedShortFile = (root: string, name: string) => join(root, 'test', 'kernel', 'samples', `${name}.json`);

export function sampleNames(root: string): string[] {
  const files = readdirSync(samplesFolder(root)).filter((file) => file.endsWith('.ipynb'));
  return files.map((file) => parse(file).name).sort();
}

export function readSavedShort(root: string, name: string): SavedShort | undefined {
  const file = savedShortFile(root, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SavedShort) : undefined;
}

/**
 * Runs the samples in full and writes them in place, then in their short setting and writes what they said for the tests.
 * A notebook that fails, or has a check that does not hold, stays as it is.
 *
 * @returns whether all were written
 * @throws NotebookError for a name that no sample has
 */
export async function executeSamples(options: SamplesOptions): Promise<boolean> {
  const { root, names, onLine } = options;
  const known = sampleNames(root);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new NotebookError(`There is no sample ${unknown.join(', ')}; samples are ${known.join(', ')}`);
  let ok = true;
  for (const name of names.length > 0 ? names : known) {
    const failure = await executeSample(name, options).catch((error: Error) => error.message);
    if (failure !== undefined) onLine(`${name}: ${failure}`);
    ok &&= failure === undefined;
  }
  return ok;
}

/** Returns why the sample was not written, if so. */
async function executeSample(name: string, options: SamplesOptions): Promise<string | undefined> {
  const { root, onLine } = options;
  const file = join(samplesFolder(root), `${name}.ipynb`);
  const { layout } = readNotebook(file);
  const full = await run(file, options, false);
  if ('failure' in full) return full.failure;
  settle(full.notebook, { name, root });
  await fitInto(full.notebook, ROOM, options.shrink);
  if (name !== FLAGSHIP) {
    const short = await run(file, options, true);
    if ('failure' in short) return `in the short setting: ${short.failure}`;
    settle(short.notebook, { name, root });
    const saved = `${JSON.stringify(savedShort(full.notebook, short.notebook), null, 1)}\n`;
    writeWholeSync(savedShortFile(root, name), saved);
  }
  writeNotebook(file, full.notebook, layout);
  const size = statSync(file).size;
  onLine(`${name}: ${duration(full.seconds)}, ${Math.round(size / 1000)} kB`);
  return size > ROOM ? `${size} bytes are more than ${ROOM}` : undefined;
}

/** @internal exported for its test */
export function savedShort(full: Notebook, short: Notebook): SavedShort {
  const inFull = full.cells.filter(isCode);
  const cells = short.cells.filter(isCode).map((cell, i) => {
    const said = saidBy(cell);
    return { said, isFull: differences(said, saidBy(inFull[i]!)).length === 0 };
  });
  return { code: codeDigest(inFull), cells };
}

type Ran = { notebook: Notebook; seconds: number } | { failure: string };

async function run(file: string, { root, device }: SamplesOptions, short: boolean): Promise<Ran> {
  const { notebook } = readNotebook(file);
  const before = process.env['LATENTLAB_SHORT'];
  // The kernel has the environment of this process.
  if (short) process.env['LATENTLAB_SHORT'] = '1';
  else delete process.env['LATENTLAB_SHORT'];
  try {
    const kernelMain = join(root, 'dist', 'kernel', 'main.js');
    const folder = samplesFolder(root);
    const { failure, seconds } = await new NotebookRun({ notebook, path: file, kernelMain, folder, device }).run();
    if (failure) return { failure: `${failure.cell} failed: ${failure.error.stack || failure.error.message}` };
    const broken = derivationChecks(notebook).filter(({ holds }) => !holds);
    if (broken.length > 0) return { failure: broken.map(({ identityText }) => `✗ ${identityText}`).join('; ') };
    return { notebook, seconds };
  } finally {
    if (before === undefined) delete process.env['LATENTLAB_SHORT'];
    else process.env['LATENTLAB_SHORT'] = before;
  }
}
