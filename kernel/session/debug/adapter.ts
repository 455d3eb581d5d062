/**
 * The debugger of a kernel: the Debug Adapter Protocol in, V8's inspector out. Lives in the watchdog's thread, so that it
 * hears and answers while the main thread computes or is paused; there is no port, and its end is not the kernel's.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Runtime } from 'node:inspector';
import { Flag } from '../run/interruptFlags';
import { Breakpoints } from './breakpoints';
import { Connection, type Paused } from './connection';
import { KnownScripts } from './knownScripts';
import type { ToAdapter } from './messages';
import { NODE_PATTERN, OWN_PATTERNS, Stacks, type Frame } from './stack';
import { Variables } from './variables';

const THREAD = 1;
const ASYNC_DEPTH = 16;
/** Between looks at an interrupted cell. */
const OVER_MS = 10;
/** How long a pause waits for code of the user's before it takes a place in the library. */
const USERS_FIRST_MS = 300;
/** How long a debugger that leaves waits for what the main thread has said; one in native code says nothing. */
const LAST_WORDS_MS = 500;
/** How often a pause may come upon the kernel's own work before it is shown there. */
const MAX_STRAY_PAUSES = 200;

const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsExceptionInfoRequest: true,
  supportsDelayedStackTraceLoading: false,
  supportTerminateDebuggee: false,
  supportsTerminateRequest: false,
  exceptionBreakpointFilters: [
    { filter: 'all', label: 'Caught Exceptions', default: false },
    { filter: 'uncaught', label: 'Uncaught Exceptions', default: true },
  ],
};

type Handler = (args: never) => Promise<object | void>;

export class DebugAdapter {
  private readonly connection = new Connection();
  private readonly scripts = new KnownScripts(this.connection);
  private readonly stacks = new Stacks(this.connection, this.scripts);
  private readonly variables = new Variables(this.connection);
  private readonly breakpoints = new Breakpoints(this.connection, this.scripts, (breakpoint) =>
    this.event('breakpoint', { reason: 'changed', breakpoint }),
  );
  private sequence = 0;
  private paused: Paused | undefined;
  private frames: Promise<Frame[]> | undefined;
  /** What the user wants that the next pause is the end of. */
  private wish: 'step' | 'pause' | undefined;
  private pausesInLibrary = false;
  private strayPauses = 0;
  /** Settles when all breakpoints are as they were asked for last. */
  private settled: Promise<unknown> = Promise.resolve();
  private stopsWhereCaught = false;
  private flushed: (() => void) | undefined;
  /** Whether the interrupted cell has ended; absent while nothing is being interrupted. */
  private interruptIsOver: (() => boolean) | undefined;
  private ended = false;

  /**
   * @param flags shared with the main thread
   * @param send leads to the debugger
   */
  constructor(
    private readonly flags: Int32Array,
    private readonly send: (message: DebugProtocol.ProtocolMessage) => void,
  ) {
    this.connection.on('Debugger.paused', (paused) => void this.onPaused(paused));
    this.connection.on('Debugger.resumed', () => this.onResumed());
  }

  /** Whether the main thread stands still at the user's wish. */
  get isPaused(): boolean {
    return this.paused !== undefined;
  }

  async receive(request: DebugProtocol.Request): Promise<void> {
    const { seq: request_seq, command } = request;
    const respond = (rest: object) => this.post({ type: 'response', request_seq, command, ...rest });
    const handler = (this.handlers as Record<string, Handler | undefined>)[command];
    try {
      if (!handler) throw new Error(`The debugger of a kernel has no "${command}".`);
      const body = await handler(request.arguments as never);
      respond({ success: true, body });
      if (command === 'attach') this.event('initialized');
    } catch (error) {
      const { message } = error as Error;
      respond({ success: false, message, body: { error: { id: 1, format: message, showUser: false } } });
    }
  }

