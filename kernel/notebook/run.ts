import { randomUUID } from 'node:crypto';
import { KernelClient, type AskUser } from '../client';
import type { CellError, DeviceSummary, Finished, KernelMessage, KeptTrainings, Progress } from '../protocol';
import { isCode, joined, setField, tags } from './format';
import type { CodeCell, Notebook } from './format';
import { cellLanguage, completeMetadata, recordRun, requireLanguage } from './metadata';
import type { Language } from './metadata';
import { OutputAssembler } from './outputs';
import { seedOfCell } from './parameters/overriding';
import { NotebookError } from './read';

/** How long a run waits, when its last cell has ended, for what cells have left running. */
const LATE_PATIENCE_MS = 3000;

/** How long a cell whose training was paused has to end. */
const SETTLE_MS = 500;

export interface RunOptions {
  /** Executed in place: its code cells get the new outputs. */
  notebook: Notebook;
  /** Names the notebook in errors. */
  path: string;
  /** The bundled `dist/kernel/main.js`. */
  kernelMain: string;
  /** Where relative paths and imports of cells start from (absolute). */
  folder: string;
  device: string;
  seed?: number;
  nodePath?: string;
  /** Puts questions of cells to the user; absent: there is no one to ask. */
  ask?: AskUser;
  onEvent?(event: RunEvent): void;
  /** Threads that the kernel computes on; default: as many as the machine has cores. */
  threads?: number;
  /** Where its trainings keep themselves, and continue from. */
  keptRun?: KeptTrainings;
  /** Variables that the kernel's process has beside those of this one. */
  env?: Readonly<Record<string, string>>;
  /** Hears everything the kernel says. */
  onMessage?(message: KernelMessage): void;
}

export type RunEvent =
  | { type: 'ready'; device: DeviceSummary; cells: number }
  /** Cell `index` of `cells` (from 0) starts. */
  | { type: 'cell'; name: string; index: number; cells: number }
  | { type: 'progress'; progress: Progress }
  /** The user has interrupted: the cell under way is asked to stop. */
  | { type: 'interrupting' }
  /** Only the kernel's end ends what goes on. */
  | { type: 'restartAdvised'; reason: string }
  /** The cell under way waits for ever. */
  | { type: 'deadWait'; hint: string };

export interface RunOutcome {
  device: DeviceSummary;
  seconds: number;
  /** Why the run stopped before its end, and in which cell. */
  failure?: { cell: string; error: CellError };
}

/** One run of all code cells of a notebook, in order, in its own kernel. */
export class NotebookRun {
  private readonly outputs = new OutputAssembler();
  private client: KernelClient | undefined;
  private interrupted = false;
  private begun = false;

  constructor(private readonly options: RunOptions) {}

  /** Whether the notebook may hold something of this run. */
  get hasBegun(): boolean {
    return this.begun;
  }

  /**
   * Runs the cells and stops at the first that fails, unless its tags say `raises-exception`; cells tagged
   * `skip-execution` and empty ones are left as they are. What was reached is in the notebook whatever happens.
   *
   * @throws NotebookError for a notebook in another language, or when the kernel cannot start, with its reason; the
   *   notebook is then unchanged
   */
  async run(): Promise<RunOutcome> {
    const { notebook, path, onEvent } = this.options;
    const language = requireLanguage(notebook, path);
    const cells = runnable(notebook);
    const started = performance.now();
    const client = (this.client = await this.startKernel());
    if (this.interrupted) client.kill();
    try {
      onEvent?.({ type: 'ready', device: client.ready.device, cells: cells.length });
      this.begun = true;
      completeMetadata(notebook);
      const failure = await this.runCells(client, cells, language);
      if (!failure && !this.interrupted) await client.drain(LATE_PATIENCE_MS);
      const seconds = (performance.now() - started) / 1000;
      recordRun(notebook, client.ready.device, client.ready.node, seconds);
      return { device: client.ready.device, seconds, failure };
    } finally {
      await client.shutdown();
    }
  }

  /** Asks the cell under way to stop, and runs no other; a second time ends the kernel. */
  interrupt(): void {
    if (this.interrupted) {
      this.client?.kill();
      return;
    }
    this.interrupted = true;
    this.options.onEvent?.({ type: 'interrupting' });
    this.client?.interrupt();
  }

