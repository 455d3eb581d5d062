/** A kernel that ended while a cell ran took the variables with it: offers to run the notebook up to that cell again. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { CellError } from '../kernel/protocol';
import type { Kernels } from './kernels';
import { messageOf } from './kernelProcess';

/** What a notebook's kernel was doing, and the way to run cells of it. */
export interface Recovery {
  /** The cell under way. */
  running(notebook: vscode.NotebookDocument): vscode.NotebookCell | undefined;
  run(cells: vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void>;
}

export function offerRecovery(kernels: Kernels, recovery: Recovery): vscode.Disposable {
  return kernels.onCreate(({ notebook, kernel }) =>
    kernel.onEnd((reason) => {
      const cell = reason && recovery.running(notebook);
      if (cell) void offer(reason, cell, recovery);
    }),
  );
}

async function offer(reason: CellError, cell: vscode.NotebookCell, recovery: Recovery): Promise<void> {
  const { t } = vscode.l10n;
  const { notebook } = cell;
  const toHere = t('Restart and Run to Here');
  const above = t('Restart and Run Above');
  const name = path.posix.basename(notebook.uri.path);
  const message = t('{0}: {1}', name, reason.message.split('\n')[0]!);
  const answer = await vscode.window.showErrorMessage(message, toHere, ...(codeAbove(cell).length > 0 ? [above] : []));
  // The cell may have been deleted meanwhile.
  if (answer === undefined || cell.index < 0 || notebook.isClosed) return;
  const cells = answer === toHere ? [...codeAbove(cell), cell] : codeAbove(cell);
  try {
    await recovery.run(cells, notebook);
  } catch (error) {
    void vscode.window.showErrorMessage(messageOf(error));
  }
}

function codeAbove(cell: vscode.NotebookCell): vscode.NotebookCell[] {
  const above = cell.notebook.getCells().slice(0, cell.index);
  return above.filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
}
