import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { MIME } from '../../kernel/views/types';
import { connectBridge } from '../host/bridge';
import { closeAll, newNotebook, run, texts } from './notebooks';

/** A sweep's folder, as `npm run sweep` writes it: docs/sweeps.md. */
function leaveSweep(folder: string): void {
  const digest = 'a'.repeat(64);
  const runs = [0.5, 1, 2, 4].flatMap((beta, b) =>
    [1, 2].map((seed, s) => ({ index: 2 * b + s + 1, parameters: { beta }, seed })),
  );
  const write = (path: string, value: object) => writeFileSync(join(folder, path), JSON.stringify(value));
  mkdirSync(folder, { recursive: true });
  write('sweep.json', {
    ...{
      format: 'latentlab sweep',
      version: 1,
      name: 'beta',
      created: '2026-11-29T20:00:00Z',
      file: null,
      notebook: '',
    },
    ...{ digest, declared: [], metrics: [{ name: 'elbo', goal: 'max' }], device: 'auto', given: {}, runs },
  });
  for (const { index, parameters, seed } of runs) {
    const place = join('runs', String(index).padStart(4, '0'));
    mkdirSync(join(folder, place), { recursive: true });
    const metrics = {
      elbo: -230 - parameters.beta - seed,
      rate: 20 / parameters.beta,
      distortion: 210 + parameters.beta,
    };
    write(join(place, 'run.json'), {
      ...{ format: 'latentlab run', version: 1, index, parameters, seed, state: 'done', reason: null, digest },
      ...{
        device: null,
        threads: 1,
        versions: {},
        git: null,
        start: null,
        end: null,
        seconds: 12,
        attempts: [],
        metrics,
      },
    });
    const source = `// run ${index}`;
    const cell = { cell_type: 'code', metadata: {}, source, execution_count: null, outputs: [] };
    const kernelspec = { name: 'latentlab', display_name: 'LatentLab', language: 'typescript' };
    write(join(place, 'notebook.ipynb'), { nbformat: 4, nbformat_minor: 4, metadata: { kernelspec }, cells: [cell] });
  }
}

/** Resolves with the notebook that is shown next. */
const nextShown = (): Promise<vscode.NotebookEditor> =>
  new Promise((resolve) => {
    const listener = vscode.window.onDidChangeActiveNotebookEditor((editor) => {
      if (!editor) return;
      listener.dispose();
      resolve(editor);
    });
  });

describe('the runs of a sweep', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'll-sweep-')), 'beta.sweep');
  before(() => leaveSweep(folder));
  after(() => rmSync(join(folder, '..'), { recursive: true, force: true }));
  afterEach(closeAll);

  it('stand in one view, from which a run’s notebook opens', async () => {
    const editor = await newNotebook(`import { compare } from 'latentlab';\ncompare(${JSON.stringify(folder)})`);
    const cell = await run(editor.notebook.cellAt(0));
    assert.equal(texts(cell, MIME.sweep).length, 1);
    assert.match(
      texts(cell, 'text/plain')[0]!,
      /^8 runs: 8 done\. Highest elbo: −231\.5 in run 1 \(beta 0\.5, seed 1\)\.$/,
    );
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      const button = '[data-latentlab-view] .runs tbody tr:nth-child(3) th button';
      await bridge.outputs.waitFor(button);
      await bridge.screenshot('sweep');
      const shown = nextShown();
      await bridge.outputs.press(button, 'Enter');
      const { notebook } = await shown;
      assert.equal(notebook.uri.fsPath, join(folder, 'runs', '0003', 'notebook.ipynb'));
      assert.equal(notebook.cellAt(0).document.getText(), '// run 3');
    } finally {
      bridge.close();
    }
  });
});
