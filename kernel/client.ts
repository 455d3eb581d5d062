/**
 * The host's side of the protocol: forks a kernel, shakes hands, runs cells, interrupts, and tells why a kernel ended.
 * Knows nothing of VS Code, so that the extension and the command line drive the same kernel in the same way.
 */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { Arrivals } from './arrivals';
import { isCrash, rememberFailure } from './engine/devices/failures';
import { forgetPasses } from './engine/devices/passes';
import { endGroup, forkKernel, requireFolder, type ChildOptions } from './kernelChild';
import { OpenQuestions, type AskUser } from './openQuestions';
import { framed, PipeReader } from './pipe';
import {
  INTERRUPT_BYTE,
  INTERRUPT_FD,
  isDebugMessage,
  PROTOCOL_VERSION,
  type Ahead,
  type CellError,
  type Execute,
  type Findings,
  type Finished,
  type HostMessage,
  type Inspection,
  type KernelMessage,
  type Ready,
  type ViewRequest,
  type ViewResult,
} from './protocol';
import { RunningTrainings, type RunningTraining } from './runningTrainings';

export type { AskUser } from './openQuestions';
export type { RunningTraining } from './runningTrainings';

export interface KernelOptions extends ChildOptions {
  /** A rung of the device ladder, or `auto`. */
  device: string;
  seed?: number;
  /** Milliseconds until a kernel that is not ready is given up; default 30,000. */
  startupDeadline?: number;
  /** Hears everything the kernel says, also what {@link KernelClient} answers by a promise. */
  onMessage(message: KernelMessage): void;
  /** Puts a question to the user; absent: there is no one to ask. */
  ask?: AskUser;
  /** The process has ended without being asked to. */
  onExit(reason: CellError): void;
}

/** Lines of stderr kept for telling why a kernel ended. */
const TAIL_LINES = 20;

/** How long an ended kernel's pipes are listened to. */
const LAST_WORDS_MS = 500;

/** Node says so at every end of a process whose inspector is in use. */
const INSPECTOR_FAREWELL = /^Waiting for the debugger to disconnect\.\.\.\n?/gm;

export class KernelClient {
  private readonly cells = new Map<string, (finished: Finished) => void>();
  private readonly requests = new Map<string, { resolve(result: unknown): void; reject(error: Error): void }>();
  private readonly tail: string[] = [];
  private readonly running = new RunningTrainings();
  private readonly arrivals = new Arrivals((message) => this.receive(message));
  private readonly questions: OpenQuestions;
  private handshake: { resolve(): void; reject(error: Error): void } | undefined;
  private answer: Ready | undefined;
  private drained: (() => void) | undefined;
  private hearDebugger: ((message: object) => void) | undefined;
  private leaving = false;
  private failure: CellError | undefined;
  private runningCell: string | undefined;
  /** Settles when the process is gone. */
  readonly exited: Promise<void>;

  /**
   * Starts a kernel and waits until it is ready.
   * @throws Error with the reason and stderr's tail when it is not ready in time, refuses the device, or dies
   */
  static async start(options: KernelOptions): Promise<KernelClient> {
    requireFolder(options.folder);
    const client = new KernelClient(options, forkKernel(options));
    await client.shakeHands();
    return client;
  }

