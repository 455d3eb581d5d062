/** The notebook controller: cells in, outputs out. One kernel a notebook, one cell at a time. */
import * as vscode from 'vscode';
import type { CellError } from '../kernel/protocol';
import { CellOutputs } from './cellOutputs';
import { messageOf, type KernelProcess } from './kernelProcess';
import type { Kernels } from './kernels';

export const CONTROLLER_ID = 'latentlab';
export const NOTEBOOK_TYPE = 'jupyter-notebook';

export const UNTRUSTED =
  'Nothing was run: this workspace is not trusted. Cells are programs with your rights; trust the workspace if you know where they come from.';

export class LatentLabController implements vscode.Disposable {
  private readonly controller: vscode.NotebookController;
  private readonly queues = new WeakMap<vscode.NotebookDocument, Promise<void>>();
  /** Raised by a failure or an interrupt: cells that were queued before it do not run. */
  private readonly generations = new WeakMap<vscode.NotebookDocument, number>();
  private readonly problems = vscode.languages.createDiagnosticCollection('latentlab');
  private readonly disposables: vscode.Disposable[] = [this.problems];

  /** @param extensionId `publisher.name`, by which VS Code tells whose controller is meant */
  constructor(
    private readonly kernels: Kernels,
    private readonly extensionId: string,
  ) {
    this.controller = vscode.notebooks.createNotebookController(CONTROLLER_ID, NOTEBOOK_TYPE, 'LatentLab (TypeScript)');
    this.controller.supportedLanguages = ['typescript', 'javascript'];
    this.controller.supportsExecutionOrder = true;
    this.controller.description = 'TypeScript with autoencoders on the local GPU';
    this.controller.executeHandler = (cells, notebook) => this.execute(cells, notebook);
    this.controller.interruptHandler = (notebook) => this.interrupt(notebook);
    this.disposables.push(
      this.controller,
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.prefer(notebook)),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => editor && this.selectFor(editor)),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.kernels.close(notebook)),
      this.controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        if (selected) this.kernels.select(notebook);
        else this.kernels.close(notebook);
      }),
    );
    vscode.workspace.notebookDocuments.forEach((notebook) => this.prefer(notebook));
    if (vscode.window.activeNotebookEditor) this.selectFor(vscode.window.activeNotebookEditor);
  }

  /** Runs cells after those that are queued already; the rest of them is dropped when one fails. */
  execute(cells: vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    const generation = this.generation(notebook);
    const before = this.queues.get(notebook) ?? Promise.resolve();
    const after = before.then(async () => {
      for (const cell of cells) {
        if (this.generation(notebook) !== generation || notebook.isClosed) return;
        if (!(await this.run(cell, notebook))) this.forgetQueued(notebook);
      }
    });
    this.queues.set(notebook, after);
    return after;
  }

  async interrupt(notebook: vscode.NotebookDocument): Promise<void> {
    this.forgetQueued(notebook);
    await this.kernels.of(notebook).interrupt();
  }

  /** Ends the notebook's kernel and starts a fresh one; cells that wait are dropped. */
  async restart(notebook: vscode.NotebookDocument): Promise<void> {
    this.forgetQueued(notebook);
    await this.kernels.of(notebook).restart();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Notebooks that name TypeScript or LatentLab in their metadata open with this controller. */
  private prefer(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== NOTEBOOK_TYPE) return;
    const priority = namesUs(notebook.metadata)
      ? vscode.NotebookControllerAffinity.Preferred
      : vscode.NotebookControllerAffinity.Default;
    this.controller.updateNotebookAffinity(notebook, priority);
  }

  /** Where several controllers are installed, the affinity orders VS Code's list and selects none. */
  private selectFor(editor: vscode.NotebookEditor): void {
    const { notebook } = editor;
    if (notebook.notebookType !== NOTEBOOK_TYPE || !namesUs(notebook.metadata)) return;
    const ours = { id: CONTROLLER_ID, extension: this.extensionId, editor, skipIfAlreadySelected: true };
    void vscode.commands.executeCommand('notebook.selectKernel', ours);
  }

  /** @returns whether the cells that wait may run */
  private async run(cell: vscode.NotebookCell, notebook: vscode.NotebookDocument): Promise<boolean> {
    const execution = this.controller.createNotebookCellExecution(cell);
    execution.start(Date.now());
    if (!vscode.workspace.isTrusted) return this.refuse(execution, UNTRUSTED);
    const kernel = this.kernels.of(notebook);
    try {
      await kernel.start();
    } catch (error) {
      return this.refuse(execution, messageOf(error));
    }
    return this.evaluate(execution, cell, kernel);
  }

  private async evaluate(
    execution: vscode.NotebookCellExecution,
    cell: vscode.NotebookCell,
    kernel: KernelProcess,
  ): Promise<boolean> {
    const id = crypto.randomUUID();
    const outputs = new CellOutputs(execution);
    const subscription = kernel.onMessage((message) => {
      if (!('id' in message) || message.id !== id) return;
      if (message.type === 'started') execution.executionOrder = message.executionOrder;
      outputs.receive(message);
    });
    this.problems.delete(cell.document.uri);
    const language = cell.document.languageId === 'javascript' ? 'javascript' : 'typescript';
    const cellName = `cell ${codeCellNumber(cell)}`;
    const { success, error, endTime } = await kernel.execute({ id, cellName, language, code: cell.document.getText() });
    subscription.dispose();
    if (error) {
      outputs.fail(error);
      this.mark(cell, error);
    }
    await outputs.finish();
    execution.end(success, endTime);
    return success || expectsError(cell);
  }

  /** Nothing ran: says why below the outputs that the cell had. */
  private async refuse(execution: vscode.NotebookCellExecution, reason: string): Promise<false> {
    const error = Object.assign(new Error(reason), { name: 'LatentLab', stack: reason });
    const item = vscode.NotebookCellOutputItem.error(error);
    const earlier = execution.cell.outputs.filter((output) => output.metadata?.outputType !== 'error');
    await execution.replaceOutput([...earlier, new vscode.NotebookCellOutput([item], { outputType: 'error' })]);
    execution.end(false, Date.now());
    return false;
  }

  /** Underlines where in the cell an error lies. */
  private mark(cell: vscode.NotebookCell, error: CellError): void {
    if (error.line === undefined || error.line > cell.document.lineCount) return;
    const start = new vscode.Position(error.line - 1, (error.column ?? 1) - 1);
    const range = cell.document.getWordRangeAtPosition(start) ?? new vscode.Range(start, start.translate(0, 1));
    const problem = new vscode.Diagnostic(range, `${error.name}: ${error.message}`, vscode.DiagnosticSeverity.Error);
    problem.source = 'LatentLab';
    this.problems.set(cell.document.uri, [problem]);
  }

  private generation(notebook: vscode.NotebookDocument): number {
    return this.generations.get(notebook) ?? 0;
  }

  private forgetQueued(notebook: vscode.NotebookDocument): void {
    this.generations.set(notebook, this.generation(notebook) + 1);
  }
}

/** Numbered as readers count: code cells only, from 1. */
function codeCellNumber(cell: vscode.NotebookCell): number {
  return cell.notebook
    .getCells()
    .slice(0, cell.index + 1)
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Code).length;
}

/** Jupyter's tag for cells that are meant to fail. */
function expectsError(cell: vscode.NotebookCell): boolean {
  const metadata = cell.metadata as { tags?: unknown; metadata?: { tags?: unknown } };
  const tags = metadata.metadata?.tags ?? metadata.tags;
  return Array.isArray(tags) && tags.includes('raises-exception');
}

function namesUs(metadata: Record<string, unknown>): boolean {
  const inner = (metadata.metadata ?? metadata) as {
    kernelspec?: { name?: string; language?: string };
    language_info?: { name?: string };
  };
  const names = [inner.kernelspec?.name, inner.kernelspec?.language, inner.language_info?.name];
  return names.some((name) => name === 'latentlab' || name === 'typescript');
}
