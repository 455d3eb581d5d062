/**
 * Marks cells that were edited since they ran: their outputs, and the variables that they gave, are those of the old text.
 * Nothing is known of a cell that was not run here.
 */
import * as vscode from 'vscode';
import type { Kernels } from './kernels';

export class StaleCells implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  /** What each cell ran, by its document's address. */
  private readonly ran = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.changes.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(kernels: Kernels, notebookTypes: readonly string[]) {
    this.subscriptions = vscode.Disposable.from(
      this.changes,
      ...notebookTypes.map((type) => vscode.notebooks.registerNotebookCellStatusBarItemProvider(type, this)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.ran.has(document.uri.toString())) this.changes.fire();
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.forget(notebook)),
      // What ran is gone with its kernel; the outputs say so no more than those of a notebook that was opened.
      kernels.onCreate(({ notebook, kernel }) => kernel.onEnd(() => this.forget(notebook))),
    );
  }

  /** A cell runs, with the text that it has if no other is given. */
  begins({ document }: vscode.NotebookCell, text = document.getText()): void {
    this.ran.set(document.uri.toString(), text);
    this.changes.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem | undefined {
    if (!this.isStale(cell)) return undefined;
    const { Left } = vscode.NotebookCellStatusBarAlignment;
    const text = vscode.l10n.t('edited since it ran');
    const item = new vscode.NotebookCellStatusBarItem(`$(history) ${text}`, Left);
    item.tooltip = vscode.l10n.t('The outputs and variables are from before the edit. Click to run the cell again.');
    item.accessibilityInformation = { label: text, role: 'button' };
    const range = { start: cell.index, end: cell.index + 1 };
    const args = [{ ranges: [range], document: cell.notebook.uri }];
    item.command = { command: 'notebook.cell.execute', title: vscode.l10n.t('Run Cell'), arguments: args };
    return item;
  }

  /** Whether a cell's text is another than what ran. */
  isStale({ document }: vscode.NotebookCell): boolean {
    const ran = this.ran.get(document.uri.toString());
    return ran !== undefined && ran !== document.getText();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private forget(notebook: vscode.NotebookDocument): void {
    for (const { document } of notebook.getCells()) this.ran.delete(document.uri.toString());
    this.changes.fire();
  }
}
