import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, errorOf, EXTENSION_ID, latentlab, newNotebook, run, savedNotebook, textOf, when } from './notebooks';

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

const languagesOf = (notebook: vscode.NotebookDocument) =>
  notebook.getCells().map(({ document }) => document.languageId);

describe('cells of other languages', () => {
  afterEach(closeAll);

  it('become TypeScript when they are empty and our kernel is chosen, and stay as they are when something is written', async () => {
    const notebook = await plainNotebook(code('', 'python'), code('print(1)', 'python'), code(' \n', 'r'));
    await select();
    await when(notebook, () => languagesOf(notebook).join() === 'typescript,python,typescript');
    assert.equal(notebook.cellAt(1).document.getText(), 'print(1)');
  });

  it('that are inserted empty become TypeScript', async () => {
    const { notebook } = await newNotebook('1');
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(1, [code('', 'python'), code('x = 1', 'python')])]);
    await vscode.workspace.applyEdit(edit);
    await when(notebook, () => languagesOf(notebook).join() === 'typescript,typescript,python');
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
        new RegExp(`in ${language}, which LatentLab does not run.*Choose TypeScript`),
      );
      assert.equal(cell.executionSummary!.success, false);
      assert.equal(textOf(await run(notebook.cellAt(0))), '1');
    });
  }

  it('take no notebook for our kernel', async () => {
    // VS Code remembers what an untitled notebook of the same name had; this file it has never seen.
    const notebook = await savedNotebook('python.ipynb', 'python3', 'python');
    await vscode.window.showNotebookDocument(notebook);
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(0, [code('', 'python')])]);
    await vscode.workspace.applyEdit(edit);
    assert.equal((await latentlab()).kernels.isSelected(notebook), false);
    assert.deepEqual(languagesOf(notebook), ['python']);
  });
});
