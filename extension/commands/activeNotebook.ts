import * as vscode from 'vscode';

/** The notebook that a command is about: the one whose toolbar was used, or that a link names, else the one in view. */
export function activeNotebook(target?: unknown): vscode.NotebookDocument | undefined {
  const context = target as { notebookEditor?: { notebookUri?: vscode.Uri | string } } | undefined;
  const uri = context?.notebookEditor?.notebookUri;
  if (uri) {
    const name = typeof uri === 'string' ? uri : uri.toString(true);
    return vscode.workspace.notebookDocuments.find((notebook) => notebook.uri.toString(true) === name);
  }
  return vscode.window.activeNotebookEditor?.notebook;
}
