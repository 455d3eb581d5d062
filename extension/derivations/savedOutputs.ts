/** Keeps outputs of derivations in files beside them, as the setting says: written after each run, shown when opened. */
import * as vscode from 'vscode';
import type { Controllers } from '../controllers';
import { messageOf } from '../kernelProcess';
import type { Kernels } from '../kernels';
import { DERIVATION_TYPE } from '../notebookTypes';
import { outputsText, savedRuns, type SavedRun } from './outputsFile';

/** Between the end of a run and the writing: several cells that end one after the other are written once. */
const AFTER_RUN_MS = 300;
/** Between the last change of an output of a cell that runs, or has run, and the writing. */
const AFTER_CHANGE_MS = 5000;

export class SavedOutputs implements vscode.Disposable {
  private readonly timers = new Map<vscode.NotebookDocument, NodeJS.Timeout>();
  /** What the file of each notebook holds, as far as it is known. */
  private readonly written = new Map<vscode.NotebookDocument, string | undefined>();
  private readonly restored = new WeakSet<vscode.NotebookDocument>();
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly controller: Controllers,
    kernels: Kernels,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = vscode.Disposable.from(
      kernels.onSelection((notebook) => void this.restore(notebook)),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, cellChanges, contentChanges }) => {
        if (!isKept(notebook)) return;
        const ended = cellChanges.some(({ executionSummary }) => executionSummary?.timing !== undefined);
        if (ended || contentChanges.length > 0) this.writeIn(notebook, AFTER_RUN_MS);
        else if (cellChanges.some(({ outputs }) => outputs !== undefined)) this.writeIn(notebook, AFTER_CHANGE_MS);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        if (this.timers.has(notebook)) void this.write(notebook);
        this.written.delete(notebook);
      }),
    );
  }

  dispose(): void {
    for (const notebook of [...this.timers.keys()]) void this.write(notebook);
    this.subscriptions.dispose();
  }

  private writeIn(notebook: vscode.NotebookDocument, milliseconds: number): void {
    clearTimeout(this.timers.get(notebook));
    this.timers.set(
      notebook,
      setTimeout(() => void this.write(notebook), milliseconds),
    );
  }

  private async write(notebook: vscode.NotebookDocument): Promise<void> {
    clearTimeout(this.timers.get(notebook));
    this.timers.delete(notebook);
    // What the file holds must have been shown first, or it would be lost.
    if (!this.restored.has(notebook)) return;
    const text = outputsText(notebook.getCells());
    if (text === this.written.get(notebook)) return;
    this.written.set(notebook, text);
    const file = outputsFileOf(notebook);
    try {
      if (text === undefined) await vscode.workspace.fs.delete(file);
      else await writeWhole(file, text);
    } catch (error) {
      this.log.warn(`${file.fsPath}: ${messageOf(error)}`);
      void vscode.window.showWarningMessage(
        vscode.l10n.t('The outputs of {0} could not be saved: {1}', nameOf(notebook.uri), messageOf(error)),
      );
    }
  }

  /** Shows what earlier runs left, in cells whose code is still the same. */
  private async restore(notebook: vscode.NotebookDocument): Promise<void> {
    if (!isKept(notebook) || this.restored.has(notebook)) return;
    const file = outputsFileOf(notebook);
    const bytes = await vscode.workspace.fs.readFile(file).then(
      (found) => found,
      () => undefined,
    );
    if (this.restored.has(notebook)) return;
    this.restored.add(notebook);
    if (!bytes) return;
    const text = new TextDecoder().decode(bytes);
    try {
      const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
      const runs = savedRuns(text, cells);
      await Promise.all([...runs].map(([cell, run]) => this.show(cell, run)));
      this.written.set(notebook, outputsText(notebook.getCells()));
    } catch (error) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('{0} cannot be read: {1}. Run the cells again for outputs.', nameOf(file), messageOf(error)),
      );
    }
  }

  private async show(cell: vscode.NotebookCell, { executionOrder, success, timing, outputs }: SavedRun): Promise<void> {
    if (cell.outputs.length > 0) return;
    let execution: vscode.NotebookCellExecution;
    try {
      execution = this.controller.createNotebookCellExecution(cell);
    } catch {
      // It runs already: what it shows now is newer.
      return;
    }
    execution.executionOrder = executionOrder;
    execution.start(timing?.startTime);
    await execution.replaceOutput([...outputs]);
    execution.end(success, timing?.endTime);
  }
}

/** Whether outputs of the notebook are kept: it has a file, and the setting does not say otherwise. */
function isKept(notebook: vscode.NotebookDocument): boolean {
  if (notebook.notebookType !== DERIVATION_TYPE || notebook.isUntitled) return false;
  return vscode.workspace.getConfiguration('latentlab', notebook.uri).get('derivations.outputs') !== 'none';
}

function outputsFileOf({ uri }: vscode.NotebookDocument): vscode.Uri {
  return uri.with({ path: `${uri.path}.outputs.json` });
}

function nameOf({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Beside it first, so that nothing is lost when the writing fails. */
async function writeWhole(file: vscode.Uri, text: string): Promise<void> {
  const beside = file.with({ path: `${file.path}.partial` });
  await vscode.workspace.fs.writeFile(beside, new TextEncoder().encode(text));
  await vscode.workspace.fs.rename(beside, file, { overwrite: true });
}
