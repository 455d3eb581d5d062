/** `npm run verify` again and again, with other seeds, threads and convolutions: how far what is found depends on them. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { number } from './table';
import type { VerifiedRow } from './verification';

export const CONVOLUTIONS = ['blocked', 'standard'] as const;

/** One run: `{"seeds":1,"threads":2,"convolutions":"blocked"}`. */
export const variantSchema = z.strictObject({
  /** Added to every seed. */
  seeds: z.int().min(0),
  threads: z.int().min(1).nullable(),
  convolutions: z.enum(CONVOLUTIONS),
});
export type Variant = z.output<typeof variantSchema>;

export interface SpreadOptions {
  /** How many. */
  seeds: number;
  /** Null: as many as there are cores. */
  threads: readonly (number | null)[];
  convolutions: readonly (typeof CONVOLUTIONS)[number][];
}

/** Every combination, the seeds as they are first. */
export function variantsOf({ seeds, threads, convolutions }: SpreadOptions): Variant[] {
  return Array.from({ length: seeds }, (_, shift) => shift).flatMap((shift) =>
    threads.flatMap((count) => convolutions.map((kind) => ({ seeds: shift, threads: count, convolutions: kind }))),
  );
}

export function variantText({ seeds, threads, convolutions }: Variant): string {
  return `seeds + ${seeds}, ${threads === null ? 'all' : threads} thread${threads === 1 ? '' : 's'}, ${convolutions} convolutions`;
}

/**
 * The rows of each variant, by a separate process, since threads and kernels are chosen once in a process.
 *
 * @param args what the command line hands on: `--only`, `--quick`, `--device`
 * @throws when a process ends without its rows
 */
export async function runVariants(
  variants: readonly Variant[],
  args: readonly string[],
  tell: (line: string) => void,
): Promise<VerifiedRow[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'latentlab-verify-'));
  try {
    const all: VerifiedRow[][] = [];
    for (const [i, variant] of variants.entries()) {
      tell(`${i + 1} of ${variants.length}: ${variantText(variant)}`);
      const file = join(folder, `${i}.json`);
      await runOne([...args, '--variant', JSON.stringify(variant), '--json', file]);
      all.push(JSON.parse(await readFile(file, 'utf8')) as VerifiedRow[]);
    }
    return all;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Whether all rows hold is in the rows; the exit code says it too. */
function runOne(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [process.argv[1]!, 'verify', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0 || code === 1) resolve();
      else reject(new Error(`verify ended with ${signal ?? `code ${code}`}.`));
    });
  });
}

/** One verification over all variants. */
export interface Spread {
  id: string;
  /** Range of the values found; null if a run failed with an error. */
  found: readonly [least: number, greatest: number] | null;
  /** How far it was on the wrong side of the expected number at worst, over the tolerance: above 1 it does not hold. */
  worst: number | null;
  /** In how many variants it holds. */
  held: number;
  of: number;
}

export function spreads(runs: readonly (readonly VerifiedRow[])[]): Spread[] {
  const [first = []] = runs;
  return first.map(({ id }) => {
    const rows = runs.map((run) => run.find((row) => row.id === id)!);
    const found = rows.map((row) => row.found);
    const known = found.filter((value): value is number => value !== null);
    const complete = known.length === rows.length;
    return {
      id,
      found: complete ? ([Math.min(...known), Math.max(...known)] as const) : null,
      worst: complete ? Math.max(...rows.map(shareOfTolerance)) : null,
      held: rows.filter(({ ok }) => ok).length,
      of: rows.length,
    };
  });
}

/** 0 at the expected number or on its right side, 1 at the end of the tolerance. Of a tolerance of 0: 0 or infinite. */
function shareOfTolerance({ expected, found, tolerance, relation }: VerifiedRow): number {
  const off = found! - expected!;
  const wrong = relation === '=' ? Math.abs(off) : Math.max(0, relation === '≤' ? off : -off);
  return wrong === 0 ? 0 : wrong / tolerance!;
}

/** Markdown. */
export function spreadTable(all: readonly Spread[]): string {
  const lines = all.map(({ id, found, worst, held, of }) => {
    const range =
      found === null ? 'error' : found[0] === found[1] ? number(found[0]) : `${number(found[0])} … ${number(found[1])}`;
    return `| \`${id}\` | ${range} | ${worst === null ? '' : number(worst)} | ${held} of ${of} |`;
  });
  return ['| row | found | worst, in tolerances | holds in |', '|---|---|---|---|', ...lines].join('\n');
}
