/** Cells that wait for their turn: VS Code shows them so, and their kernel knows, for a window that comes back. */
import * as vscode from 'vscode';
import type { WaitingCell } from '../kernel/keeping/kept';
import type { Controllers } from './controllers';
import type { Kernels } from './kernels';
import type { LateOutputs } from './lateOutputs';

/** Cells that wait, and the executions by which VS Code shows it. */
export type Queue = Map<vscode.NotebookCell, Promise<vscode.NotebookCellExecution | undefined>>;

export class WaitingCells {
  private readonly waiting = new Set<vscode.NotebookCell>();
  /** Notebooks whose kernels have been told that cells wait. */
  private readonly noted = new Set<vscode.NotebookDocument>();

  constructor(
    private readonly controller: Controllers,
    private readonly late: LateOutputs,
    private readonly kernels: Kernels,
  ) {}

  /** Shows at once that cells wait for their turn; a cell that runs or waits already is shown so. */
  add(cells: vscode.NotebookCell[]): Queue {
    const queue: Queue = new Map();
    for (const cell of cells) {
      if (this.waiting.has(cell) || wasDeleted(cell)) continue;
      this.waiting.add(cell);
      const created = this.late.settled(cell).then(() => this.created(cell));
      queue.set(cell, created);
    }
    this.note();
    return queue;
  }

  /** Undefined if VS Code has one of the cell: it runs. */
  private created(cell: vscode.NotebookCell): vscode.NotebookCellExecution | undefined {
    try {
      return this.controller.createNotebookCellExecution(cell);
    } catch {
      return undefined;
    }
  }

  /** The execution of a cell whose turn has come. */
  async take(queue: Queue, cell: vscode.NotebookCell): Promise<vscode.NotebookCellExecution> {
    const known = await queue.get(cell);
    queue.delete(cell);
    this.waiting.delete(cell);
    this.note();
    if (known) return known;
    await this.late.settled(cell);
    return this.controller.createNotebookCellExecution(cell);
  }

  /** The cells that are left do not run. */
  async release(queue: Queue): Promise<void> {
    for (const [cell, execution] of queue) {
      this.waiting.delete(cell);
      (await execution)?.end(undefined);
    }
    this.note();
  }

  /** Kernels keep the names of cells that wait here: a window that comes back says that they did not run. */
  private note(): void {
    const told = new Map<vscode.NotebookDocument, WaitingCell[]>();
    for (const notebook of this.noted) told.set(notebook, []);
    this.noted.clear();
    for (const cell of this.waiting) {
      if (wasDeleted(cell)) continue;
      const waiting = { cellName: `cell ${codeCellNumber(cell)}`, code: cell.document.getText() };
      told.set(cell.notebook, [...(told.get(cell.notebook) ?? []), waiting]);
      this.noted.add(cell.notebook);
    }
    for (const [notebook, waiting] of told) this.kernels.known(notebook)?.note(waiting);
  }
}

export function wasDeleted(cell: vscode.NotebookCell): boolean {
  return cell.index < 0;
}

/** Numbered as readers count: code cells only, from 1. */
export function codeCellNumber(cell: vscode.NotebookCell): number {
  return cell.notebook
    .getCells()
    .slice(0, cell.index + 1)
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Code).length;
}
