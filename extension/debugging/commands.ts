/** "Debug Cell" and "Debug Kernel". */
import * as vscode from 'vscode';
import { activeNotebook } from '../commands/activeNotebook';
import type { LatentLabController } from '../controller';
import { messageOf } from '../kernelProcess';
import { assertTrusted } from '../trust';
import type { Debugging } from './debugging';

/**
 * Runs a cell with the debugger there, which leaves when the cell has ended; one that was there before stays.
 *
 * @param target the cell whose toolbar was used; absent: the one in view that is selected
 */
export async function debugCell(
  debugging: Debugging,
  controller: LatentLabController,
  target?: unknown,
): Promise<void> {
  const cell = isCell(target) ? target : selectedCell();
  if (!cell) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Select a code cell to debug it.'));
    return;
  }
  const { notebook } = cell;
  await orSaying(async () => {
    const wasThere = debugging.sessionOf(notebook) !== undefined;
    if (!(await debugging.attach(notebook))) return;
    try {
      await controller.execute([cell], notebook);
    } finally {
      if (!wasThere) await debugging.detach(notebook);
    }
  });
}

/** Attaches the debugger until the user stops it: every run stops at breakpoints meanwhile. */
export async function debugKernel(debugging: Debugging, target?: unknown): Promise<void> {
  const notebook = activeNotebook(target);
  if (!notebook) void vscode.window.showInformationMessage(vscode.l10n.t('Open a notebook to debug its kernel.'));
  else await orSaying(() => debugging.attach(notebook));
}

async function orSaying(work: () => Promise<unknown>): Promise<void> {
  try {
    assertTrusted();
    await work();
  } catch (error) {
    void vscode.window.showErrorMessage(messageOf(error));
  }
}

function isCell(target: unknown): target is vscode.NotebookCell {
  return typeof (target as Partial<vscode.NotebookCell> | undefined)?.document === 'object';
}

function selectedCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  const index = editor?.selection.start ?? 0;
  const cell = editor && index < editor.notebook.cellCount ? editor.notebook.cellAt(index) : undefined;
  return cell?.kind === vscode.NotebookCellKind.Code ? cell : undefined;
}
