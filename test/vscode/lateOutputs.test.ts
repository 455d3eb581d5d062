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
    const { notebook } = await newNotebook("setTimeout(() => console.log('from a cell that is gone'), 1500)");
    await run(notebook.cellAt(0));
    await append(notebook, '1');
    const logged = nextLogged(notebook);
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1))]);
    await vscode.workspace.applyEdit(edit);
    assert.match(await logged, /from a cell that is gone/);
    assert.equal(texts(notebook.cellAt(0), STDOUT).join(''), '');
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
