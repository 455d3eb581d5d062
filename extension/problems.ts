/** Underlines where in a cell an error lies, until the cell is edited, run again or closed, or its kernel ends. */
import * as vscode from 'vscode';
import type { CellError } from '../kernel/protocol';
import type { Kernels } from './kernels';

export class Problems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('latentlab');
  private readonly subscriptions: vscode.Disposable;

  constructor(kernels: Kernels) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.collection.delete(document.uri);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.collection.delete(uri)),
      kernels.onCreate(({ notebook, kernel }) => {
        kernel.onEnd(() => notebook.getCells().forEach((cell) => this.clear(cell)));
      }),
    );
  }

  mark({ document }: vscode.NotebookCell, error: CellError): void {
    if (error.line === undefined || error.line < 1 || error.line > document.lineCount) return;
    const start = document.validatePosition(new vscode.Position(error.line - 1, Math.max(0, (error.column ?? 1) - 1)));
    const range = document.getWordRangeAtPosition(start) ?? new vscode.Range(start, start.translate(0, 1));
    const problem = new vscode.Diagnostic(range, `${error.name}: ${error.message}`, vscode.DiagnosticSeverity.Error);
    problem.source = 'LatentLab';
    this.collection.set(document.uri, [problem]);
  }

  clear({ document }: vscode.NotebookCell): void {
    this.collection.delete(document.uri);
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.collection.dispose();
  }
}
