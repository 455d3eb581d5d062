/** The kernel of one notebook: started on demand, restarted on request, replaced after a crash. */
import path from 'node:path';
import * as vscode from 'vscode';
import { KernelClient } from '../kernel/client';
import type {
  CellError,
  DeviceSummary,
  Execute,
  Finished,
  KernelMessage,
  ViewRequest,
  ViewResult,
} from '../kernel/protocol';
import { findNode } from './nodePath';
import { readSettings } from './settings';

export type KernelState =
  | { state: 'stopped' }
  | { state: 'starting' }
  | { state: 'idle' | 'busy'; device: DeviceSummary; node: string }
  | { state: 'failed'; message: string };

/** How long an interrupted cell may go on before a restart is offered. */
const INTERRUPT_PATIENCE_MS = 8000;

export class KernelProcess implements vscode.Disposable {
  private client: Promise<KernelClient> | undefined;
  private current: KernelState = { state: 'stopped' };
  private readonly stateChange = new vscode.EventEmitter<KernelState>();
  private readonly messages = new vscode.EventEmitter<KernelMessage>();
  private readonly ends = new vscode.EventEmitter<CellError | undefined>();
  private settled = new vscode.EventEmitter<void>();
  readonly onStateChange = this.stateChange.event;
  readonly onMessage = this.messages.event;
  /** The process is gone: with the reason, if nobody had asked for it. */
  readonly onEnd = this.ends.event;

  constructor(
    private readonly notebook: vscode.NotebookDocument,
    private readonly kernelMain: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get state(): KernelState {
    return this.current;
  }

  /**
   * The running kernel, started if there is none.
   * @throws Error saying why it could not start
   */
  start(): Promise<KernelClient> {
    this.client ??= this.launch();
    return this.client;
  }

  /** Never rejects once the kernel runs; {@link start} it first. */
  async execute(cell: Omit<Execute, 'type'>): Promise<Finished> {
    const client = await this.start();
    this.busy(true);
    const finished = await client.execute(cell);
    this.settled.fire();
    this.busy(false);
    return finished;
  }

  /** Asks the cell under way to stop; offers a restart when it does not. */
  async interrupt(): Promise<void> {
    const client = await this.client;
    if (!client || this.current.state !== 'busy') return;
    client.interrupt();
    const stopped = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), INTERRUPT_PATIENCE_MS);
      const subscription = this.settled.event(() => {
        clearTimeout(timer);
        subscription.dispose();
        resolve(true);
      });
    });
    if (stopped) return;
    const restart = 'Restart Kernel';
    const question = 'The cell does not stop. Restart the kernel? Its variables will be gone.';
    if ((await vscode.window.showWarningMessage(question, restart, 'Wait')) === restart) await this.restart();
  }

  /** @throws when there is no live kernel or it has no answer */
  async request(viewId: string, request: ViewRequest): Promise<ViewResult> {
    const client = await this.client;
    if (!client) throw new Error('No kernel is running. Run the cell again to make this view live.');
    return client.request(viewId, request);
  }

  /** Ends the kernel if there is one; its variables are gone. */
  async stop(): Promise<void> {
    const running = this.client;
    this.client = undefined;
    if (!running) return;
    try {
      await (await running).shutdown();
    } catch (error) {
      // It never started, which whoever started it has been told.
      this.log.debug(`Stopping: ${messageOf(error)}`);
    }
    this.change({ state: 'stopped' });
    this.ends.fire(undefined);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  dispose(): void {
    this.client?.then(
      (client) => client.kill(),
      (error: unknown) => this.log.debug(`Stopping: ${messageOf(error)}`),
    );
    this.client = undefined;
    for (const emitter of [this.stateChange, this.messages, this.ends, this.settled]) emitter.dispose();
  }

  private async launch(): Promise<KernelClient> {
    this.change({ state: 'starting' });
    try {
      const settings = readSettings(this.notebook.uri);
      const client = await KernelClient.start({
        kernelMain: this.kernelMain,
        nodePath: await findNode(settings.nodePath),
        device: settings.device,
        folder: folderOf(this.notebook),
        startupDeadline: settings.startupDeadline,
        onMessage: (message) => this.receive(message),
        onExit: (reason) => this.crashed(reason),
      });
      const { device, node } = client.ready;
      this.log.info(`Kernel ${client.pid} on ${device.name}, Node ${node}`);
      this.change({ state: 'idle', device, node });
      return client;
    } catch (error) {
      this.client = undefined;
      this.change({ state: 'failed', message: messageOf(error) });
      throw error;
    }
  }

  private receive(message: KernelMessage): void {
    // What no cell printed: native libraries, timers that outlived their cell.
    if (message.type === 'stream' && message.id === undefined)
      this.log.info(`${message.name}: ${message.text.trimEnd()}`);
    this.messages.fire(message);
  }

  private crashed(reason: CellError): void {
    this.log.error(reason.message);
    this.client = undefined;
    this.change({ state: 'stopped' });
    this.ends.fire(reason);
  }

  private busy(busy: boolean): void {
    if ('device' in this.current) this.change({ ...this.current, state: busy ? 'busy' : 'idle' });
  }

  private change(state: KernelState): void {
    this.current = state;
    this.stateChange.fire(state);
  }
}

/** Where a notebook's relative paths start: its own folder, or the workspace's for one that is not saved. */
export function folderOf(notebook: vscode.NotebookDocument): string {
  if (notebook.uri.scheme === 'file') return path.dirname(notebook.uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? process.cwd();
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
