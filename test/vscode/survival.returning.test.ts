/** Second of two windows: what the first one left in `survival.leaving.test.ts`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { MIME, type LossCurvesView } from '../../kernel/views/types';
import { connectBridge } from '../host/bridge';
import {
  appendAndRun,
  closeAll,
  ended,
  errorOf,
  interrupt,
  latentlab,
  openSample,
  printedBy,
  textOf,
  views,
  when,
} from './notebooks';

/** The kernels that the first window left, by their notebooks. */
function leftKernels(): Record<string, number> {
  const file = path.join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, 'left.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
}

/** The notebook, once it has the kernel that was left. */
async function found(name: string) {
  const { notebook } = await openSample(name);
  const kernel = (await latentlab()).kernels.of(notebook);
  const pid = leftKernels()[name];
  while (kernel.pid === undefined) await new Promise((resolve) => kernel.onStateChange(resolve));
  assert.equal(kernel.pid, pid);
  return { notebook, cell: notebook.cellAt(0), kernel };
}

describe('a window that comes back', () => {
  afterEach(closeAll);

  it('has the variables', async () => {
    const { notebook, cell } = await found('variables.ipynb');
    assert.equal(printedBy(cell), 'before\n');
    assert.equal(textOf(await appendAndRun(notebook, '++visits')), '2');
  });

  it('shows what a cell did when nobody looked', async () => {
    const { cell, notebook } = await found('ends.ipynb');
    await when(notebook, () => cell.executionSummary?.success !== undefined && textOf(cell) !== undefined);
    assert.equal(printedBy(cell), 'begun\nended alone\n');
    assert.equal(textOf(cell), '7');
    assert.equal(cell.executionSummary?.success, true);
    assert.equal(cell.executionSummary?.executionOrder, 1);
  });

  it('shows a training that went on, live, and stops it', async () => {
    const { cell, kernel, notebook } = await found('training.ipynb');
    assert.equal(kernel.trainings.length, 1);
    await when(notebook, () => views(cell, MIME.lossCurves).length > 0);
    const [view] = views<LossCurvesView>(cell, MIME.lossCurves);
    assert.equal(view!.progress.state, 'running');
    assert.equal(kernel.state.state, 'busy');
    const bridge = await connectBridge();
    await bridge?.outputs.waitFor('.progress-text');
    await bridge?.screenshot('training-found-again');
    bridge?.close();
    const end = ended(cell);
    await interrupt(cell);
    await end;
    assert.equal(errorOf(cell)?.name, 'Interrupted');
    assert.equal(views<LossCurvesView>(cell, MIME.lossCurves)[0]!.progress.state, 'cancelled');
    assert.equal(textOf(await appendAndRun(notebook, 'typeof vae.encode')), "'function'");
  });

  // Only VS Code in a browser lets a suite press its buttons.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    it('says which cells waited and did not run, and runs them', async () => {
      const { notebook } = await found('waits.ipynb');
      const after = notebook.cellAt(1);
      const bridge = (await connectBridge())!;
      await vscode.commands.executeCommand('notifications.showList');
      const center = '.notifications-center';
      await bridge.workbench.waitFor(`${center}:has-text("waits.ipynb: cell 2 waited when the window closed")`);
      await bridge.screenshot('cells-that-waited');
      await bridge.workbench.click(`${center} .monaco-button:has-text("Run Them")`);
      await when(notebook, () => textOf(after) === "'after'");
      bridge.close();
    });
  }

  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    it('lists the kernels that nobody has, and ends those that are picked', async () => {
      const pid = leftKernels()['unwanted.ipynb']!;
      const ended = vscode.commands.executeCommand('latentlab.endKernels');
      const bridge = (await connectBridge())!;
      const row = '.quick-input-list .monaco-list-row:has-text("unwanted.ipynb")';
      await bridge.workbench.waitFor(row);
      await bridge.screenshot('end-kernels');
      await bridge.workbench.click(`${row} .monaco-checkbox`);
      await bridge.workbench.waitFor(`.quick-input-count:has-text("1 Selected")`);
      await bridge.workbench.click('.quick-input-widget .monaco-button:has-text("OK")');
      await ended;
      assert.throws(() => process.kill(pid, 0), /ESRCH/);
      bridge.close();
    });
  }

  it('says how a kernel ended when nobody looked, below what it had shown', async () => {
    const { notebook } = await openSample('dies.ipynb');
    const cell = notebook.cellAt(0);
    await when(notebook, () => errorOf(cell) !== undefined);
    assert.equal(printedBy(cell), 'doomed\n');
    assert.match(errorOf(cell)!.message, /exit code 3/);
    assert.equal(textOf(await appendAndRun(notebook, '1 + 1')), '2');
  });
});