  /** The main thread's word. */
  async heard(message: ToAdapter): Promise<void> {
    if (message.type === 'flushed') {
      this.flushed?.();
      return;
    }
    if (message.type === 'log') {
      const place = this.breakpoints.placeOf(message.breakpoint);
      const source = place && { path: place.path };
      this.event('output', { category: 'console', output: `${message.text}\n`, source, line: place?.line });
      return;
    }
    try {
      await this.stopsAgain();
      await this.inOrder(() => this.breakpoints.arrived(this.scripts.add(message.script)));
    } finally {
      Atomics.store(this.flags, Flag.scripts, message.number);
      Atomics.notify(this.flags, Flag.scripts);
    }
  }

  /** The user has interrupted: what is paused continues, to be ended, and no breakpoint stops it on its way. */
  interrupted(isOver: () => boolean): void {
    void this.passesAll(true);
    this.interruptIsOver = isOver;
    if (this.paused) void this.connection.send('Debugger.resume').catch(ignore);
    const look = () => {
      void this.stopsAgain();
      if (this.interruptIsOver && !this.ended) setTimeout(look, OVER_MS);
    };
    look();
  }

  /** Once an interrupt is over, or another cell has come, whose breakpoints count. */
  private async stopsAgain(): Promise<void> {
    if (this.ended || !this.interruptIsOver?.()) return;
    this.interruptIsOver = undefined;
    await this.passesAll(false);
  }

  /** Node remembers what calls what with async_hooks, whose checks end a process in which V8 has ended JavaScript. */
  private async passesAll(skip: boolean): Promise<void> {
    const maxDepth = skip ? 0 : ASYNC_DEPTH;
    const both = [
      this.connection.send('Debugger.setAsyncCallStackDepth', { maxDepth }),
      this.connection.send('Debugger.setSkipAllPauses', { skip }),
    ];
    await Promise.all(both).catch(ignore);
  }

