/**
 * A notebook's session in the kernel process: cells in, messages out. Cells run one at a time in the order they came;
 * what they declare lives until the process ends.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TrainingProgress } from '../autoencoders/index';
import type { Execute, KernelMessage, MimeBundle, ViewRequestMessage } from '../protocol';
import { compileCell, RUNTIME_NAME } from './compile';
import { bundleOf, html, inspectValue, markdown } from './display';
import { CellSyntaxError, InterruptedError } from './errors';
import { Evaluator, type Outcome } from './evaluator';
import { Execution, type Ending } from './execution';
import { LiveViews } from './liveViews';
import { ModuleLoader, type ModulePaths } from './modules';
import { CellStacks } from './stack';
import { Streams } from './streams';

export interface SessionOptions {
  /** Where relative paths and imports start from (absolute). */
  folder: string;
  modules: ModulePaths;
  send(message: KernelMessage): void;
  /** Hears which cell runs, by its execution order; 0 for none. */
  onRunning(order: number): void;
}

export class Session {
  readonly views: LiveViews;
  private readonly evaluator = new Evaluator();
  private readonly stacks = new CellStacks();
  private readonly streams: Streams;
  private readonly loader: ModuleLoader;
  private readonly send: (message: KernelMessage) => void;
  private queue: Promise<void> = Promise.resolve();
  private running: Execution | undefined;
  private order = 0;
  private interrupts = 0;

  constructor(private readonly options: SessionOptions) {
    this.streams = new Streams(options.send, () => this.running);
    // Whatever is sent comes after what was printed before it.
    this.send = (message) => {
      this.streams.flush();
      options.send(message);
    };
    this.views = new LiveViews((message) => this.send(message));
    this.loader = new ModuleLoader(options.folder, options.modules);
    this.installGlobals(options.folder);
    this.streams.install();
    // A cell's own frame must not fall off the end of a stack that is deep in a library.
    Error.stackTraceLimit = 50;
    process.on('uncaughtException', (error) => this.report('Uncaught', error));
    process.on('unhandledRejection', (error) => this.report('Uncaught (in promise)', error));
  }

  get current(): Execution | undefined {
    return this.running;
  }

  execute(message: Execute): Promise<void> {
    this.queue = this.queue.then(() => this.run(new Execution(message, ++this.order)));
    return this.queue;
  }

  /** Ends what is under way: library calls by the run's signal, other asynchronous code at its next await. */
  interrupt(): void {
    this.interrupts++;
    this.running?.interrupt();
  }

  /** The watchdog ended the JavaScript under way. */
  terminated(): void {
    this.running?.terminated();
  }

  async answer({ requestId, viewId, request }: ViewRequestMessage): Promise<void> {
    try {
      this.send({ type: 'viewResponse', requestId, result: await this.views.answer(viewId, request) });
    } catch (error) {
      this.send({ type: 'viewResponse', requestId, error: error instanceof Error ? error.message : String(error) });
    }
  }

  /**
   * Shows a bundle in the output of the run under way.
   * @returns a function that replaces the output's content
   */
  show(bundle: MimeBundle, isResult = false, execution = this.running): (bundle: MimeBundle) => void {
    if (!execution) throw new Error('display() was called outside of a cell.');
    const displayId = randomUUID();
    execution.displays++;
    const post = (content: MimeBundle, update: boolean) =>
      this.send({ type: 'display', id: execution.id, displayId, update, bundle: content, isResult });
    post(bundle, false);
    return (content) => post(content, true);
  }

  /** Tells the host how far a training has come. */
  progress(executionId: string, label: string, { step, totalSteps, secondsLeft }: TrainingProgress): void {
    this.send({ type: 'progress', id: executionId, label, done: step, total: totalSteps, secondsLeft });
  }

  private async run(execution: Execution): Promise<void> {
    this.running = execution;
    this.options.onRunning(execution.order);
    const { id, order, startTime } = execution;
    this.send({ type: 'started', id, executionOrder: order, startTime });
    void this.evaluate(execution);
    const ending = await execution.settled;
    const error = ending.success ? undefined : this.stacks.describe(ending.error, inspectValue);
    this.running = undefined;
    this.options.onRunning(0);
    const { duration } = execution;
    this.send({ type: 'finished', id, success: ending.success, duration, endTime: Date.now(), error });
  }

  private async evaluate(execution: Execution): Promise<void> {
    const url = `latentlab-cell-${execution.order}`;
    const { code: source, cellName, language } = execution.message;
    try {
      const { code, map } = compileCell(source, cellName, language, this.interrupts);
      this.stacks.register(url, cellName, map);
      const outcome = await this.evaluator.evaluate(code, url);
      const ending = this.endingOf(outcome, source, url);
      if (ending?.success) {
        // A promise as the last value is waited for: nobody means to look at the promise.
        const bundle = await bundleOf(await execution.result);
        if (bundle) this.show(bundle, true, execution);
      }
      if (ending) execution.end(ending);
    } catch (error) {
      execution.end({ success: false, error });
    }
  }

  /** @returns undefined for a terminated script: the watchdog's word settles it */
  private endingOf(outcome: Outcome, source: string, url: string): Ending | undefined {
    switch (outcome.kind) {
      case 'completed':
        return { success: true };
      case 'thrown':
        return { success: false, error: outcome.error };
      case 'refused': {
        const { cellName, line, column } = this.stacks.locate(url, outcome.line, outcome.column)!;
        return { success: false, error: new CellSyntaxError(outcome.message, source, cellName, line, column) };
      }
      case 'terminated':
        return undefined;
    }
  }

  private report(what: string, error: unknown): void {
    const { stack } = this.stacks.describe(error, inspectValue);
    this.streams.write('stderr', `${what} ${stack}\n`);
  }

  private installGlobals(folder: string): void {
    const file = path.join(folder, 'cell.ts');
    const interrupts = () => this.interrupts;
    const runtime = {
      get interrupts() {
        return interrupts();
      },
      import: (specifier: string, names: string[]) => this.loader.import(specifier, names),
      dynamicImport: (specifier: unknown) => this.loader.dynamicImport(specifier),
      meta: { url: pathToFileURL(file).href, filename: file, dirname: folder },
      /** After every await: what was under way when the user interrupted goes no further. */
      resumed: (value: unknown, entered: number) => {
        if (this.interrupts !== entered) throw new InterruptedError();
        return value;
      },
      result: (value: unknown) => {
        if (this.running) this.running.result = value;
      },
    };
    const globals = {
      [RUNTIME_NAME]: runtime,
      require: this.loader.require,
      display: async (value: unknown) => {
        this.show((await bundleOf(value)) ?? { 'text/plain': 'undefined' });
      },
      html,
      markdown,
    };
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
    }
  }
}
