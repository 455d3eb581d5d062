/** The default seed of models and trainings, as the cells with a notebook's parameters give it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { NotebookRun } from '../../kernel/notebook/run';
import { readNotebook } from '../../kernel/notebook/read';
import { KernelUnderTest, kernelMain } from './kernelUnderTest';

const SEED = `import { defaultSeed } from 'latentlab'; defaultSeed()`;

describe('a kernel', () => {
  let kernel: KernelUnderTest;
  afterEach(() => kernel.stop());

  it('takes the seed of a cell until the next run has another one, or none', async () => {
    kernel = await KernelUnderTest.start();
    await kernel.run(`import { setDefaultSeed } from 'latentlab'; setDefaultSeed(5)`);
    await kernel.run('1', null);
    await kernel.run('1', 41);
    expect((await kernel.run(SEED)).text).toBe('41');
    await kernel.run('1', null);
    await kernel.run('1', 42);
    expect((await kernel.run(SEED)).text).toBe('42');
    await kernel.run('1', null);
    expect((await kernel.run(SEED)).text).toBe('5');
  });

  it('keeps the one that it was started with', async () => {
    kernel = await KernelUnderTest.start({ seed: 3 });
    await kernel.run('1', 41);
    expect((await kernel.run(SEED)).text).toBe('3');
  });
});

it('a notebook that was run with a seed runs with it again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-seeds-'));
  const cell = (source: string, ...tags: string[]) => ({
    ...{ cell_type: 'code', execution_count: null, metadata: { tags }, outputs: [], source },
  });
  const cells = [
    cell('const seed = 1;', 'parameters'),
    cell('const seed = 41;', 'injected-parameters'),
    cell(`import { defaultSeed } from 'latentlab'; console.log(defaultSeed())`),
  ];
  const file = path.join(folder, 'a.ipynb');
  writeFileSync(file, JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
  try {
    const { notebook } = readNotebook(file);
    const outcome = await new NotebookRun({ notebook, path: file, kernelMain, folder, device: 'wasm' }).run();
    expect(outcome.failure).toBeUndefined();
    expect(notebook.cells[2]).toMatchObject({ outputs: [{ text: ['41\n'] }] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