  /**
   * Ends the run where a later one can continue: the training under way keeps itself first, if the kernel knows where.
   *
   * @param patience milliseconds
   */
  async pause(patience: number): Promise<void> {
    this.interrupted = true;
    const { client } = this;
    if (!client) return;
    await client.pause(patience);
    // The cell that waits for the training ends by itself, unless something else holds it up.
    const ended = setTimeout(() => client.kill(), SETTLE_MS);
    await client.exited;
    clearTimeout(ended);
  }

  /** Ends the kernel at once. */
  kill(): void {
    this.interrupted = true;
    this.client?.kill();
  }

  private async startKernel(): Promise<KernelClient> {
    const { kernelMain, folder, device, seed, nodePath, ask, threads, keptRun, env } = this.options;
    const starting = KernelClient.start({
      ...{ kernelMain, folder, device, seed, nodePath, ask, threads, keptRun, env },
      onMessage: (message) => this.receive(message),
      // A cell under way ends with this error; between cells the next one does.
      onExit: () => {},
    });
    return starting.catch((error: Error) => {
      throw new NotebookError(`The kernel did not start: ${error.message}`);
    });
  }

  private async runCells(client: KernelClient, cells: NamedCell[], language: Language): Promise<RunOutcome['failure']> {
    for (const [index, { cell, name }] of cells.entries()) {
      if (this.interrupted) return { cell: name, error: notReached(name) };
      this.options.onEvent?.({ type: 'cell', name, index, cells: cells.length });
      const finished = await this.runCell(client, cell, name, language);
      const { error } = finished;
      if (error && !(isOfCode(error) && tags(cell).includes('raises-exception'))) return { cell: name, error };
    }
    return undefined;
  }

  private async runCell(client: KernelClient, cell: CodeCell, name: string, language: Language): Promise<Finished> {
    const id = randomUUID();
    const start = Date.now();
    this.outputs.start(id, cell);
    const known = cellLanguage(cell, language);
    const code = joined(cell.source);
    const finished: Finished = known
      ? await client.execute({ id, cellName: name, language: known, code, seed: seedOfCell(tags(cell), code) })
      : { type: 'finished', id, success: false, duration: 0, endTime: start, error: foreign(cell) };
    if (finished.error) this.outputs.error(id, finished.error);
    setField(cell.metadata, 'execution', {
      'iopub.execute_input': new Date(start).toISOString(),
      'shell.execute_reply': new Date(start + finished.duration).toISOString(),
    });
    return finished;
  }

  private receive(message: KernelMessage): void {
    this.options.onMessage?.(message);
    switch (message.type) {
      case 'started':
        this.outputs.started(message);
        break;
      case 'stream':
        this.outputs.stream(message);
        break;
      case 'display':
        this.outputs.display(message);
        break;
      case 'progress':
        this.options.onEvent?.({ type: 'progress', progress: message });
        break;
      case 'restartAdvised':
      case 'deadWait':
        this.options.onEvent?.(message);
        break;
      default:
        // Live frames are for views on a screen; the rest is for the client.
        break;
    }
  }
}

interface NamedCell {
  cell: CodeCell;
  name: string;
}

/** The code cells to run. Their names are those of VS Code's errors: `cell 3` is the third code cell. */
function runnable(notebook: Notebook): NamedCell[] {
  return notebook.cells.filter(isCode).flatMap((cell, index) => {
    const runs = joined(cell.source).trim() !== '' && !tags(cell).includes('skip-execution');
    return runs ? [{ cell, name: `cell ${index + 1}` }] : [];
  });
}

/** The code's own error, which a notebook may mean to show: no interrupt, and no end of the kernel. */
function isOfCode({ kind }: CellError): boolean {
  return kind === 'error' || kind === 'syntax';
}

function foreign(cell: CodeCell): CellError {
  const { languageId } = cell.metadata.vscode as { languageId: unknown };
  const message = `The cell is in ${String(languageId)}; LatentLab runs typescript and javascript.`;
  return { name: 'LanguageError', message, stack: `LanguageError: ${message}`, kind: 'error' };
}

function notReached(name: string): CellError {
  const message = `Interrupted before ${name}.`;
  return { name: 'Interrupted', message, stack: message, kind: 'interrupt' };
}
