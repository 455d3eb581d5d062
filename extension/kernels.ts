/** The kernels of all open notebooks, and which notebooks use ours. */
import * as vscode from 'vscode';
import { KernelProcess } from './kernelProcess';

export interface KernelChange {
  notebook: vscode.NotebookDocument;
  kernel: KernelProcess;
}

export class Kernels implements vscode.Disposable {
  private readonly kernels = new Map<vscode.NotebookDocument, KernelProcess>();
  private readonly selected = new WeakSet<vscode.NotebookDocument>();
  private readonly created = new vscode.EventEmitter<KernelChange>();
  private readonly changes = new vscode.EventEmitter<void>();
  /** A notebook has got its kernel (not started). */
  readonly onCreate = this.created.event;
  /** Any state that the status bar shows has changed. */
  readonly onChange = this.changes.event;
  private readonly selections = new vscode.EventEmitter<vscode.NotebookDocument>();
  /** A notebook uses our kernels now, or no longer. */
  readonly onSelection = this.selections.event;

  constructor(
    private readonly kernelMain: string,
    private readonly log: vscode.LogOutputChannel,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {}

  of(notebook: vscode.NotebookDocument): KernelProcess {
    const known = this.kernels.get(notebook);
    if (known) return known;
    const kernel = new KernelProcess(notebook, this.kernelMain, this.log, this.env);
    this.kernels.set(notebook, kernel);
    kernel.onStateChange(() => this.changes.fire());
    this.created.fire({ notebook, kernel });
    return kernel;
  }

  /** The kernel, if the notebook has one already. */
  known(notebook: vscode.NotebookDocument): KernelProcess | undefined {
    return this.kernels.get(notebook);
  }

  select(notebook: vscode.NotebookDocument): void {
    this.selected.add(notebook);
    this.selections.fire(notebook);
    this.changes.fire();
  }

  isSelected(notebook: vscode.NotebookDocument): boolean {
    return this.selected.has(notebook);
  }

  close(notebook: vscode.NotebookDocument): void {
    if (this.selected.delete(notebook)) this.selections.fire(notebook);
    this.kernels.get(notebook)?.dispose();
    this.kernels.delete(notebook);
    this.changes.fire();
  }

  dispose(): void {
    for (const kernel of this.kernels.values()) kernel.dispose();
    this.kernels.clear();
    this.created.dispose();
    this.selections.dispose();
    this.changes.dispose();
  }
}
