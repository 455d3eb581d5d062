/**
 * A notebook's session in the kernel process: cells in, messages out. Cells run one at a time in the order they came;
 * what they declare lives until the process ends.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { defaultSeed, setDefaultSeed } from '../autoencoders/index';
import type { TrainingProgress } from '../autoencoders/index';
import { forgetTrainings } from '../autoencoders/training/loop/fit';
import { describePlacesBy } from '../engine/trace/refusal';
import type { Execute, Inspect, KernelMessage, MimeBundle, ViewRequestMessage } from '../protocol';
import { dialogs } from './ask/dialogs';
import { Questions, type QuestionsOptions } from './ask/questions';
import { StandardInput } from './ask/standardInput';
import { currentCell, goOnBehalfOf, onBehalfOf, setUnderWay } from './run/cellContext';
import { CellCompiler, RUNTIME_NAME } from './compile/compile';
import type { ToAdapter } from './debug/messages';
import { DebugScripts } from './debug/scripts';
import { DeadWaits } from './run/deadWaits';
import { isStackOverflow, tooDeep } from './compile/depth';
import { bundleOf, html, latex, markdown, svg } from './show/display';
import { CellSyntaxError, InterruptedError } from './errors';
import { explainMemory } from './outOfMemory';
import { BoundNames } from './run/boundNames';
import { Evaluator, type Outcome } from './run/evaluator';
import { Execution, type Ending } from './run/execution';
import { Leftovers } from './run/leftovers';
import { LiveViews } from './show/liveViews';
import { ModuleLoader, type Modules } from './modules';
import { watchScripts } from './modules/compile/sourceMaps';
import { ownName, showOwnSource } from './compile/ownSource';
import { reservedNames } from './compile/shadowing';
import { plainBundle } from './show/plainBundle';
import { CellStacks } from './show/stack';
import { Streams } from './show/streams';
import { watchTimers } from './run/timers';
import { Variables } from './variables';

/** Node's own: those that cells call end with their cell. */
const nextTurn = setImmediate;

/** Code that has not been seen for so long does not continue any more. */
const STRAY_MS = 5000;

export interface SessionOptions {
  /** Where relative paths and imports start from (absolute). */
  folder: string;
  modules: Modules;
  /** Its name. */
  device: string;
  /** The default seed that it was started with; cells change no such one. */
  seed?: number | undefined;
  send(message: KernelMessage): void;
  questions: QuestionsOptions;
  /** The debugger: what is shared with it, and the way to it. */
  debug: { flags: Int32Array; post(message: ToAdapter): void };
  /** Hears which cell runs, by its execution order; 0 for none. */
  onRunning(order: number): void;
  /** Whether the user has interrupted a cell, also before {@link Session.interrupt} is called. */
  isInterrupted?(order: number): boolean;
}

/** A call of an asynchronous function, as of its entry. */
interface Activation {
  interrupts: number;
  execution: Execution | undefined;
}

export class Session {
  readonly views: LiveViews;
  private readonly compiler = new CellCompiler();
  private readonly evaluator = new Evaluator();
  private readonly stacks = new CellStacks();
  private readonly streams: Streams;
  private readonly loader: ModuleLoader;
  private readonly send: (message: KernelMessage) => void;
  private readonly questions: Questions;
  private readonly input: StandardInput;
  private readonly scripts: DebugScripts;
  private readonly leftovers = new Leftovers();
  /** What views make variables of the notebook. */
  readonly variablesOfViews = {
    propose: () => this.bound.propose(),
    bind: (name: string, value: unknown) => this.bind(name, value),
  };
  private readonly bound = new BoundNames({
    isTaken: (name) => this.variables.isDeclared(name) || reservedNames().has(name),
  });
  private readonly variables: Variables;
  private readonly waiting: Execute[] = [];
  /** By the names of their scripts. */
  private readonly executions = new Map<string, Execution>();
  private running: Execution | undefined;
  private order = 0;
  private interrupts = 0;
  /** The default seed before a cell with parameters gave another one. */
  private seedBefore: number | undefined;
  /** The run whose code went on last although it had been interrupted. */
  private stray: Execution | undefined;