  /** What logpoints said before the end of their cell may come behind it. */
  private async hearAll(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.flushed = resolve;
      setTimeout(resolve, LAST_WORDS_MS);
      void this.connection.access('flush()').catch(ignore);
    });
  }

  /** Lets the kernel continue without a debugger. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.listens(false);
    this.connection.end();
  }

  private listens(on: boolean): void {
    Atomics.store(this.flags, Flag.debugging, on ? 1 : 0);
    Atomics.store(this.flags, Flag.paused, 0);
    Atomics.notify(this.flags, Flag.scripts);
  }

  private readonly handlers = {
    initialize: () => Promise.resolve(CAPABILITIES),
    attach: () => this.attach(),
    configurationDone: async () => {},
    threads: () => Promise.resolve({ threads: [{ id: THREAD, name: 'Kernel' }] }),
    setBreakpoints: (args: DebugProtocol.SetBreakpointsArguments) =>
      this.inOrder(async () => ({ breakpoints: await this.breakpoints.set(args) })),
    setExceptionBreakpoints: async ({ filters }: DebugProtocol.SetExceptionBreakpointsArguments) => {
      this.stopsWhereCaught = filters.includes('all');
      // Behind an await V8 takes for caught what only the kernel catches.
      const state = filters.length > 0 ? 'all' : 'none';
      await this.connection.send('Debugger.setPauseOnExceptions', { state });
    },
    stackTrace: async ({ startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments) => {
      const frames = (await this.frames) ?? [];
      const end = levels > 0 ? startFrame + levels : undefined;
      return { stackFrames: frames.slice(startFrame, end).map(({ shown }) => shown), totalFrames: frames.length };
    },
    scopes: async ({ frameId }: DebugProtocol.ScopesArguments) => ({
      scopes: await this.variables.scopesOf(await this.frame(frameId)),
    }),
    variables: async (args: DebugProtocol.VariablesArguments) => ({ variables: await this.variables.variables(args) }),
    setVariable: (args: DebugProtocol.SetVariableArguments) =>
      this.variables.set(args, (expression) => this.evaluate(expression, undefined, false)),
    evaluate: (args: DebugProtocol.EvaluateArguments) => this.evaluated(args),
    exceptionInfo: () => Promise.resolve(this.exceptionInfo()),
    source: (args: DebugProtocol.SourceArguments) => this.source(args),
    continue: async () => {
      await this.goOn('Debugger.resume');
      return { allThreadsContinued: true };
    },
    next: () => this.goOn('Debugger.stepOver', 'step'),
    stepIn: () => this.goOn('Debugger.stepInto', 'step'),
    stepOut: () => this.goOn('Debugger.stepOut', 'step'),
    pause: () => this.pause(),
    disconnect: async () => {
      await this.hearAll();
      this.end();
    },
  };

  /** Changes of breakpoints, one after the other; nothing continues before they are done. */
  private inOrder<T>(change: () => Promise<T>): Promise<T> {
    const done = this.settled.then(change);
    this.settled = done.catch(ignore);
    return done;
  }

  private async attach(): Promise<void> {
    await this.connection.send('Debugger.enable');
    await this.connection.send('Debugger.setAsyncCallStackDepth', { maxDepth: ASYNC_DEPTH });
    await this.looksAway(true);
    // Before the list: a script that comes meanwhile is announced.
    this.listens(true);
    await this.scripts.load();
  }

  /** @param fromOwn whether pauses leave out the library too, and not Node alone */
  private async looksAway(fromOwn: boolean): Promise<void> {
    const patterns = [NODE_PATTERN, ...(fromOwn ? OWN_PATTERNS : [])];
    await this.connection.send('Debugger.setBlackboxPatterns', { patterns });
  }

  private async goOn(
    method: 'Debugger.resume' | 'Debugger.stepOver' | 'Debugger.stepInto' | 'Debugger.stepOut',
    wish?: 'step',
  ) {
    await this.settled;
    this.wish = wish;
    await this.connection.send(method, method === 'Debugger.stepInto' ? {} : undefined);
  }

  /**
   * Stops at the next line of the user's. A cell that comes to none soon stops in the library: a training may continue
   * for hours without one.
   */
  private async pause(): Promise<void> {
    this.wish = 'pause';
    this.pausesInLibrary = false;
    this.strayPauses = 0;
    await this.connection.send('Debugger.pause');
    setTimeout(() => void this.pausesAnywhere().catch(ignore), USERS_FIRST_MS);
  }

  private async pausesAnywhere(): Promise<void> {
    const isRunning = Atomics.load(this.flags, Flag.running) !== 0;
    if (this.ended || this.paused || this.wish !== 'pause' || !isRunning) return;
    this.pausesInLibrary = true;
    await this.looksAway(false);
    await this.connection.send('Debugger.pause');
  }

  private async onPaused(paused: Paused): Promise<void> {
    const frames = this.stacks.framesOf(paused);
    if (await this.passesBy(paused, frames)) return;
    if (this.wish === 'pause') await this.looksAway(true);
    const { reason, hitBreakpoints = [], data } = paused;
    const isException = reason === 'exception' || reason === 'promiseRejection';
    if (isException && (await this.isCaught(paused, await frames))) {
      await this.connection.send('Debugger.resume');
      return;
    }
    const hit = this.breakpoints.hit(hitBreakpoints);
    if (hitBreakpoints.length > 0 && !hit.stops && this.wish === undefined) {
      await this.connection.send('Debugger.resume');
      return;
    }
    this.paused = paused;
    this.frames = frames;
    Atomics.store(this.flags, Flag.paused, 1);
    const why = isException ? 'exception' : hit.stops ? 'breakpoint' : (this.wish ?? 'breakpoint');
    const text = isException ? (data as Runtime.RemoteObject | undefined)?.description?.split('\n')[0] : undefined;
    this.wish = undefined;
    const hitBreakpointIds = hit.ids;
    this.event('stopped', { reason: why, threadId: THREAD, allThreadsStopped: true, text, hitBreakpointIds });
  }

  /** A step upon the kernel's own notes continues; a pause in the kernel's own work waits for the user's. */
  private async passesBy(paused: Paused, frames: Promise<Frame[]>): Promise<boolean> {
    const [first] = paused.callFrames;
    if (this.wish === 'step' && first) {
      const { lineNumber, columnNumber = 0 } = first.location;
      const url = this.connection.urlOf(first.location.scriptId);
      const isOwnWork = await this.scripts.at(url)?.isOwnWork({ line: lineNumber + 1, column: columnNumber + 1 });
      if (!isOwnWork || (paused.hitBreakpoints ?? []).length > 0) return false;
      await this.connection.send('Debugger.stepOver');
      return true;
    }
    if (this.wish !== 'pause' || ++this.strayPauses > MAX_STRAY_PAUSES) return false;
    const isUsers = ({ script, shown }: Frame) => Boolean(script ?? (shown.source && !shown.presentationHint));
    const [innermost, ...others] = (await frames).filter(({ call }) => call !== undefined);
    if (innermost && isUsers(innermost)) return false;
    if (others.some(isUsers)) {
      if (this.pausesInLibrary) return false;
      await this.connection.send('Debugger.stepOut');
      return true;
    }
    if ((await frames).some(isUsers)) return false;
    await this.connection.send('Debugger.pause');
    await this.connection.send('Debugger.resume');
    return true;
  }

  /** Whether the user's code catches an exception, as far as its `try` blocks tell, and wants no stop there. */
  private async isCaught({ data }: Paused, frames: Frame[]): Promise<boolean> {
    if (this.stopsWhereCaught || (data as { uncaught?: boolean }).uncaught) return false;
    const looks = frames.map(async ({ script, place }) => place !== undefined && (await script?.catches(place)));
    return (await Promise.all(looks)).includes(true);
  }

  private onResumed(): void {
    if (!this.paused) return;
    this.paused = undefined;
    this.frames = undefined;
    this.variables.forget();
    Atomics.store(this.flags, Flag.paused, 0);
    this.event('continued', { threadId: THREAD, allThreadsContinued: true });
  }

  private async frame(id: number | undefined): Promise<Frame> {
    const frame = (await this.frames)?.find((one) => one.id === id);
    if (!frame) throw new Error('The kernel has gone on.');
    return frame;
  }

  private async evaluated({ expression, frameId, context }: DebugProtocol.EvaluateArguments) {
    const value = await this.evaluate(expression, frameId, context === 'hover');
    const { value: result, ...rest } = this.variables.variable('', value);
    return { result, ...rest };
  }

  /** @throws Error with what the expression threw */
  private async evaluate(
    expression: string,
    frameId: number | undefined,
    throwOnSideEffect: boolean,
  ): Promise<Runtime.RemoteObject> {
    const frames = await this.frames;
    const frame = frameId === undefined ? frames?.find(({ call }) => call) : await this.frame(frameId);
    const options = { generatePreview: true, silent: true, throwOnSideEffect };
    const { result, exceptionDetails } = frame?.call
      ? await this.connection.send('Debugger.evaluateOnCallFrame', {
          callFrameId: frame.call.callFrameId,
          expression: await this.variables.inFrame(expression, frame),
          ...options,
        })
      : await this.connection.send('Runtime.evaluate', { expression, replMode: true, ...options });
    if (exceptionDetails) {
      const { exception, text } = exceptionDetails;
      throw new Error(exception?.description?.split('\n')[0] ?? text);
    }
    return result;
  }

  private exceptionInfo(): DebugProtocol.ExceptionInfoResponse['body'] {
    const data = this.paused?.data as (Runtime.RemoteObject & { uncaught?: boolean }) | undefined;
    const [description = String(data?.value ?? '')] = (data?.description ?? '').split('\n');
    const breakMode = data?.uncaught === false ? 'always' : 'unhandled';
    return { exceptionId: data?.className ?? 'Exception', description, breakMode };
  }

  private async source({ source, sourceReference }: DebugProtocol.SourceArguments): Promise<{ content: string }> {
    const key = this.stacks.referenced(sourceReference || (source?.sourceReference ?? 0)) ?? '';
    const known = await this.scripts.at(key)?.text();
    if (known !== undefined) return { content: known };
    const { scriptSource } = await this.connection.send('Debugger.getScriptSource', { scriptId: key });
    return { content: scriptSource };
  }

  private event(event: string, body?: object): void {
    this.post({ type: 'event', event, body });
  }

  private post(message: object): void {
    if (this.ended && (message as { type: string }).type === 'event') return;
    this.send({ seq: ++this.sequence, ...message } as DebugProtocol.ProtocolMessage);
  }
}

const ignore = () => {};
