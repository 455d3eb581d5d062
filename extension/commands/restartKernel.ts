import * as vscode from 'vscode';
import type { LatentLabController } from '../controller';
import { messageOf } from '../kernelProcess';
import { activeNotebook } from './activeNotebook';

/** Ends the notebook's kernel and starts a fresh one. */
export async function restartKernel(controller: LatentLabController, target?: unknown): Promise<void> {
  const notebook = activeNotebook(target);
  if (!notebook) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a notebook to restart its kernel.'));
    return;
  }
  const title = vscode.l10n.t('Restarting the LatentLab kernel');
  const options = { location: vscode.ProgressLocation.Window, title };
  try {
    await vscode.window.withProgress(options, () => controller.restart(notebook));
  } catch (error) {
    void vscode.window.showErrorMessage(messageOf(error));
  }
}