  constructor(private readonly options: SessionOptions) {
    this.streams = new Streams(options.send, () => this.current);
    // Whatever is sent comes after what was printed before it.
    this.send = (message) => {
      this.streams.flush();
      options.send(message);
    };
    this.views = new LiveViews((message) => this.send(message));
    this.loader = new ModuleLoader(options.folder, options.modules);
    this.scripts = new DebugScripts(options.debug.flags, options.debug.post);
    watchScripts(({ file, ...script }) => {
      this.scripts.add({ ...script, url: pathToFileURL(file).href, path: file, name: path.basename(file) });
    });
    this.variables = new Variables(options.modules.namespace, options.device);
    this.questions = new Questions(options.questions, (message) => this.send(message));
    this.input = this.standardInput();
    this.input.install();
    this.installGlobals(options.folder);
    this.streams.install();
    showOwnSource();
    this.stacks.install();
    watchTimers();
    new DeadWaits(
      () => this.running,
      (execution) => this.warnOfDeadWait(execution),
    );
    // A cell's own frame must not fall off the end of a stack that is deep in a library.
    Error.stackTraceLimit = 50;
    describePlacesBy((place) => this.stacks.describePlace(place));
    process.on('uncaughtException', (error) => this.report('Uncaught', error));
    process.on('unhandledRejection', (error, promise) => {
      if (!this.evaluator.takeRejection(promise, error)) this.report('Uncaught (in promise)', error);
    });
  }

  /** The run that the code under way belongs to, which may have ended; what no cell started belongs to the one now. */
  get current(): Execution | undefined {
    return currentCell() ?? this.running;
  }

  /** Runs a cell after those that came before it. */
  execute(message: Execute): void {
    this.waiting.push(message);
    this.runNext();
  }

  /**
   * Ends what is under way: library calls by the run's signal, other asynchronous code at its next await.
   *
   * @param cell the one that was running when the user interrupted; 0 for none. A later one continues.
   */
  interrupt(cell: number): void {
    this.warnOfStray();
    if ((this.running?.order ?? 0) !== cell) return;
    this.interrupts++;
    this.loader.interrupted();
    this.input.interrupted();
    this.running?.interrupt();
  }

  /** Says of code that survives interrupts what can end it. */
  private warnOfStray(): void {
    const { stray } = this;
    if (!stray || performance.now() - stray.strayedAt > STRAY_MS) return;
    const what = `Code that ${stray.cellName} started catches every interrupt and keeps running.`;
    this.send({ type: 'restartAdvised', reason: `${what} Only a restart of the kernel ends it.` });
  }

  private warnOfDeadWait(execution: Execution): void {
    const hint = `${execution.cellName} waits for a promise that nothing will settle; interrupt the cell.`;
    this.streams.write('stderr', `${hint}\n`, execution);
    this.send({ type: 'deadWait', id: execution.id, hint });
  }

  /** The watchdog ended the JavaScript under way in this cell. */
  terminated(cell: number): void {
    if (this.running?.order !== cell) return;
    // The word of the interrupt itself may come when the cell has ended.
    this.interrupts++;
    this.loader.interrupted();
    forgetTrainings();
    this.running.terminated();
  }

  async answer({ requestId, viewId, request }: ViewRequestMessage): Promise<void> {
    try {
      this.send({ type: 'viewResponse', requestId, result: await this.views.answer(viewId, request) });
    } catch (error) {
      this.send({ type: 'viewResponse', requestId, error: error instanceof Error ? error.message : String(error) });
    }
  }

