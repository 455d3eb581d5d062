/** Opens the executed notebook of a run that a view of a sweep shows. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { OpenNotebook } from '../kernel/protocol';
import { folderOf } from './folders';

export function isOpenNotebook(message: unknown): message is OpenNotebook {
  const known = message as Partial<OpenNotebook> | null;
  return known?.type === 'openNotebook' && typeof known.viewId === 'string' && typeof known.path === 'string';
}

/** Opens notebooks alone: what a saved output asks for may come from anybody. */
export async function openRunNotebook(editor: vscode.NotebookEditor, message: OpenNotebook): Promise<void> {
  const { path: fromHere, place } = message;
  const here = path.resolve(folderOf(editor.notebook), fromHere);
  const files = [here, ...(place === undefined ? [] : [place])].filter(
    (file) => path.isAbsolute(file) && path.extname(file) === '.ipynb',
  );
  const uri = await firstThere(files.map((file) => vscode.Uri.file(file)));
  if (!uri) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The notebook of this run does not exist: {0}. Perhaps the sweep was moved.', here),
    );
    return;
  }
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(notebook, { viewColumn: editor.viewColumn, preview: true });
}

async function firstThere(uris: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  for (const uri of uris) {
    const found = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => undefined);
    if (found?.type === vscode.FileType.File) return uri;
  }
  return undefined;
}
