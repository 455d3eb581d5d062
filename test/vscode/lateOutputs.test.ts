import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { append, appendAndRun, closeAll, latentlab, newNotebook, run, textOf, texts, when } from './notebooks';

const STDOUT = 'application/vnd.code.notebook.stdout';

describe('what a cell prints when it has ended', () => {
  afterEach(closeAll);

  it('is shown under the cell that caused it, marked, also when others have run since', async () => {
    const { notebook } = await newNotebook("setTimeout(() => console.log('late'), 300); 'done'");
    const cell = await run(notebook.cellAt(0));
    const { executionOrder } = cell.executionSummary!;
    const other = await appendAndRun(notebook, '1 + 1');
    await when(notebook, () => texts(cell, STDOUT).join('').includes('late'));
    assert.equal(texts(cell, STDOUT).join(''), '[after the cell had ended]\nlate\n');
    assert.equal(textOf(cell), "'done'");
    assert.equal(cell.executionSummary!.executionOrder, executionOrder);
    assert.equal(textOf(other), '2');
  });

  it('goes to the output channel when that cell is gone', async () => {
    const { notebook } = await newNotebook(`
      const looking = setInterval(() => {
        if (!globalThis.gone) return;
        clearInterval(looking);
        console.log('from a cell that is gone');
      }, 20);`);
    await run(notebook.cellAt(0));
    const other = await append(notebook, 'globalThis.gone = true');
    const logged = nextLogged(notebook);
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1))]);
    await vscode.workspace.applyEdit(edit);
    await run(other);
    assert.match(await logged, /from a cell that is gone/);
    assert.equal(texts(other, STDOUT).join(''), '');
  });

  it('holds up nothing when its cell is deleted meanwhile', async () => {
    const { notebook } = await newNotebook(
      "let left = 300; const often = setInterval(() => { console.log('late', left); if (!--left) clearInterval(often); }, 10);",
    );
    const cell = await run(notebook.cellAt(0));
    const other = await append(notebook, '1 + 1');
    await when(notebook, () => texts(cell, STDOUT).join('').includes('late'));
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1))]);
    await vscode.workspace.applyEdit(edit);
    assert.equal(textOf(await run(other)), '2');
    await closeAll();
    const { notebook: next } = await newNotebook('2 + 2');
    assert.equal(textOf(await run(next.cellAt(0))), '4');
  });
});

/** What goes to the output channel next; VS Code in a browser has no logger that would write it down. */
async function nextLogged(notebook: vscode.NotebookDocument): Promise<string> {
  const kernel = (await latentlab()).kernels.of(notebook);
  const log = kernel.logLate.bind(kernel);
  return new Promise((resolve) => {
    kernel.logLate = (message, reason) => {
      log(message, reason);
      resolve(message.type === 'stream' ? message.text : '');
    };
  });
}