  async inspect({ requestId, inspection }: Inspect): Promise<void> {
    try {
      this.send({ type: 'inspected', requestId, result: await this.variables.answer(inspection) });
    } catch (error) {
      this.send({ type: 'inspected', requestId, error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Tells the host when what the cells have left running is over, or after some milliseconds. */
  async drain(patience: number): Promise<void> {
    await this.leftovers.over(patience);
    this.send({ type: 'drained' });
  }

  /** Declares a variable as a cell would. */
  private async bind(name: string, value: unknown): Promise<void> {
    const outcome = await this.evaluator.evaluate(this.bound.declare(name, value), 'latentlab-bound');
    if (outcome.kind !== 'completed') throw new Error(`${name} could not be declared; restart the kernel.`);
    this.variables.declare([{ name, scriptName: name, imported: false }]);
  }

  /**
   * Shows a bundle in the output of the run under way.
   * @returns a function that replaces the output's content
   */
  show(bundle: MimeBundle, isResult = false, execution = this.current): (bundle: MimeBundle) => void {
    if (!execution) throw new Error('display() was called outside of a cell.');
    const displayId = randomUUID();
    const post = (content: MimeBundle, update: boolean) => {
      const { id, ended: late } = execution;
      if (late && !update) this.streams.markLate(execution);
      const plain = plainBundle(content);
      this.send({ type: 'display', id, displayId, update, bundle: plain, isResult, ...(late && { late }) });
    };
    const update = (content: MimeBundle) => post(content, true);
    post(bundle, false);
    this.views.shown(bundle, update);
    return update;
  }

  /** Tells the host how far a training has come. */
  progress(
    executionId: string,
    label: string,
    { step, totalSteps, secondsLeft }: Pick<TrainingProgress, 'step' | 'totalSteps' | 'secondsLeft'>,
  ): void {
    this.send({ type: 'progress', id: executionId, label, done: step, total: totalSteps, secondsLeft });
  }

  /** Tells the host something that is of no output. */
  tell(message: KernelMessage): void {
    this.send(message);
  }

  private runNext(): void {
    const message = this.running ? undefined : this.waiting.shift();
    if (!message) return;
    const execution = new Execution(message, ++this.order, (ended, ending) => this.finish(ended, ending));
    this.running = execution;
    setUnderWay(execution);
    this.options.onRunning(execution.order);
    const { id, order, startTime } = execution;
    this.send({ type: 'started', id, executionOrder: order, startTime });
    // In a separate turn: when V8 ends a cell's JavaScript it forgets every microtask that waits beside it.
    nextTurn(() => void this.evaluate(execution));
  }

  /** Told by a call, not by a promise, for the same reason. */
  private finish(execution: Execution, ending: Ending): void {
    const { id, duration } = execution;
    this.streams.end(execution);
    this.running = undefined;
    execution.result = undefined;
    setUnderWay(undefined);
    this.options.onRunning(0);
    const error = ending.success ? undefined : ending.error;
    this.send({ type: 'finished', id, success: ending.success, duration, endTime: Date.now(), error });
    this.runNext();
    const memory = this.variables.muchHeld();
    if (memory) this.send({ type: 'memoryHeld', memory });
    const pile = this.variables.cellEnded();
    if (pile) this.send({ type: 'tensorsPileUp', cellName: execution.cellName, ...pile });
  }

  private async evaluate(execution: Execution): Promise<void> {
    const url = `latentlab-cell-${execution.order}`;
    this.executions.set(url, execution);
    try {
      const outcome = await this.outcomeOf(execution, url);
      if (outcome.kind !== 'terminated' && this.options.isInterrupted?.(execution.order))
        this.interrupt(execution.order);
      if (outcome.kind === 'terminated') this.terminated(execution.order);
      else if (outcome.kind === 'completed') {
        const bundle = await onBehalfOf(execution, () => this.resultOf(execution));
        execution.codeHasRun();
        if (bundle) this.show(bundle, true, execution);
        await execution.released();
        execution.signal.throwIfAborted();
        execution.end({ success: true });
      } else {
        execution.signal.throwIfAborted();
        this.fail(execution, url, this.errorOf(outcome, execution, url));
      }
    } catch (error) {
      this.fail(execution, url, error);
    }
  }

  /** A promise as the last value is waited for: nobody means to look at the promise. Whatever else has a `then` is shown. */
  private async resultOf({ result }: Execution): Promise<MimeBundle | undefined> {
    const warn = (message: string) => this.streams.write('stderr', `${message}\n`);
    if (!types.isPromise(result)) return bundleOf(result, warn);
    // Its own `then` may be another one, and what it comes to may have one.
    const settled = await new Promise<{ value: unknown }>((resolve, reject) => {
      void Promise.prototype.then.call(result, (value: unknown) => resolve({ value }), reject);
    });
    return bundleOf(settled.value, warn);
  }

  private async outcomeOf(execution: Execution, url: string): Promise<Outcome> {
    const { code: source, cellName, language, source: document = url } = execution.message;
    this.seedBy(execution.message);
    this.loader.cellBegins();
    const options = this.loader.compilerOptions();
    const { code, origin, declared, aliases } = this.compiler.compile(
      source,
      cellName,
      language,
      execution.order,
      options,
    );
    this.variables.declare(declared);
    this.bound.cellDeclares(declared);
    this.stacks.register(url, cellName, origin);
    this.scripts.add({ url, name: cellName, path: document, source, code, origin, aliases });
    return onBehalfOf(execution, () => this.evaluator.evaluate(code, url, this.scripts.isDebugged));
  }

  private seedBy({ seed }: Execute): void {
    if (seed === undefined || this.options.seed !== undefined) return;
    if (this.seedBefore !== undefined) setDefaultSeed(this.seedBefore);
    this.seedBefore = seed === null ? undefined : defaultSeed();
    if (seed !== null) setDefaultSeed(seed);
  }

  private errorOf(outcome: Exclude<Outcome, { kind: 'completed' | 'terminated' }>, execution: Execution, url: string) {
    if (outcome.kind === 'thrown') {
      const { code, cellName } = execution.message;
      // V8 itself could not follow: the script has not run.
      const refused = isStackOverflow(outcome.error) && this.stacks.scriptOf(outcome.error) === undefined;
      return refused ? tooDeep(code, cellName) : outcome.error;
    }
    const { cellName, line, column } = this.stacks.locate(url, outcome)!;
    return new CellSyntaxError(outcome.message, execution.message.code, cellName, line, column);
  }

  private fail(execution: Execution, url: string, thrown: unknown): void {
    const error = explainMemory(this.stacks.describe(thrown, url), () => this.variables.memory());
    // What the cell started and did not wait for ends with it.
    execution.abort(new InterruptedError());
    if (this.running === execution) this.input.interrupted();
    execution.end({ success: false, error });
  }

  /** An error that no cell caught goes to the one that it comes from. */
  private report(what: string, error: unknown): void {
    const { stack } = this.stacks.describe(error, '');
    const script = currentCell() ? undefined : this.stacks.scriptOf(error);
    const execution = script === undefined ? this.current : (this.executions.get(script) ?? this.running);
    this.streams.write('stderr', `${what} ${stack}\n`, execution);
  }

  /** Whose name stands above a question. */
  private get asker(): { id?: string; cellName?: string } {
    const { id, cellName } = this.current ?? {};
    return { id, cellName };
  }

  private isStopped(execution: Execution | undefined): boolean {
    if (!execution) return false;
    const isInterrupted = !execution.ended && this.options.isInterrupted?.(execution.order);
    return execution.stopped || isInterrupted === true;
  }

  private standardInput(): StandardInput {
    return new StandardInput({
      ask: async () => {
        const question = this.streams.unfinished;
        const execution = this.current;
        const line = await this.questions.askLater({ kind: 'line', question, ...this.asker });
        // As the terminal echoes it, which also ends the question's line.
        if (line !== null || this.streams.unfinished !== '')
          this.streams.write('stdout', `${String(line ?? '')}\n`, execution);
        return line as string | null;
      },
      withdraw: () => this.questions.withdraw(),
      fail: (error) => {
        const execution = this.current;
        if (!execution || execution.ended) this.report('Uncaught', error);
        else this.fail(execution, `latentlab-cell-${execution.order}`, error);
      },
    });
  }

  private installGlobals(folder: string): void {
    const file = path.join(folder, 'cell.ts');
    const runtime = {
      import: (specifier: string, names: string[]) => this.loader.import(specifier, names),
      dynamicImport: (specifier: unknown) => this.loader.dynamicImport(specifier),
      meta: this.loader.meta,
      /** What an async function remembers of its entry. */
      entered: (): Activation => ({ interrupts: this.interrupts, execution: currentCell() ?? this.running }),
      /** After every await: what was under way when the user interrupted goes no further; its `finally` blocks do. */
      resumed: (value: unknown, activation: Activation) => {
        goOnBehalfOf(activation.execution);
        const goesOn = activation.execution?.mayGoOn() ?? true;
        if (!goesOn) this.stray = activation.execution;
        else if (activation.interrupts === this.interrupts) return value;
        activation.interrupts = this.interrupts;
        throw new InterruptedError();
      },
      result: (value: unknown) => {
        if (this.running) this.running.result = value;
      },
      constant: (read: () => unknown) => constant(read),
    };
    const globals = {
      [RUNTIME_NAME]: runtime,
      require: this.loader.require,
      [ownName('__dirname')]: folder,
      [ownName('__filename')]: file,
      display: async (value: unknown) => {
        const execution = this.current;
        const warn = (message: string) => this.streams.write('stderr', `${message}\n`, execution);
        this.show((await bundleOf(value, warn)) ?? { 'text/plain': 'undefined' }, false, execution);
      },
      html,
      latex,
      markdown,
      svg,
      ...dialogs({
        print: (text) => this.streams.write('stdout', text),
        ask: (question) => this.questions.ask({ ...question, ...this.asker }, () => this.isStopped(this.current)),
      }),
    };
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
    }
  }
}

/** What a constant is to code that gives it a value. */
function constant(read: () => unknown): { value: unknown } {
  return {
    get value() {
      return read();
    },
    set value(_value) {
      // One without a value as yet says so itself.
      read();
      throw new TypeError('Assignment to constant variable.');
    },
  };
}
