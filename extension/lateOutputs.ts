/**
 * What cells print and show when they have ended (timers, promises that nobody awaited): below the cell that caused it,
 * and in the output channel when that cell is gone, was cleared or runs again.
 */
import * as vscode from 'vscode';
import type { Display, KernelMessage, Stream } from '../kernel/protocol';
import type { CellOutputs } from './cellOutputs';
import { messageOf, type KernelProcess } from './kernelProcess';
import type { Controllers } from './controllers';
import type { Kernels } from './kernels';

/** Outputs can be added to a running cell only; one that prints all the time would flicker. */
const PAUSE_MS = 250;

interface Ended {
  executionOrder: number | undefined;
  success: boolean;
  startTime: number;
  endTime: number;
}

interface Run {
  cell: vscode.NotebookCell;
  outputs: CellOutputs;
  ended?: Ended;
  waiting: (Stream | Display)[];
  /** Settles when what waited is in the document. */
  writing?: Promise<void>;
}

export class LateOutputs implements vscode.Disposable {
  /** The last run of each cell, by its id. */
  private readonly runs = new Map<string, Run>();
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly controller: Controllers,
    kernels: Kernels,
  ) {
    this.subscription = kernels.onCreate(({ notebook, kernel }) => {
      kernel.onMessage((message) => this.receive(message, kernel));
      kernel.onEnd(() => this.forget((run) => run.cell.notebook === notebook && run.ended !== undefined));
    });
  }

  /** A run begins: what earlier ones of the cell still say goes to the output channel. */
  begin(id: string, cell: vscode.NotebookCell, outputs: CellOutputs): void {
    this.forget((run) => run.cell === cell);
    this.runs.set(id, { cell, outputs, waiting: [] });
  }

  /** The run is over: what it says from now on is late. */
  end(id: string, ended: Ended, kernel: KernelProcess): void {
    const run = this.runs.get(id);
    if (!run) return;
    run.ended = ended;
    this.write(run, kernel);
  }

  /** Settles when the cell can run: nothing late is being written to it. */
  async settled(cell: vscode.NotebookCell): Promise<void> {
    for (const run of this.runs.values()) if (run.cell === cell) await run.writing;
  }

  dispose(): void {
    this.subscription.dispose();
    this.runs.clear();
  }

  private forget(which: (run: Run) => boolean): void {
    for (const [id, run] of this.runs) if (which(run)) this.runs.delete(id);
  }

  private receive(message: KernelMessage, kernel: KernelProcess): void {
    if ((message.type !== 'stream' && message.type !== 'display') || !message.late) return;
    const run = message.id === undefined ? undefined : this.runs.get(message.id);
    if (!run) {
      kernel.logLate(message);
      return;
    }
    run.waiting.push(message);
    if (run.ended) this.write(run, kernel);
  }

  private write(run: Run, kernel: KernelProcess): void {
    if (run.waiting.length === 0) return;
    run.writing ??= this.writeAll(run, run.ended!, kernel).finally(() => (run.writing = undefined));
  }

  private async writeAll(run: Run, ended: Ended, kernel: KernelProcess): Promise<void> {
    while (run.waiting.length > 0) {
      const messages = run.waiting.splice(0);
      try {
        await knowsDeletions();
        if (!showsRun(run.cell, ended)) throw new Error('The cell was deleted or cleared, or runs again.');
        await this.add(run, ended, messages);
      } catch (error) {
        for (const message of messages) kernel.logLate(message, messageOf(error));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** As a run of the cell that looks like the one before. */
  private async add({ cell, outputs }: Run, ended: Ended, messages: (Stream | Display)[]): Promise<void> {
    const execution = this.controller.createNotebookCellExecution(cell);
    execution.start(ended.startTime);
    execution.executionOrder = ended.executionOrder;
    try {
      outputs.resume(execution);
      for (const message of messages) outputs.receive(message);
      await outputs.finish();
    } finally {
      execution.end(ended.success, ended.endTime);
    }
  }
}

/**
 * VS Code keeps an execution for ever that is created for a cell it has deleted already. An answer of its window comes
 * after word of everything that it did before.
 */
async function knowsDeletions(): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'latentlab.writesLate', true);
}

function showsRun(cell: vscode.NotebookCell, { executionOrder }: Ended): boolean {
  const shown = cell.index >= 0 && !cell.notebook.isClosed;
  return shown && cell.executionSummary?.executionOrder === executionOrder;
}
