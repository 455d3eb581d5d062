import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, ended, interrupt, latentlab, newNotebook, run, start, when } from './notebooks';

const PENDING = '.notebookOverlay .codicon-notebook-state-pending';
const STALE = '.notebookOverlay .cell-status-item:has-text("edited since it ran")';

const orderOf = (cell: vscode.NotebookCell) => cell.executionSummary?.executionOrder;

function cellCommand(command: string, cell: vscode.NotebookCell): Thenable<unknown> {
  const ranges = [{ start: cell.index, end: cell.index + 1 }];
  return vscode.commands.executeCommand(command, { ranges, document: cell.notebook.uri });
}

async function edit({ document }: vscode.NotebookCell, text: string): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, document.validateRange(new vscode.Range(0, 0, 1000, 0)), text);
  await vscode.workspace.applyEdit(change);
}

describe('the queue of a notebook', () => {
  let bridge: Bridge | undefined;
  let notebook: vscode.NotebookDocument;
  let cells: vscode.NotebookCell[];

  before(async () => {
    bridge = await connectBridge();
    notebook = (await newNotebook('await new Promise(() => setInterval(() => {}, 1000))', '"second"', '"third"'))
      .notebook;
    cells = notebook.getCells();
  });
  after(async () => {
    bridge?.close();
    await closeAll();
  });

  it('shows the cells that wait, and an interrupt takes them out of it', async () => {
    const [first, second, third] = cells as [vscode.NotebookCell, vscode.NotebookCell, vscode.NotebookCell];
    const end = ended(first);
    void vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await when(notebook, () => orderOf(first) === 1);
    await bridge?.workbench.waitFor(PENDING, { nth: 1 });
    await bridge?.screenshot('queue');
    await interrupt(first);
    await end;
    await bridge?.workbench.waitFor(PENDING, { state: 'detached' });
    assert.deepEqual([orderOf(second), orderOf(third)], [undefined, undefined]);
    await run(third);
    assert.equal(orderOf(third), 2);
  });

  it('takes a cell twice where it was asked to twice', async () => {
    const [, second, third] = cells as [vscode.NotebookCell, vscode.NotebookCell, vscode.NotebookCell];
    await Promise.all([ended(third), start(second), start(third)]);
    assert.ok(orderOf(second)! < orderOf(third)!);
  });

  it('runs what lies above a cell, and a cell with what lies below, in their order', async () => {
    const [first, second, third] = cells as [vscode.NotebookCell, vscode.NotebookCell, vscode.NotebookCell];
    await edit(first, '"first"');
    const above = ended(second);
    await cellCommand('notebook.cell.executeCellsAbove', third);
    await above;
    const before = orderOf(third)!;
    assert.deepEqual([orderOf(first), orderOf(second)], [before + 1, before + 2]);
    const below = ended(third);
    await cellCommand('notebook.cell.executeCellAndBelow', second);
    await below;
    assert.deepEqual([orderOf(first), orderOf(second), orderOf(third)], [before + 1, before + 3, before + 4]);
  });

  it('marks a cell that was edited since it ran, until it runs or says the same again', async () => {
    const { stale, kernels } = await latentlab();
    const cell = cells[1]!;
    assert.equal(stale.isStale(cell), false);
    await edit(cell, '"other"');
    assert.equal(stale.isStale(cell), true);
    await bridge?.workbench.waitFor(STALE);
    await bridge?.screenshot('stale');
    await edit(cell, '"second"');
    assert.equal(stale.isStale(cell), false);
    await bridge?.workbench.waitFor(STALE, { state: 'detached' });
    await edit(cell, '"other"');
    const end = ended(cell);
    if (bridge) await bridge.workbench.click(STALE);
    else void start(cell);
    await end;
    assert.equal(stale.isStale(cell), false);
    await edit(cell, '"new"');
    await kernels.of(notebook).stop();
    assert.equal(stale.isStale(cell), false);
  });
});
