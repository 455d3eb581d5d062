/**
 * The host's side of the protocol: forks a kernel, shakes hands, runs cells, interrupts, and tells why a kernel ended.
 * Knows nothing of VS Code, so that the extension and the command line drive the same kernel in the same way.
 */
import { randomUUID } from 'node:crypto';
import { Heartbeat, type HeartbeatOptions } from './heartbeat';
import { KernelChild, type ChildOptions } from './kernelChild';
import { withTail, type Connect, type KernelLink, type WaitingCell } from './kernelLink';
import { OpenQuestions, type AskUser } from './openQuestions';
import {
  DISCONNECT,
  PROTOCOL_VERSION,
  type CellError,
  type Execute,
  type Findings,
  type Finished,
  type HostMessage,
  type Inspection,
  type KernelMessage,
  type KeptTrainings,
  type Ready,
  type ViewRequest,
  type ViewResult,
} from './protocol';
import { RunningTrainings, type RunningTraining } from './runningTrainings';

export { GONE } from './kernelChild';
export type { AskUser } from './openQuestions';
export type { RunningTraining } from './runningTrainings';

export interface KernelOptions extends ChildOptions {
  /** A rung of the device ladder, or `auto`. */
  device: string;
  seed?: number;
  /** Threads that it computes on; default: as many as the machine has cores. */
  threads?: number;
  /** Its trainings keep themselves there, and continue with what an earlier kernel has kept. */
  keptRun?: KeptTrainings;
  /** Milliseconds until a kernel that is not ready is given up; default 30,000. */
  startupDeadline?: number;
  /** Hears everything the kernel says, also what {@link KernelClient} answers by a promise. */
  onMessage(message: KernelMessage): void;
  /** Puts a question to the user; absent: there is no one to ask. */
  ask?: AskUser;
  /** A process that runs a cell answers no more, or does so again: told by a heartbeat. */
  onSilence?(isSilent: boolean): void;
  heartbeat?: HeartbeatOptions;
  /** The process has ended without being asked to. */
  onExit(reason: CellError): void;
}

export class KernelClient {
  private readonly cells = new Map<string, (finished: Finished) => void>();
  /** Ends of cells that an earlier host has given: they may come before anybody asks. */
  private readonly ends = new Map<string, Promise<Finished>>();
  private readonly requests = new Map<string, { resolve(result: unknown): void; reject(error: Error): void }>();
  private readonly running = new RunningTrainings();
  private readonly heartbeat: Heartbeat;
  private readonly questions: OpenQuestions;
  private handshake: { resolve(): void; reject(error: Error): void } | undefined;
  private answer: Ready | undefined;
  private drained: (() => void) | undefined;
  private paused: (() => void) | undefined;
  private hearDebugger: ((message: object) => void) | undefined;
  private leaving = false;
  private failure: CellError | undefined;
  private readonly link: KernelLink;

  /**
   * Starts a kernel and waits until it is ready.
   *
   * @param connect gives the process; default: a child of this one
   * @throws Error with the reason and stderr's tail when it is not ready in time, refuses the device, or dies
   */
  static async start(options: KernelOptions, connect?: Connect): Promise<KernelClient> {
    const client = new KernelClient(options, connect ?? ((ears) => new KernelChild(options, ears)));
    await client.shakeHands();
    return client;
  }

  /**
   * Takes up a kernel that another host has started.
   *
   * @param ready what the kernel said then
   * @param said what it has shown and asked since, as far as it still counts
   * @param underWay cells that have not ended yet
   */
  static resume(
    options: KernelOptions,
    connect: Connect,
    ready: Ready,
    { said, underWay }: { said: readonly KernelMessage[]; underWay: readonly string[] },
  ): KernelClient {
    const client = new KernelClient(options, connect);
    client.answer = ready;
    for (const id of underWay) client.ends.set(id, client.untilFinished(id));
    for (const message of said) {
      client.running.receive(message);
      client.questions.receive(message);
    }
    return client;
  }

  private constructor(
    private readonly options: KernelOptions,
    connect: Connect,
  ) {
    this.link = connect({
      message: (message) => this.receive(message),
      debug: (message) => this.hearDebugger?.(message),
      ended: (reason) => this.ended(reason),
    });
    this.heartbeat = new Heartbeat(
      (beat) => this.link.ahead({ type: 'beat', beat }),
      (isSilent) => options.onSilence?.(isSilent),
      options.heartbeat,
    );
    this.questions = new OpenQuestions(options.ask ?? askNobody, (answer) => this.link.ahead(answer));
  }

  /** Settles when the process is gone. */
  get exited(): Promise<void> {
    return this.link.exited;
  }

  get ready(): Ready {
    if (!this.answer) throw new Error('The kernel is not ready.');
    return this.answer;
  }

  get pid(): number | undefined {
    return this.link.pid;
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
    const finished = this.untilFinished(cell.id);
    if (!this.failure) this.link.post({ type: 'execute', ...cell });
    return finished;
  }