  private constructor(
    private readonly options: KernelOptions,
    private readonly process: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      process.once('error', (error) => {
        this.ended(`Node could not be started (${process.spawnfile}): ${error.message}`);
        resolve();
      });
      let lastWords: NodeJS.Timeout | undefined;
      const ended = (code: number | null, signal: NodeJS.Signals | null) => {
        clearTimeout(lastWords);
        if (isCrash(signal)) this.blameDevice(signal);
        this.ended(reasonOf(code, signal, this.tail));
        resolve();
      };
      process.once('close', ended);
      // Processes that a cell started may hold the pipes open for as long as they like.
      process.once('exit', (code, signal) => {
        endGroup(process.pid);
        lastWords = setTimeout(() => ended(code, signal), LAST_WORDS_MS);
      });
    });
    this.questions = new OpenQuestions(options.ask ?? askNobody, (answer) => this.pipe.write(framed(answer)));
    process.on('message', (message) => this.arrivals.receive(message as KernelMessage));
    const ahead = new PipeReader((message) => {
      if (isDebugMessage(message)) this.hearDebugger?.(message.message);
      else this.arrivals.receiveAhead(message as Ahead);
    });
    this.pipe.on('data', (piece: Buffer) => ahead.push(piece));
    process.stdout?.setEncoding('utf8').on('data', (text: string) => this.nativeOutput('stdout', text));
    process.stderr?.setEncoding('utf8').on('data', (text: string) => this.nativeOutput('stderr', text));
    // A kernel that ended closes its pipes; `close` tells it, with the reason.
    this.pipe.on('error', (error) => this.tail.push(`interrupt pipe: ${error.message}`));
  }

  get ready(): Ready {
    if (!this.answer) throw new Error('The kernel is not ready.');
    return this.answer;
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Under way now, as far as the kernel has told. */
  get trainings(): RunningTraining[] {
    return this.running.list;
  }

  get alive(): boolean {
    return this.failure === undefined && !this.leaving;
  }

  /** Runs one cell. Never rejects: a kernel that ends meanwhile finishes the cell with an error of kind `crash`. */
  execute(cell: Omit<Execute, 'type'>): Promise<Finished> {
    return new Promise((resolve) => {
      if (this.failure) {
        resolve(crashed(cell.id, this.failure));
        return;
      }
      this.cells.set(cell.id, resolve);
      this.post({ type: 'execute', ...cell });
    });
  }

  /**
   * Waits for what the cells have left running (timers, requests), but not for ever.
   *
   * @param patience milliseconds
   */
  async drain(patience: number): Promise<void> {
    if (!this.alive) return;
    const drained = new Promise<void>((resolve) => (this.drained = resolve));
    this.post({ type: 'drain', patience });
    await Promise.race([drained, this.exited]);
  }

  /** Asks the cell under way to stop; works on a busy kernel too. */
  interrupt(): void {
    this.pipe.write(Uint8Array.of(INTERRUPT_BYTE));
  }

  /**
   * Speaks the Debug Adapter Protocol with the kernel, also while it computes or is paused. One debugger at a time.
   *
   * @param listener hears what the kernel's side of it says
   * @returns sends it a message
   */
  debug(listener: (message: object) => void): (message: object) => void {
    this.hearDebugger = listener;
    return (message) => this.pipe.write(framed({ type: 'debug', message }));
  }

  /** @throws when the kernel has no answer or is gone */
  request(viewId: string, request: ViewRequest): Promise<ViewResult> {
    return this.answered((requestId) => ({ type: 'viewRequest', requestId, viewId, request }));
  }

  /**
   * Looks at what cells have declared. A kernel that is busy with JavaScript answers when it is not.
   *
   * @throws when there is no such value or the kernel is gone
   */
  inspect<I extends Inspection>(inspection: I): Promise<Findings[I['kind']]> {
    return this.answered((requestId) => ({ type: 'inspect', requestId, inspection }));
  }

  /** Ends the process in good order; kills it when it is busy. */
  async shutdown(patience = 2000): Promise<void> {
    this.leaving = true;
    // A kernel that waits for an answer reads nothing else.
    if (this.questions.end() && this.process.connected) this.interrupt();
    // One that is paused reads nothing either.
    if (this.hearDebugger) this.pipe.write(framed({ type: 'debug', message: DISCONNECT }));
    if (this.process.connected) this.post({ type: 'shutdown' });
    const deadline = setTimeout(() => this.process.kill('SIGKILL'), patience);
    await this.exited;
    clearTimeout(deadline);
  }

  /** Ends the process at once. */
  kill(): void {
    this.leaving = true;
    this.questions.end();
    this.process.kill('SIGKILL');
  }

  private get pipe(): Duplex {
    return this.process.stdio[INTERRUPT_FD] as Duplex;
  }

  /** Posts a request, and waits for the answer that carries its id. */
  private answered<T>(messageFor: (requestId: string) => HostMessage): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.failure) {
        reject(new Error(this.failure.message));
        return;
      }
      const requestId = randomUUID();
      this.requests.set(requestId, { resolve: (result) => resolve(result as T), reject });
      this.post(messageFor(requestId));
    });
  }

  private post(message: HostMessage): void {
    // A failed write means the process is gone, which `close` reports.
    this.process.send(message, (error) => error && this.tail.push(`send: ${error.message}`));
  }

  private async shakeHands(): Promise<void> {
    const { device, folder, seed, startupDeadline = 30_000 } = this.options;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.handshake = { resolve, reject };
        const late = `The kernel was not ready after ${startupDeadline / 1000} s.`;
        timer = setTimeout(() => reject(new Error(withTail(late, this.tail))), startupDeadline);
        if (this.failure) reject(new Error(this.failure.message));
        else this.post({ type: 'initialize', protocol: PROTOCOL_VERSION, device, folder, seed });
      });
    } catch (error) {
      this.kill();
      throw error;
    } finally {
      clearTimeout(timer);
      this.handshake = undefined;
    }
  }

  private receive(message: KernelMessage): void {
    this.running.receive(message);
    this.questions.receive(message);
    this.options.onMessage(message);
    switch (message.type) {
      case 'ready':
        this.answer = message;
        this.welcome(message);
        break;
      case 'startFailed':
        this.handshake?.reject(new Error(message.error.message));
        break;
      case 'started':
        this.runningCell = message.id;
        break;
      case 'finished':
        this.runningCell = undefined;
        this.cells.get(message.id)?.(message);
        this.cells.delete(message.id);
        break;
      case 'drained':
        this.drained?.();
        break;
      case 'inspected':
      case 'viewResponse': {
        const request = this.requests.get(message.requestId);
        this.requests.delete(message.requestId);
        if (message.result) request?.resolve(message.result);
        else request?.reject(new Error(message.error));
        break;
      }
      default:
        break;
    }
  }

  /** The next kernel tries the device in a process of its own, or passes it by. */
  private blameDevice(signal: NodeJS.Signals | null): void {
    const device = this.answer?.device;
    if (!device) forgetPasses();
    else if (device.gpu) rememberFailure(device.name, `a kernel that computed on it was ended by ${signal}`);
  }

  private welcome({ protocol }: Ready): void {
    if (protocol === PROTOCOL_VERSION) this.handshake?.resolve();
    else {
      const versions = `The kernel speaks protocol ${protocol}, this host ${PROTOCOL_VERSION}.`;
      this.handshake?.reject(new Error(`${versions} Build both again: npm run build`));
    }
  }

  /** What native code printed past the kernel's own streams. */
  private nativeOutput(name: 'stdout' | 'stderr', printed: string): void {
    const text = printed.replace(INSPECTOR_FAREWELL, '');
    if (text === '') return;
    if (name === 'stderr') {
      this.tail.push(...text.trimEnd().split('\n'));
      this.tail.splice(0, this.tail.length - TAIL_LINES);
    }
    this.options.onMessage({ type: 'stream', id: this.runningCell, name, text });
  }

  private ended(reason: string): void {
    if (this.failure) return;
    const message = withTail(reason, this.tail);
    this.failure = { kind: 'crash', name: 'KernelEnded', message, stack: message };
    this.handshake?.reject(new Error(message));
    this.questions.end();
    // While the cells that show them can still be written to.
    for (const display of this.running.end()) this.options.onMessage(display);
    for (const [id, finish] of this.cells) finish(crashed(id, this.failure));
    for (const request of this.requests.values()) request.reject(new Error(reason));
    this.cells.clear();
    this.requests.clear();
    if (!this.leaving) this.options.onExit(this.failure);
  }
}

/** A debugger's request to let the kernel go on without it. */
const DISCONNECT = { type: 'request', seq: 0, command: 'disconnect', arguments: {} };

const askNobody: AskUser = () => Promise.reject(new Error('There is no one to ask here.'));

function crashed(id: string, error: CellError): Finished {
  return { type: 'finished', id, success: false, duration: 0, endTime: Date.now(), error };
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null, tail: string[]): string {
  if (tail.some((line) => /heap out of memory|Reached heap limit/.test(line))) {
    return 'The kernel ran out of memory. Its variables are gone; the next run starts a fresh kernel.';
  }
  const how = signal ? `was ended by signal ${signal}` : `ended with exit code ${code}`;
  return `The kernel ${how}. Its variables are gone; the next run starts a fresh kernel.`;
}

function withTail(reason: string, tail: string[]): string {
  return tail.length === 0 ? reason : `${reason}\nLast lines of its stderr:\n${tail.join('\n')}`;
}
