import path from 'node:path';
import * as vscode from 'vscode';
import { unheldKernels, type Unheld } from '../../kernel/keeping/kept';
import { nameIn } from '../trainings';

const { t } = vscode.l10n;

interface Choice extends vscode.QuickPickItem {
  kernel: Unheld;
}

/** Lists the kernels that live on without a window, and ends those that the user picks. */
export async function endKernels(env: Readonly<Record<string, string>>): Promise<void> {
  const kernels = await unheldKernels(env);
  if (kernels.length === 0) {
    void vscode.window.showInformationMessage(t('No kernel is running without a window.'));
    return;
  }
  const placeHolder = t('Choose the kernels without a window that should end');
  const options = { canPickMany: true, placeHolder, ignoreFocusOut: true } as const;
  const picked = await vscode.window.showQuickPick(kernels.map(choiceOf), options);
  if (!picked || picked.length === 0) return;
  await Promise.all(picked.map(({ kernel }) => kernel.end()));
  void vscode.window.showInformationMessage(t('Ended: {0}.', picked.map(({ label }) => label).join(', ')));
}

function choiceOf(kernel: Unheld): Choice {
  // The address of a notebook without a file follows that of its workspace.
  const uri = vscode.Uri.parse(kernel.owner.split(' ').at(-1)!);
  const description = stateOf(kernel);
  return { label: path.posix.basename(uri.path), description, detail: uri.fsPath, kernel };
}

function stateOf({ hasEnded, isBusy, trainings }: Unheld): string {
  if (hasEnded) return t('ended; its notebook tells why');
  if (trainings.length > 0) return t('training {0}', trainings.map(nameIn).join(', '));
  return isBusy ? t('busy') : t('idle');
}
