/** Tells the renderer of Markdown cells what all of them say, which numbers equations by it. */
import * as vscode from 'vscode';
import type { MarkdownTexts } from '../../kernel/protocol';
import { isOfOurType } from '../notebookTypes';

const RENDERER_ID = 'latentlab-markdown';
/** Numbers follow what is typed, but not each letter. */
const PAUSE_MS = 200;

export function connectMarkdown(): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging(RENDERER_ID);
  const timers = new Map<vscode.NotebookDocument, NodeJS.Timeout>();

  const tell = (editor: vscode.NotebookEditor) => {
    const message: MarkdownTexts = { type: 'markdownTexts', texts: markdownOf(editor.notebook) };
    void messaging.postMessage(message, editor);
  };
  const tellSoon = (notebook: vscode.NotebookDocument) => {
    clearTimeout(timers.get(notebook));
    const timer = setTimeout(() => {
      timers.delete(notebook);
      vscode.window.visibleNotebookEditors.filter((editor) => editor.notebook === notebook).forEach(tell);
    }, PAUSE_MS);
    timers.set(notebook, timer);
  };

  return vscode.Disposable.from(
    messaging.onDidReceiveMessage(({ editor }) => tell(editor)),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
      const isMarkdown = ({ kind }: vscode.NotebookCell) => kind === vscode.NotebookCellKind.Markup;
      const isEdited = cellChanges.some(({ cell, document }) => document !== undefined && isMarkdown(cell));
      if (isOfOurType(notebook) && (isEdited || contentChanges.length > 0)) tellSoon(notebook);
    }),
    vscode.workspace.onDidCloseNotebookDocument((notebook) => {
      clearTimeout(timers.get(notebook));
      timers.delete(notebook);
    }),
  );
}

function markdownOf(notebook: vscode.NotebookDocument): string[] {
  return notebook
    .getCells()
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Markup)
    .map(({ document }) => document.getText());
}