  /** Settles as {@link execute} does, for a cell that the kernel has been given already. */
  finished(id: string): Promise<Finished> {
    return this.ends.get(id) ?? this.untilFinished(id);
  }

  private untilFinished(id: string): Promise<Finished> {
    return new Promise((resolve) => {
      if (this.failure) {
        resolve(crashed(id, this.failure));
        return;
      }
      this.cells.set(id, resolve);
      this.heartbeat.start();
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
    this.link.post({ type: 'drain', patience });
    await Promise.race([drained, this.exited]);
  }

  /**
   * Ends the training under way, once it has kept itself. A kernel that is busy with other work answers when it is not.
   *
   * @param patience milliseconds
   * @returns whether that is done
   */
  async pause(patience: number): Promise<boolean> {
    if (!this.alive) return false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), patience)));
    const paused = new Promise<boolean>((resolve) => (this.paused = () => resolve(true)));
    this.link.post({ type: 'pause' });
    const done = await Promise.race([paused, late, this.exited.then(() => false)]);
    clearTimeout(timer);
    return done;
  }

  /** Asks the cell under way to stop; works on a busy kernel too. */
  interrupt(): void {
    this.link.interrupt();
  }

  /**
   * Speaks the Debug Adapter Protocol with the kernel, also while it computes or is paused. One debugger at a time.
   *
   * @param listener hears what the kernel's side of it says
   * @returns sends it a message
   */
  debug(listener: (message: object) => void): (message: object) => void {
    this.hearDebugger = listener;
    return (message) => this.link.ahead({ type: 'debug', message });
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
    if (this.questions.end()) this.link.interrupt();
    // One that is paused reads nothing either.
    if (this.hearDebugger) this.link.ahead({ type: 'debug', message: DISCONNECT });
    this.link.post({ type: 'shutdown' });
    const deadline = setTimeout(() => this.link.kill(), patience);
    await this.exited;
    clearTimeout(deadline);
  }

  /** Ends the process at once. */
  kill(): void {
    this.leaving = true;
    this.questions.end();
    this.link.kill();
  }

  /** Whether the kernel lives on when its host has ended or {@link leave}s. */
  get isKept(): boolean {
    return this.link.leave !== undefined;
  }

  /** Notes the cells that wait at this host, for the one that comes next. */
  note(waiting: readonly WaitingCell[]): void {
    this.link.note?.(waiting);
  }

  /** A cell's run has ended, and this host shows all of it. One that is gone before leaves that to the next one. */
  shown(id: string): void {
    this.link.shown?.(id);
  }

  /** Lets the kernel continue without this host, if it is kept: its cells end before another one. */
  leave(): void {
    this.leaving = true;
    this.questions.end();
    this.cells.clear();
    this.heartbeat.stop();
    for (const request of this.requests.values()) request.reject(new Error('The kernel was left.'));
    this.requests.clear();
    if (this.hearDebugger) this.link.ahead({ type: 'debug', message: DISCONNECT });
    this.link.leave?.();
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
      this.link.post(messageFor(requestId));
    });
  }

  private async shakeHands(): Promise<void> {
    const { device, folder, seed, threads, keptRun, startupDeadline = 30_000 } = this.options;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.handshake = { resolve, reject };
        const late = `The kernel was not ready after ${startupDeadline / 1000} s.`;
        timer = setTimeout(() => reject(new Error(withTail(late, this.link.tail))), startupDeadline);
        if (this.failure) reject(new Error(this.failure.message));
        else this.link.post({ type: 'initialize', protocol: PROTOCOL_VERSION, device, folder, seed, threads, keptRun });
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
      case 'finished':
        this.cells.get(message.id)?.(message);
        this.cells.delete(message.id);
        if (this.cells.size === 0) this.heartbeat.stop();
        break;
      case 'beat':
        this.heartbeat.heard(message.beat);
        break;
      case 'drained':
        this.drained?.();
        break;
      case 'paused':
        this.paused?.();
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

  private welcome({ protocol }: Ready): void {
    if (protocol === PROTOCOL_VERSION) this.handshake?.resolve();
    else {
      const versions = `The kernel speaks protocol ${protocol}, this host ${PROTOCOL_VERSION}.`;
      this.handshake?.reject(new Error(`${versions} Build both again: npm run build`));
    }
  }

  private ended(reason: string): void {
    if (this.failure) return;
    this.failure = { kind: 'crash', name: 'KernelEnded', message: reason, stack: reason };
    this.handshake?.reject(new Error(reason));
    this.questions.end();
    this.heartbeat.stop();
    // While the cells that show them can still be written to.
    for (const display of this.running.end()) this.options.onMessage(display);
    for (const [id, finish] of this.cells) finish(crashed(id, this.failure));
    for (const request of this.requests.values()) request.reject(new Error(reason));
    this.cells.clear();
    this.requests.clear();
    if (!this.leaving) this.options.onExit(this.failure);
  }
}

const askNobody: AskUser = () => Promise.reject(new Error('There is no one to ask here.'));

function crashed(id: string, error: CellError): Finished {
  return { type: 'finished', id, success: false, duration: 0, endTime: Date.now(), error };
}
