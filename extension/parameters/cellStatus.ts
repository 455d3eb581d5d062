/** The mark below a cell that declares parameters, and below one that overrides them. */
import * as vscode from 'vscode';
import { isInjectedCell, isParametersCell } from './cells';

export class ParameterMarks implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.changes.event;
  private readonly disposables: vscode.Disposable[];

  constructor(notebookTypes: readonly string[]) {
    this.disposables = [
      this.changes,
      ...notebookTypes.map((type) => vscode.notebooks.registerNotebookCellStatusBarItemProvider(type, this)),
      vscode.workspace.onDidChangeNotebookDocument(({ cellChanges }) => {
        if (cellChanges.some(({ metadata }) => metadata)) this.changes.fire();
      }),
    ];
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem | undefined {
    const isInjected = isInjectedCell(cell);
    if (!isInjected && !isParametersCell(cell)) return undefined;
    const text = isInjected ? vscode.l10n.t('parameters of this run') : vscode.l10n.t('parameters');
    const { Left } = vscode.NotebookCellStatusBarAlignment;
    const item = new vscode.NotebookCellStatusBarItem(`$(settings) ${text}`, Left);
    item.tooltip = isInjected
      ? vscode.l10n.t('The values that you last chose in “Run with Parameters…”. Click to change them.')
      : vscode.l10n.t(
          'Runs can override the values in this cell: run the notebook with other values, or with a sweep.',
        );
    item.command = 'latentlab.runWithParameters';
    return item;
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }
}
