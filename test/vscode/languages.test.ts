import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, errorOf, EXTENSION_ID, newNotebook, run, textOf } from './notebooks';

const code = (text: string, language: string) =>
  new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, language);

/** A notebook whose metadata names no kernel, as VS Code's own command makes it. */
async function plainNotebook(...cells: vscode.NotebookCellData[]): Promise<vscode.NotebookDocument> {
  const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', new vscode.NotebookData(cells));
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

const select = () =>
  vscode.commands.executeCommand('notebook.selectKernel', { id: 'latentlab', extension: EXTENSION_ID });

/** Until the cells have these languages; VS Code opens a cell's document anew when its language changes. */
function languagesAre(notebook: vscode.NotebookDocument, expected: string): Promise<void> {
  return new Promise((resolve) => {
    const subscriptions = [
      vscode.workspace.onDidOpenTextDocument(check),
      vscode.workspace.onDidChangeNotebookDocument(check),
    ];
    check();
    function check(): void {
      if (languagesOf(notebook).join() !== expected) return;
      for (const subscription of subscriptions) subscription.dispose();
      resolve();
    }
  });
}

const languagesOf = (notebook: vscode.NotebookDocument) =>
  notebook.getCells().map(({ document }) => document.languageId);

describe('cells of other languages', function () {
  this.timeout(3 * 60_000);
  afterEach(closeAll);

  it('become TypeScript when they are empty and our kernel is chosen, and stay as they are when something is written', async () => {
    const notebook = await plainNotebook(code('', 'python'), code('print(1)', 'python'), code(' \n', 'r'));
    await select();
    await languagesAre(notebook, 'typescript,python,typescript');
    assert.equal(notebook.cellAt(1).document.getText(), 'print(1)');
  });

  it('that are inserted empty become TypeScript', async () => {
    const { notebook } = await newNotebook('1');
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(1, [code('', 'python'), code('x = 1', 'python')])]);
    await vscode.workspace.applyEdit(edit);
    await languagesAre(notebook, 'typescript,typescript,python');
  });

  for (const language of ['python', 'r', 'julia']) {
    it(`say why they do not run and what to do: ${language}`, async () => {
      const { notebook } = await newNotebook('1');
      const edit = new vscode.WorkspaceEdit();
      edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(1, [code('print(1)', language)])]);
      await vscode.workspace.applyEdit(edit);
      const cell = await run(notebook.cellAt(1));
      assert.match(
        errorOf(cell)!.message,
        new RegExp(`in ${language}; LatentLab runs TypeScript and JavaScript.*choose that as its language`),
      );
      assert.equal(cell.executionSummary!.success, false);
      assert.equal(textOf(await run(notebook.cellAt(0))), '1');
    });
  }

  it('stay as they are, also empty ones, in a notebook that names their language', async () => {
    const kernelspec = { name: 'python3', display_name: 'Python 3', language: 'python' };
    const metadata = { metadata: { kernelspec, language_info: { name: 'python' } } };
    const data = Object.assign(new vscode.NotebookData([code('', 'python')]), { metadata });
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', data);
    await vscode.window.showNotebookDocument(notebook);
    await select();
    const cell = await run(notebook.cellAt(0));
    assert.match(errorOf(cell)!.message, /in python; LatentLab runs TypeScript and JavaScript/);
    assert.deepEqual(languagesOf(notebook), ['python']);
  });
});
