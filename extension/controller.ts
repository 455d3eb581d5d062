/** The notebook controller: cells in, outputs out. One kernel a notebook, one cell at a time. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { KernelClient } from '../kernel/client';
import { seedOfCell } from '../kernel/notebook/parameters/overriding';
import type { Display, Finished, Started, Stream } from '../kernel/protocol';
import { placesOf, ranHere, tellLosses, unrun, type Placed } from './catchUp';
import { CellOutputs } from './cellOutputs';
import { Controllers } from './controllers';
import { offerRecovery } from './crashRecovery';
import type { Debugging } from './debugging/debugging';
import { messageOf, type KernelProcess } from './kernelProcess';
import type { Kernels } from './kernels';
import { LateOutputs } from './lateOutputs';
import { adoptEmpty, LANGUAGES, LISTED, refusalOf } from './languages';
import { namesIn, tagsIn } from './notebookMetadata';
import { CONTROLLER_IDS, isOfOurType, KERNEL_NAME } from './notebookTypes';
import { Problems } from './problems';
import { offerRestarts } from './restartOffers';
import type { StaleCells } from './staleCells';
import type { WholeOutputs } from './wholeOutputs';
import { mayRestart, untilClosable } from './trainings';
import { codeCellNumber, WaitingCells, wasDeleted } from './waitingCells';

type Shown = Started | Stream | Display;

export class LatentLabController implements vscode.Disposable {
  /** What makes runs of cells in VS Code. */
  readonly controllers: Controllers;
  private readonly queues = new WeakMap<vscode.NotebookDocument, Promise<void>>();
  /** Raised by a failure or an interrupt: cells that were queued before it do not run. */
  private readonly generations = new WeakMap<vscode.NotebookDocument, number>();
  /** The cell under way of each notebook. */
  private readonly running = new Map<vscode.NotebookDocument, vscode.NotebookCell>();
  /** Asked what is to become of their trainings: notebooks that were closed, by their address. */
  private readonly leaving = new Map<string, vscode.CancellationTokenSource>();
  private readonly problems: Problems;
  private readonly late: LateOutputs;
  private readonly waiting: WaitingCells;
  private readonly disposables: vscode.Disposable[];

  /** @param extensionId `publisher.name`, by which VS Code tells whose controller is meant */
  constructor(
    private readonly kernels: Kernels,
    private readonly extensionId: string,
    private readonly debugging: Debugging,
    private readonly stale: StaleCells,
    private readonly whole: WholeOutputs,
  ) {
    this.controllers = new Controllers('LatentLab (TypeScript)', (controller) => {
      controller.supportedLanguages = LISTED;
      controller.supportsExecutionOrder = true;
      controller.description = 'TypeScript with autoencoders on the local GPU';
      controller.executeHandler = (cells, notebook) => this.execute(cells, notebook);
      controller.interruptHandler = (notebook) => this.interrupt(notebook);
    });
    this.problems = new Problems(kernels);
    this.late = new LateOutputs(this.controllers, kernels);
    this.waiting = new WaitingCells(this.controllers, this.late, kernels);
    this.disposables = [
      this.controllers,
      this.problems,
      this.late,
      offerRestarts(kernels, (notebook) => this.restart(notebook)),
      offerRecovery(kernels, {
        running: (notebook) => this.running.get(notebook),
        run: (cells, notebook) => this.execute(cells, notebook),
      }),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.prefer(notebook)),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => editor && this.selectFor(editor)),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => void this.leave(notebook)),
      this.controllers.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        if (!selected) return void this.leave(notebook);
        this.kernels.select(notebook);
        this.adopt(notebook, notebook.getCells());
        void this.resume(notebook);
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        const added = contentChanges.flatMap(({ addedCells }) => addedCells);
        if (this.kernels.isSelected(notebook)) this.adopt(notebook, added);
      }),
    ];
    vscode.workspace.notebookDocuments.forEach((notebook) => this.prefer(notebook));
    if (vscode.window.activeNotebookEditor) this.selectFor(vscode.window.activeNotebookEditor);
  }

  /**
   * Runs cells after those that are queued already; the rest of them is dropped when one fails.
   * @returns settles when they have ended or were dropped
   */
  execute(cells: vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    const generation = this.generation(notebook);
    const isWanted = () => this.generation(notebook) === generation && !notebook.isClosed;
    const before = this.queues.get(notebook) ?? Promise.resolve();
    const queued = this.waiting.add(cells);
    const after = before.then(async () => {
      try {
        for (const cell of cells) {
          if (!isWanted()) break;
          if (wasDeleted(cell)) continue;
          if (!(await this.run(cell, await this.waiting.take(queued, cell), isWanted))) this.forgetQueued(notebook);
        }
      } finally {
        await this.waiting.release(queued);
      }
    });
    // This caller hears what has failed; cells that are queued later run all the same.
    const settled = after.catch(() => undefined);
    this.queues.set(notebook, settled);
    return after;
  }

  async interrupt(notebook: vscode.NotebookDocument): Promise<void> {
    this.forgetQueued(notebook);
    await this.kernels.known(notebook)?.interrupt();
  }

  /** Ends the notebook's kernel and starts a fresh one; cells that wait are dropped. Asks before it ends a training. */
  async restart(notebook: vscode.NotebookDocument): Promise<void> {
    const kernel = this.kernels.of(notebook);
    if (!(await mayRestart(kernel, notebook))) return;
    this.forgetQueued(notebook);
    await kernel.restart();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** The notebook is closed or has another kernel: ends ours, and asks before it ends a training. */
  private async leave(notebook: vscode.NotebookDocument): Promise<void> {
    this.forgetQueued(notebook);
    const kernel = this.kernels.known(notebook);
    const address = notebook.uri.toString();
    const reopened = new vscode.CancellationTokenSource();
    this.leaving.set(address, reopened);
    try {
      if (kernel && (await untilClosable(kernel, notebook, reopened.token)) === 'keep') this.kernels.release(notebook);
      else this.kernels.close(notebook);
    } finally {
      if (this.leaving.get(address) === reopened) this.leaving.delete(address);
    }
  }

  /** Takes up the kernel that the notebook had in another window, or before it was closed, and shows what it did since. */
  private async resume(notebook: vscode.NotebookDocument): Promise<void> {
    this.leaving.get(notebook.uri.toString())?.cancel();
    const kernel = this.kernels.of(notebook);
    const found = await kernel.find((runs) => !notebook.isUntitled || ranHere(notebook, runs));
    if (!found) return;
    const { placed, homeless } = placesOf(notebook, found.runs);
    const shown = placed.map((one) => this.showAgain(one, kernel));
    const before = this.queues.get(notebook) ?? Promise.resolve();
    this.queues.set(
      notebook,
      Promise.allSettled([before, ...shown]).then(() => undefined),
    );
    for (const { cell, outputs, finished } of homeless) {
      for (const message of outputs) kernel.logLate(message);
      if (finished) kernel.shown(cell.id);
    }
    found.listen();
    const name = path.posix.basename(notebook.uri.path);
    void tellLosses(name, homeless, found.lost, kernel.channel);
    const cells = await unrun(name, notebook, found.waiting);
    if (cells.length > 0) await this.execute(cells, notebook);
  }

  /** The run of a cell that an earlier window has begun; what the kernel says from now on is heard. */
  private async showAgain({ run, cell }: Placed, kernel: KernelProcess): Promise<void> {
    const { started, outputs, finished } = run;
    const execution = this.controllers.createNotebookCellExecution(cell);
    const startTime = started?.startTime ?? Date.now();
    execution.start(startTime);
    this.stale.begins(cell, run.cell.code);
    const said = [...(started ? [started] : []), ...outputs];
    const end = finished ? Promise.resolve(finished) : kernel.finished(run.cell.id);
    await this.show(execution, kernel, run.cell.id, startTime, () => end, said);
  }

  /** Our kernel comes first in VS Code's list for notebooks that name TypeScript or LatentLab in their metadata. */
  private prefer(notebook: vscode.NotebookDocument): void {
    if (!isOfOurType(notebook)) return;
    const { kernel, languages } = namesIn(notebook.metadata);
    const priority =
      kernel === KERNEL_NAME || languages.includes('typescript')
        ? vscode.NotebookControllerAffinity.Preferred
        : vscode.NotebookControllerAffinity.Default;
    this.controllers.updateNotebookAffinity(notebook, priority);
  }

  /**
   * A notebook that names another language keeps its cells, also empty ones, when our kernel is the only one here. What
   * a new notebook says of its language is VS Code's guess from its empty cell; its kernel is somebody's word.
   */
  private adopt(notebook: vscode.NotebookDocument, cells: readonly vscode.NotebookCell[]): void {
    const { languages } = namesIn(notebook.metadata);
    const [ofKernel, ofNotebook] = languages;
    const named = [ofKernel, notebook.isUntitled ? undefined : ofNotebook];
    if (named.every((name) => name === undefined || LANGUAGES.includes(name))) void adoptEmpty(cells);
  }

  /** The affinity alone selects nothing. Other kernels' TypeScript notebooks are theirs. */
  private selectFor(editor: vscode.NotebookEditor): void {
    const { notebook } = editor;
    if (!isOfOurType(notebook) || namesIn(notebook.metadata).kernel !== KERNEL_NAME) return;
    const id = CONTROLLER_IDS[notebook.notebookType];
    const ours = { id, extension: this.extensionId, editor, skipIfAlreadySelected: true };
    void vscode.commands.executeCommand('notebook.selectKernel', ours);
  }

  /** @returns whether the cells that wait may run */
  private async run(
    cell: vscode.NotebookCell,
    execution: vscode.NotebookCellExecution,
    isWanted: () => boolean,
  ): Promise<boolean> {
    const startTime = Date.now();
    execution.start(startTime);
    const foreign = refusalOf(cell);
    if (foreign !== undefined) return await refuse(execution, foreign);
    const kernel = this.kernels.of(cell.notebook);
    try {
      const client = await kernel.start();
      if (isWanted()) return await this.evaluate(execution, kernel, client, startTime);
    } catch (error) {
      if (isWanted()) return await refuse(execution, messageOf(error));
    }
    // Interrupted, restarted or closed while the kernel started: nothing ran, which is what was asked for.
    execution.end(undefined, Date.now());
    return false;
  }

  private async evaluate(
    execution: vscode.NotebookCellExecution,
    kernel: KernelProcess,
    client: KernelClient,
    startTime: number,
  ): Promise<boolean> {
    const { cell } = execution;
    const id = crypto.randomUUID();
    return this.show(execution, kernel, id, startTime, async () => {
      const language = cell.document.languageId === 'javascript' ? 'javascript' : 'typescript';
      const cellName = `cell ${codeCellNumber(cell)}`;
      await this.debugging.beforeRun(cell);
      this.stale.begins(cell);
      this.whole.begins(cell);
      const code = cell.document.getText();
      const source = cell.document.uri.toString();
      const seed = seedOfCell(tagsIn(cell.metadata), code);
      return kernel.execute(client, { id, cellName, language, code, source, seed });
    });
  }

  /**
   * Shows a run in its cell, to its end.
   *
   * @param said what the run has shown already
   * @returns whether the cells that wait may run
   */
  private async show(
    execution: vscode.NotebookCellExecution,
    kernel: KernelProcess,
    id: string,
    startTime: number,
    run: () => Promise<Finished>,
    said: Shown[] = [],
  ): Promise<boolean> {
    const { cell } = execution;
    const outputs = new CellOutputs(execution, (file) => this.whole.add(cell, file));
    this.running.set(cell.notebook, cell);
    this.late.begin(id, cell, outputs);
    const hear = (message: Shown) => {
      if (message.type === 'started') execution.executionOrder = message.executionOrder;
      else outputs.receive(message);
    };
    said.forEach(hear);
    const subscription = kernel.onMessage((message) => {
      // A training may continue for a while without its notebook.
      if (!('id' in message) || message.id !== id || cell.notebook.isClosed || 'late' in message) return;
      if (message.type === 'started' || message.type === 'stream' || message.type === 'display') hear(message);
    });
    try {
      this.problems.clear(cell);
      const { success, error, endTime } = await run();
      if (error) outputs.fail(error);
      await outputs.finish();
      const { executionOrder } = execution;
      execution.end(success, endTime);
      kernel.shown(id);
      this.late.end(id, { executionOrder, success, startTime, endTime }, kernel);
      if (error) this.problems.mark(cell, error);
      return success || expectsError(cell);
    } finally {
      if (this.running.get(cell.notebook) === cell) this.running.delete(cell.notebook);
      subscription.dispose();
      outputs.dispose();
    }
  }

  private generation(notebook: vscode.NotebookDocument): number {
    return this.generations.get(notebook) ?? 0;
  }

  private forgetQueued(notebook: vscode.NotebookDocument): void {
    this.generations.set(notebook, this.generation(notebook) + 1);
  }
}

/** Nothing ran: says why below the outputs that the cell had. */
async function refuse(execution: vscode.NotebookCellExecution, reason: string): Promise<false> {
  const error = Object.assign(new Error(reason), { name: 'LatentLab', stack: reason });
  const item = vscode.NotebookCellOutputItem.error(error);
  const earlier = execution.cell.outputs.filter((output) => output.metadata?.outputType !== 'error');
  try {
    await execution.replaceOutput([...earlier, new vscode.NotebookCellOutput([item], { outputType: 'error' })]);
  } finally {
    execution.end(false, Date.now());
  }
  return false;
}

/** Jupyter's tag for cells that are meant to fail. */
function expectsError(cell: vscode.NotebookCell): boolean {
  return tagsIn(cell.metadata).includes('raises-exception');
}
