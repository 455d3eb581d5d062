import * as vscode from 'vscode';
import { DERIVATION_TYPE } from '../notebookTypes';

/** Opens a Markdown file as a notebook: the one that a menu names, else the one in the active editor. */
export async function openDerivation(file?: unknown): Promise<void> {
  const uri = file instanceof vscode.Uri ? file : vscode.window.activeTextEditor?.document.uri;
  if (!uri || !/\.(?:md|markdown)$/i.test(uri.path)) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Open a Markdown file (.md) first, or choose the command in its menu in the Explorer.'),
    );
    return;
  }
  await vscode.commands.executeCommand('vscode.openWith', uri, DERIVATION_TYPE);
}
