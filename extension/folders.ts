/** Where relative paths start; always absolute. */
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

/** A notebook's own folder, or {@link folderOfUnsaved}. */
export function folderOf({ uri }: vscode.NotebookDocument): string {
  return uri.scheme === 'file' ? path.dirname(uri.fsPath) : folderOfUnsaved();
}

/** The workspace's first folder, else the user's home. */
export function folderOfUnsaved(): string {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return folder?.uri.fsPath ?? homedir();
}
