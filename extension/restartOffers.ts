/** Offers a restart where nothing else ends what goes on in a kernel: the kernel says so, or a cell does not stop. */
import * as vscode from 'vscode';
import { messageOf, type KernelProcess } from './kernelProcess';
import type { Kernels } from './kernels';

/** @param restart the way of the command, with its question about a training */
export function offerRestarts(
  kernels: Kernels,
  restart: (notebook: vscode.NotebookDocument) => Promise<void>,
): vscode.Disposable {
  return kernels.onCreate(({ notebook, kernel }) =>
    kernel.onMessage((message) => {
      if (message.type === 'restartAdvised') void offer(message.reason, kernel, () => restart(notebook));
    }),
  );
}

/** A second offer with the same reason takes the place of the first. */
async function offer(reason: string, kernel: KernelProcess, restart: () => Promise<void>): Promise<void> {
  const { pid } = kernel;
  const restartKernel = vscode.l10n.t('Restart Kernel');
  const warning = vscode.l10n.t('{0} Its variables will be gone.', reason);
  const answer = await vscode.window.showWarningMessage(warning, restartKernel, vscode.l10n.t('Wait'));
  // An answer that comes late is not about the next kernel.
  if (answer !== restartKernel || pid === undefined || kernel.pid !== pid) return;
  try {
    await restart();
  } catch (error) {
    void vscode.window.showErrorMessage(messageOf(error));
  }
}
