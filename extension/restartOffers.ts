/** Offers a restart where nothing else ends what goes on in a kernel: it says so, a cell does not stop, or it is silent. */
import * as vscode from 'vscode';
import { messageOf, type KernelProcess } from './kernelProcess';
import type { Kernels } from './kernels';

/** @param restart the way of the command, with its question about a training */
export function offerRestarts(
  kernels: Kernels,
  restart: (notebook: vscode.NotebookDocument) => Promise<void>,
): vscode.Disposable {
  return kernels.onCreate(({ notebook, kernel }) =>
    vscode.Disposable.from(
      kernel.onMessage((message) => {
        if (message.type === 'restartAdvised') void offer(message.reason, kernel, () => restart(notebook));
      }),
      kernel.onSilence((isSilent) => {
        if (isSilent) void tellOfSilence(notebook, kernel);
      }),
    ),
  );
}

/** A notification that goes when the kernel answers again, or has ended; a warning with buttons would stay. */
async function tellOfSilence(notebook: vscode.NotebookDocument, kernel: KernelProcess): Promise<void> {
  // Unencoded: the arguments of a link are decoded twice.
  const target = [{ notebookEditor: { notebookUri: notebook.uri.toString(true) } }];
  const restart = `command:latentlab.restartKernel?${encodeURIComponent(JSON.stringify(target))}`;
  const words = vscode.l10n.t(
    'The kernel does not answer: its process was stopped, or the computer is short of memory. It may recover by itself.',
  );
  // VS Code makes a link of it: a notification of progress has no buttons but the one that closes it.
  const title = `${words} [${vscode.l10n.t('Restart Kernel')}](${restart})`;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, (_, token) => untilHeard(kernel, token));
}

function untilHeard(kernel: KernelProcess, token: vscode.CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      subscriptions.dispose();
      resolve();
    };
    const subscriptions = vscode.Disposable.from(
      kernel.onSilence((isSilent) => !isSilent && over()),
      kernel.onEnd(over),
      token.onCancellationRequested(over),
    );
  });
}

/** A second offer with the same reason takes the place of the first. */
async function offer(reason: string, kernel: KernelProcess, restart: () => Promise<void>): Promise<void> {
  const { pid } = kernel;
  const restartKernel = vscode.l10n.t('Restart Kernel');
  const warning = vscode.l10n.t('{0} You will lose its variables.', reason);
  const answer = await vscode.window.showWarningMessage(warning, restartKernel, vscode.l10n.t('Wait'));
  // An answer that comes late is not about the next kernel.
  if (answer !== restartKernel || pid === undefined || kernel.pid !== pid) return;
  try {
    await restart();
  } catch (error) {
    void vscode.window.showErrorMessage(messageOf(error));
  }
}
