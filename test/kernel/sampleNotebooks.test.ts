/** Every derivation notebook runs from a clean state, in its short setting, and each of its identities holds. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivationChecks } from '../../kernel/notebook/checks';
import { isCode } from '../../kernel/notebook/format';
import { readNotebook } from '../../kernel/notebook/read';
import { NotebookRun } from '../../kernel/notebook/run';

const folder = path.resolve('samples');
/** The flagship has no short setting: it runs in full inside VS Code. */
const FLAGSHIP = 'vae.ipynb';
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb') && name !== FLAGSHIP);

beforeAll(() => {
  process.env['LATENTLAB_SHORT'] = '1';
});

afterAll(() => {
  delete process.env['LATENTLAB_SHORT'];
});

describe('the derivation notebook', () => {
  it.each(names)(
    '%s runs without a failed cell, and all of its identities hold',
    async (name) => {
      const file = path.join(folder, name);
      const { notebook } = readNotebook(file);
      const kernelMain = path.resolve('dist/kernel/main.js');
      const { failure } = await new NotebookRun({ notebook, path: file, kernelMain, folder, device: 'auto' }).run();
      expect(failure).toBeUndefined();
      const checks = derivationChecks(notebook);
      expect(checks.filter(({ holds }) => !holds).map(({ identityText }) => identityText)).toEqual([]);
      expect(checks.length).toBeGreaterThan(3);
      expect(notebook.cells.filter(isCode).length).toBeGreaterThan(3);
    },
    300_000,
  );
});
