import * as vscode from 'vscode';

/** The notebook that a command is about: the one whose toolbar was used, else the one in view. */
export function activeNotebook(target?: unknown): vscode.NotebookDocument | undefined {
  const context = target as { notebookEditor?: { notebookUri?: vscode.Uri } } | undefined;
  const uri = context?.notebookEditor?.notebookUri;
  if (uri) {
    return vscode.workspace.notebookDocuments.find((notebook) => notebook.uri.toString() === uri.toString());
  }
  return vscode.window.activeNotebookEditor?.notebook;
}
