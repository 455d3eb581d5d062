/**
 * Every derivation notebook runs from a clean state, in its short setting: each of its identities holds, and it says what
 * it said when it was committed.
 */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivationChecks, exercises } from '../../kernel/notebook/checks';
import { isCode } from '../../kernel/notebook/format';
import { readNotebook } from '../../kernel/notebook/read';
import { NotebookRun } from '../../kernel/notebook/run';
import { differences, saidBy } from '../../kernel/notebook/saved/said';
import { FLAGSHIP, readSavedShort, sampleNames } from '../../kernel/notebook/saved/samples';
import { codeDigest } from '../../kernel/notebook/saved/settle';

const root = path.resolve('.');
const folder = path.join(root, 'samples');
const names = sampleNames(root).filter((name) => name !== FLAGSHIP);
const AGAIN = 'npm run samples -- ';

beforeAll(() => {
  process.env['LATENTLAB_SHORT'] = '1';
});

afterAll(() => {
  delete process.env['LATENTLAB_SHORT'];
});

describe('the derivation notebook', () => {
  it.each(names)(
    '%s runs without a failed cell, all of its identities hold, and its saved outputs are true',
    async (name) => {
      const file = path.join(folder, `${name}.ipynb`);
      const committed = readNotebook(file).notebook;
      const { notebook } = readNotebook(file);
      const kernelMain = path.resolve('dist/kernel/main.js');
      const { failure } = await new NotebookRun({ notebook, path: file, kernelMain, folder, device: 'auto' }).run();
      expect(failure).toBeUndefined();
      const checks = derivationChecks(notebook);
      expect(checks.filter(({ holds }) => !holds).map(({ identityText }) => identityText)).toEqual([]);
      expect(checks.length).toBeGreaterThan(3);
      expect(exercises(notebook).filter(({ exercise }) => exercise !== 'unsolved')).toEqual([]);

      const saved = readSavedShort(root, name);
      const cells = notebook.cells.filter(isCode);
      const inFull = committed.cells.filter(isCode);
      expect(saved?.code, `the code has changed since the outputs were made: ${AGAIN}${name}`).toBe(codeDigest(cells));
      const changed = cells.flatMap((cell, i) => {
        const { said, isFull } = saved!.cells[i]!;
        const lies = [...differences(said, saidBy(cell)), ...(isFull ? differences(saidBy(inFull[i]!), said) : [])];
        return lies.map((lie) => `cell ${i + 1}: ${lie}`);
      });
      expect(changed, `if this is meant: ${AGAIN}${name}`).toEqual([]);
    },
    300_000,
  );
});
