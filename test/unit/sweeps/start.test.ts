/** What a command does with a sweep that another process has changed since it looked. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openSweep, writeBegun } from '../../../kernel/sweeps/begin';
import type * as claiming from '../../../kernel/sweeps/claim';
import { start } from '../../../kernel/sweeps/commands/start';
import type { runLocally } from '../../../kernel/sweeps/commands/local';
import { plannedRecord, runFolder, writeRecord } from '../../../kernel/sweeps/results';

/** Happens before a claim is taken; what runs runs. */
const meanwhile = vi.hoisted(() => ({ act: undefined as (() => void) | undefined, ran: [] as number[][] }));
vi.mock('../../../kernel/sweeps/claim', async (original) => {
  const real = await original<typeof claiming>();
  const underClaim: typeof real.underClaim = (...given) => {
    meanwhile.act?.();
    return real.underClaim(...given);
  };
  return { ...real, underClaim };
});
vi.mock('../../../kernel/sweeps/commands/local', () => ({
  runLocally: ((_, indices) => {
    meanwhile.ran.push([...indices]);
    return Promise.resolve(0);
  }) satisfies typeof runLocally,
}));

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-start-'));
  const cell = { cell_type: 'code', execution_count: null, outputs: [], metadata: { tags: ['parameters'] } };
  const cells = [{ ...cell, source: 'const beta = 1;' }];
  writeFileSync(join(folder, 'n.ipynb'), JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
  printed = '';
  meanwhile.ran = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  meanwhile.act = undefined;
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it.each([
  ['the rest', [2], [[2]]],
  ['nothing where another process has run it meanwhile', [], []],
])('--resume runs %s', async (_, left, ran) => {
  const file = join(folder, 'beta.sweep.json');
  writeFileSync(file, JSON.stringify({ notebook: 'n.ipynb', grid: { beta: [1, 2] } }));
  const begun = await openSweep({ file, resume: false });
  writeBegun(begun);
  meanwhile.act = () => {
    for (const run of begun.sweep.runs.filter(({ index }) => !left.includes(index))) {
      const place = runFolder(begun.folder, run.index);
      mkdirSync(place, { recursive: true });
      writeRecord(place, { ...plannedRecord(run, begun.sweep.digest), state: 'done' });
    }
  };
  expect(await start([file, '--resume'])).toBe(0);
  expect(meanwhile.ran).toEqual(ran);
  if (ran.length === 0) expect(printed).toContain('2 done');
});
