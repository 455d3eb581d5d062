/** The kernel of one notebook: started on demand, restarted on request, replaced after a crash. */
import * as vscode from 'vscode';
import { KernelClient, type RunningTraining } from '../kernel/client';
import {
  findKept,
  NoKeeper,
  startKept,
  type Found,
  type KeptOptions,
  type KeptRun,
  type WaitingCell,
} from '../kernel/keeping/kept';
import type {
  CellError,
  DeviceSummary,
  Display,
  Execute,
  Findings,
  Finished,
  Inspection,
  KernelMessage,
  Stream,
  ViewRequest,
  ViewResult,
} from '../kernel/protocol';
import { folderOf } from './folders';
import { findNode } from './nodePath';
import { userOf } from './questions';
import { readSettings, type Settings } from './settings';
import { assertTrusted } from './trust';

/** What the status bar shows. */
export type KernelState =
  | { state: 'stopped' }
  | { state: 'starting' }
  | { state: 'idle' | 'busy' | 'silent'; device: DeviceSummary; node: string }
  | { state: 'failed'; message: string };

/** At most one process at a time; a launch or an end that comes late acts only while the phase is still its own. */
type Phase =
  | { name: 'stopped' }
  | { name: 'failed'; message: string }
  /** For a kernel that an earlier window has left. */
  | { name: 'looking'; over: Promise<unknown> }
  | { name: 'starting'; client: Promise<KernelClient> }
  /** The cells under way by their id, in the order in which the kernel takes them. */
  | { name: 'running'; client: KernelClient; cells: Map<string, Promise<Finished>> }
  | { name: 'stopping'; ended: Promise<void> }
  /** For good: the notebook was closed, or has another kernel. */
  | { name: 'closed' };

/** How long an interrupted cell may continue before a restart is advised. */
const INTERRUPT_PATIENCE_MS = 8000;

const NOT_WANTED = 'The kernel was stopped while it started.';

export class KernelProcess implements vscode.Disposable {
  private phase: Phase = { name: 'stopped' };
  private isSilent = false;
  private waiting: readonly WaitingCell[] = [];
  private readonly stateChange = new vscode.EventEmitter<KernelState>();
  private readonly messages = new vscode.EventEmitter<KernelMessage>();
  private readonly ends = new vscode.EventEmitter<CellError | undefined>();
  private readonly silences = new vscode.EventEmitter<boolean>();
  readonly onStateChange = this.stateChange.event;
  readonly onMessage = this.messages.event;
  /** The process is gone, or of no use any more: with the reason, if nobody had asked for it. */
  readonly onEnd = this.ends.event;
  private readonly bindings = new vscode.EventEmitter<void>();
  /** {@link bound} has changed. */
  readonly onBound = this.bindings.event;
  /** Variables that views have made, with their types as cells would write them. */
  readonly bound = new Map<string, string>();
  /** The process answers no more: true; it answers again: false. */
  readonly onSilence = this.silences.event;

