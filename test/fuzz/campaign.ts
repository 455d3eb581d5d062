/** Reads mutants in separate processes, which are ended when they hang. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FuzzFormat } from './formats';
import { mutantOf, type Mutant } from './mutant';

export type Outcome = 'read' | 'refused' | 'raw' | 'unnamed' | 'disagree' | 'hang' | 'crash' | 'memory';

export interface Verdict {
  outcome: Outcome;
  detail: string;
}

export interface Failure extends Mutant, Verdict {}

export interface Campaign {
  formats: FuzzFormat[];
  /** Mutants of each format. */
  count: number;
  seed: number;
  /** Number of the first mutant. */
  first?: number;
  processes?: number;
  onVerdict?(mutant: Mutant, verdict: Verdict): void;
}

export interface Tally {
  counts: Map<string, Map<Outcome, number>>;
  failures: Failure[];
}

/** What one file may take. */
const SECONDS = 20;
const MEGABYTES = 1500;
const READER = fileURLToPath(new URL(import.meta.url.includes('artifacts') ? '../../fuzz/reader.mjs' : 'reader.mjs', import.meta.url)); // prettier-ignore

export async function runCampaign({
  formats,
  count,
  seed,
  first = 0,
  processes = 2,
  onVerdict,
}: Campaign): Promise<Tally> {
  const counts = new Map(formats.map(({ name }) => [name, new Map<Outcome, number>()]));
  const failures: Failure[] = [];
  const mutants = mutantsOf(formats, first, count, seed);
  const work = async (): Promise<void> => {
    const reader = new Reader();
    try {
      for (const mutant of mutants) {
        const verdict = await reader.read(mutant);
        const counted = counts.get(mutant.format.name)!;
        counted.set(verdict.outcome, (counted.get(verdict.outcome) ?? 0) + 1);
        if (verdict.outcome !== 'read' && verdict.outcome !== 'refused') failures.push({ ...mutant, ...verdict });
        onVerdict?.(mutant, verdict);
      }
    } finally {
      reader.close();
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  return { counts, failures };
}

function* mutantsOf(formats: FuzzFormat[], first: number, count: number, seed: number): Generator<Mutant> {
  for (let index = first; index < first + count; index++) {
    for (const format of formats) yield mutantOf(format, index, seed);
  }
}

/** A process that reads, and the folder that it reads from. */
class Reader {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'latentlab-fuzz-'));
  private process: ChildProcess | undefined;
  private readonly written = new Set<FuzzFormat>();

  async read({ format, content }: Mutant): Promise<Verdict> {
    const file = this.place(format, content);
    const verdict = await this.judged(file);
    const ended = ['hang', 'crash', 'memory'].includes(verdict.outcome);
    if (ended) this.end();
    return verdict;
  }

  close(): void {
    this.end();
    rmSync(this.folder, { recursive: true });
  }

  /** @returns what is to be read: the file, or the folder that holds it */
  private place(format: FuzzFormat, content: Buffer): string {
    const home = path.join(this.folder, format.name);
    const file = path.join(home, format.file);
    mkdirSync(path.dirname(file), { recursive: true });
    if (!this.written.has(format)) {
      for (const [name, whole] of Object.entries(format.beside?.() ?? {})) writeFileSync(path.join(home, name), whole);
      this.written.add(format);
    }
    writeFileSync(file, content);
    return format.file.includes('/') ? path.dirname(file) : file;
  }

  private async judged(file: string): Promise<Verdict> {
    const reader = (this.process ??= await started());
    return new Promise((resolve) => {
      let words = '';
      const hear = (piece: Buffer): void => void (words = (words + piece.toString()).slice(-2000));
      const settle = (verdict: Verdict): void => {
        clearTimeout(timer);
        reader.removeAllListeners();
        reader.stderr!.off('data', hear);
        resolve(verdict);
      };
      const timer = setTimeout(
        () => settle({ outcome: 'hang', detail: `not read within ${SECONDS} s` }),
        SECONDS * 1000,
      );
      reader.stderr!.on('data', hear);
      reader.once('exit', (code, signal) =>
        settle({ outcome: 'crash', detail: `ended by ${signal ?? code}: ${words}` }),
      );
      reader.once('message', (message) => {
        const { outcome, detail, megabytes } = message as Verdict & { megabytes: number };
        const large = megabytes > MEGABYTES;
        settle(large ? { outcome: 'memory', detail: `took ${megabytes} MB; ${detail}` } : { outcome, detail });
      });
      reader.send({ path: file });
    });
  }

  private end(): void {
    this.process?.removeAllListeners();
    this.process?.kill('SIGKILL');
    this.process = undefined;
  }
}

/** A process that has loaded the library: its start is no part of reading a file. */
function started(): Promise<ChildProcess> {
  const reader = fork(READER, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  return new Promise((resolve, reject) => {
    reader.once('exit', (code) => reject(new Error(`the reader ended with ${code} before it was ready`)));
    reader.once('message', () => {
      reader.removeAllListeners();
      resolve(reader);
    });
  });
}
