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
  private readonly bindings = new vscode.EventEmitter<vscode.NotebookDocument>();
  /** Views of a notebook have made other variables than before, or its kernel has ended with them. */
  readonly onBound = this.bindings.event;

  constructor(
    private readonly kernelMain: string,
    private readonly log: vscode.LogOutputChannel,
    private readonly env: Readonly<Record<string, string>> = {},
    /** Tells the notebooks of this workspace that have no file yet from those of others. */
    private readonly workspace = '',
  ) {}

  of(notebook: vscode.NotebookDocument): KernelProcess {
    const known = this.kernels.get(notebook);
    if (known) return known;
    const { uri, isUntitled } = notebook;
    const owner = `${isUntitled ? `${this.workspace} ` : ''}${uri.toString()}`;
    const kernel = new KernelProcess(notebook, owner, this.kernelMain, this.log, this.env);
    this.kernels.set(notebook, kernel);
    kernel.onStateChange(() => this.changes.fire());
    kernel.onBound(() => this.bindings.fire(notebook));
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

  /** Ends the notebook's kernel for good. */
  close(notebook: vscode.NotebookDocument): void {
    this.forget(notebook, (kernel) => kernel.dispose());
  }

  /** Lets the notebook's kernel continue without it, if it can. */
  release(notebook: vscode.NotebookDocument): void {
    this.forget(notebook, (kernel) => kernel.leave());
  }

  /** The window goes: kernels live on for those who come back. */
  dispose(): void {
    for (const kernel of this.kernels.values()) kernel.leave();
    this.kernels.clear();
    this.created.dispose();
    this.selections.dispose();
    this.bindings.dispose();
    this.changes.dispose();
  }

  private forget(notebook: vscode.NotebookDocument, end: (kernel: KernelProcess) => void): void {
    if (this.selected.delete(notebook)) this.selections.fire(notebook);
    const kernel = this.kernels.get(notebook);
    if (kernel) end(kernel);
    this.kernels.delete(notebook);
    this.changes.fire();
  }
}