  constructor(
    private readonly notebook: vscode.NotebookDocument,
    /** By what the notebook's kernel is found again. */
    private readonly owner: string,
    private readonly kernelMain: string,
    readonly channel: vscode.LogOutputChannel,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {
    // They go with their process.
    this.onEnd(() => {
      this.bound.clear();
      this.bindings.fire();
    });
  }

  get state(): KernelState {
    const { phase } = this;
    switch (phase.name) {
      case 'running': {
        const { device, node } = phase.client.ready;
        const busy = this.isSilent ? 'silent' : 'busy';
        return { state: phase.cells.size > 0 ? busy : 'idle', device, node };
      }
      case 'failed':
        return { state: 'failed', message: phase.message };
      case 'starting':
        return { state: 'starting' };
      default:
        return { state: 'stopped' };
    }
  }

  /** The process's id, while a kernel is ready. */
  get pid(): number | undefined {
    return this.phase.name === 'running' ? this.phase.client.pid : undefined;
  }

  /** Those under way in a kernel that runs. */
  get trainings(): RunningTraining[] {
    return this.phase.name === 'running' ? this.phase.client.trainings : [];
  }

  /** Settles when no training is under way any more, however it ended. */
  untilTrained(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.trainings.length > 0) return;
        subscriptions.dispose();
        resolve();
      };
      const subscriptions = vscode.Disposable.from(this.messages.event(look), this.ends.event(look));
      look();
    });
  }

  /**
   * The running kernel, started if there is none.
   * @throws Error saying why it could not start, or that it was stopped or closed meanwhile
   */
  async start(): Promise<KernelClient> {
    const { phase } = this;
    switch (phase.name) {
      case 'running':
      case 'starting':
        return phase.client;
      case 'looking':
        return phase.over.then(() => this.start());
      case 'stopping':
        return phase.ended.then(() => this.start());
      case 'closed':
        throw new Error(NOT_WANTED);
      default:
        return this.launch();
    }
  }

  /**
   * Looks for the kernel that an earlier window has left to this notebook, and takes it up.
   *
   * @param isWanted whether what it has run is this notebook's
   * @returns what it tells; undefined if there is none
   */
  async find(isWanted: (runs: readonly KeptRun[]) => boolean): Promise<Found | undefined> {
    const isFree = this.phase.name === 'stopped' || this.phase.name === 'failed';
    if (!isFree || !vscode.workspace.isTrusted) return undefined;
    const found = this.lookFor(isWanted);
    const looking: Phase = { name: 'looking', over: found };
    this.phase = looking;
    const known = await found;
    if (this.phase !== looking) {
      known?.client.leave();
      return undefined;
    }
    if (!known) {
      this.enter({ name: 'stopped' });
      return undefined;
    }
    const { client, runs } = known;
    const underWay = runs.filter(({ finished }) => !finished).map(({ cell: { id } }) => id);
    const cells = new Map(underWay.map((id) => [id, client.finished(id)]));
    this.channel.info(`Kernel ${client.pid} was found again, with ${runs.length} runs`);
    const running: Phase = { name: 'running', client, cells };
    this.enter(running);
    for (const [id, finished] of cells) void finished.then(() => cells.delete(id) && this.tell());
    return known;
  }

  /** Settles with the end of a cell that was under way when this kernel was found. Never rejects. */
  finished(id: string): Promise<Finished> {
    const { phase } = this;
    const known = phase.name === 'running' ? phase.cells.get(id) : undefined;
    if (!known) throw new Error(`No cell ${id} is running.`);
    return known;
  }

  /** Notes the cells that wait, for a window that comes when this one is gone. */
  note(waiting: readonly WaitingCell[]): void {
    this.waiting = waiting;
    if (this.phase.name === 'running') this.phase.client.note(waiting);
  }

  /** A run has ended, and its cell shows all of it: a window that comes later need not. */
  shown(id: string): void {
    if (this.phase.name === 'running') this.phase.client.shown(id);
  }

  /** Runs a cell on the kernel that {@link start} gave, and on no other. Never rejects. */
  async execute(client: KernelClient, cell: Omit<Execute, 'type'>): Promise<Finished> {
    const finished = client.execute(cell);
    const { phase } = this;
    if (phase.name !== 'running' || phase.client !== client) return finished;
    phase.cells.set(cell.id, finished);
    this.tell();
    await finished;
    phase.cells.delete(cell.id);
    this.tell();
    return finished;
  }

  /** Asks the cell under way to stop, and what earlier cells left running; advises a restart when it does not. */
  async interrupt(): Promise<void> {
    const { phase } = this;
    if (phase.name !== 'running') return;
    const [underWay] = phase.cells.values();
    phase.client.interrupt();
    if (!underWay || (await settlesWithin(underWay, INTERRUPT_PATIENCE_MS))) return;
    const reason = 'The cell does not stop. Only a restart of the kernel ends it.';
    if (this.phase === phase) this.messages.fire({ type: 'restartAdvised', reason });
  }

  /** @throws when there is no live kernel or it has no answer */
  async request(viewId: string, request: ViewRequest): Promise<ViewResult> {
    if (this.phase.name !== 'running')
      throw new Error(vscode.l10n.t('No kernel is running. Run the cell again to make this view live.'));
    const result = await this.phase.client.request(viewId, request);
    if (result.kind === 'kept') {
      this.bound.set(result.name, result.type);
      this.bindings.fire();
    }
    return result;
  }

  /** @throws when there is no live kernel, or no such value in it */
  async inspect<I extends Inspection>(inspection: I): Promise<Findings[I['kind']]> {
    if (this.phase.name !== 'running') throw new Error(vscode.l10n.t('No kernel is running.'));
    return this.phase.client.inspect(inspection);
  }

  /** Ends the kernel if there is one; its variables are gone. */
  async stop(): Promise<void> {
    const { phase } = this;
    if (phase.name === 'running' || phase.name === 'starting') {
      this.enter({ name: 'stopping', ended: this.end(phase.client) });
    }
    if (this.phase.name === 'stopping') await this.phase.ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends the kernel for good; a launch under way ends its process by itself. */
  dispose(): void {
    this.close((client) => client.kill());
  }

  /** Whether the kernel lives on without its notebook. */
  get isKept(): boolean {
    return this.phase.name === 'running' && this.phase.client.isKept;
  }

  /** Lets the kernel continue for who comes back; one that cannot is ended. */
  leave(): void {
    this.close((client) => (client.isKept ? client.leave() : client.kill()));
  }

  private close(end: (client: KernelClient) => void): void {
    const { phase } = this;
    this.phase = { name: 'closed' };
    if (phase.name === 'running') end(phase.client);
    this.ends.fire(undefined);
    for (const emitter of [this.stateChange, this.messages, this.ends, this.silences]) emitter.dispose();
  }

  /** The one door to a process of this notebook. */
  private launch(): Promise<KernelClient> {
    assertTrusted();
    const client = this.fork(readSettings(this.notebook.uri), () => this.phase === starting);
    const starting: Phase = { name: 'starting', client };
    this.enter(starting);
    return client;
  }

  /** @param isWanted false from when the kernel is stopped or closed */
  private async fork(settings: Settings, isWanted: () => boolean): Promise<KernelClient> {
    try {
      const nodePath = await findNode(settings.nodePath);
      if (!isWanted()) throw new Error(NOT_WANTED);
      const client = await this.started(this.optionsFrom(settings, nodePath));
      if (!isWanted()) {
        client.kill();
        await client.exited;
        throw new Error(NOT_WANTED);
      }
      const { device, node } = client.ready;
      this.channel.info(`Kernel ${client.pid} on ${device.name}, Node ${node} (${nodePath})`);
      client.note(this.waiting);
      this.enter({ name: 'running', client, cells: new Map() });
      return client;
    } catch (error) {
      if (isWanted()) this.enter({ name: 'failed', message: messageOf(error) });
      throw error;
    }
  }

  private optionsFrom({ device, precision, startupDeadline, patience }: Settings, nodePath: string): KeptOptions {
    return {
      kernelMain: this.kernelMain,
      nodePath,
      device,
      folder: folderOf(this.notebook),
      startupDeadline,
      env: { ...this.env, ...(precision === 'float32' && { LATENTLAB_PRECISION: precision }) },
      owner: this.owner,
      patience,
      ask: userOf(this.notebook),
      onMessage: (message) => this.receive(message),
      onSilence: (isSilent) => this.fellSilent(isSilent),
      onExit: (reason) => this.crashed(reason),
    };
  }

  /** One that is kept, if the settings want it and the system has a place for it. */
  private async started(options: KeptOptions): Promise<KernelClient> {
    const { busy, idle } = options.patience;
    if (busy === 0 && idle === 0) return KernelClient.start(options);
    try {
      return await startKept(options);
    } catch (error) {
      if (!(error instanceof NoKeeper)) throw error;
      this.channel.warn(`The kernel will end with its window: ${error.message}`);
      return KernelClient.start(options);
    }
  }

  private async lookFor(isWanted: (runs: readonly KeptRun[]) => boolean): Promise<Found | undefined> {
    try {
      return await findKept(this.optionsFrom(readSettings(this.notebook.uri), ''), isWanted);
    } catch (error) {
      this.channel.warn(messageOf(error));
      return undefined;
    }
  }

  private async end(launched: KernelClient | Promise<KernelClient>): Promise<void> {
    try {
      const client = await launched;
      await client.shutdown();
    } catch (error) {
      // It never started, which whoever started it has been told.
      this.channel.debug(`Stopping: ${messageOf(error)}`);
    }
    if (this.phase.name === 'closed') return;
    this.enter({ name: 'stopped' });
    this.ends.fire(undefined);
  }

  /** What a cell said when it had ended, and cannot be shown below it. */
  logLate(message: Stream | Display, reason?: string): void {
    const text = message.type === 'stream' ? message.text.trimEnd() : String(message.bundle['text/plain'] ?? '');
    this.channel.info(`${message.type === 'stream' ? message.name : 'display'}, late: ${text}`);
    if (reason !== undefined) this.channel.debug(reason);
  }

  private receive(message: KernelMessage): void {
    // What no cell printed: native libraries, timers that outlived their cell.
    if (message.type === 'stream' && message.id === undefined)
      this.channel.info(`${message.name}: ${message.text.trimEnd()}`);
    this.messages.fire(message);
  }

  private fellSilent(isSilent: boolean): void {
    this.isSilent = isSilent;
    this.tell();
    this.silences.fire(isSilent);
  }

  /** One that dies while it starts fails its launch instead. */
  private crashed(reason: CellError): void {
    this.channel.error(reason.message);
    if (this.phase.name !== 'running' || this.phase.client.alive) return;
    this.enter({ name: 'stopped' });
    this.ends.fire(reason);
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.tell();
  }

  private tell(): void {
    this.stateChange.fire(this.state);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
  const settled = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return settled;
}
