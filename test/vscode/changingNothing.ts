import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Asserts that no cell is written and no notebook opened meanwhile, whatever else closes. */
export async function changingNothing<T>(act: () => Thenable<T>): Promise<T> {
  const opened: string[] = [];
  const written: string[] = [];
  const watching = vscode.Disposable.from(
    vscode.workspace.onDidOpenNotebookDocument(({ uri }) => opened.push(uri.toString())),
    vscode.workspace.onDidChangeNotebookDocument(({ contentChanges }) => {
      for (const { addedCells } of contentChanges)
        written.push(...addedCells.map(({ document }) => document.getText()));
    }),
  );
  try {
    const result = await act();
    assert.deepEqual({ opened, written }, { opened: [], written: [] });
    return result;
  } finally {
    watching.dispose();
  }
}
