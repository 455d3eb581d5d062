/**
 * VS Code's debugger on one end, the debugger in the kernel on the other: messages pass as they are, but for the sources,
 * which are the notebook's own cells where these still hold what was run.
 */
import { createHash } from 'node:crypto';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';
import type { KernelClient } from '../../kernel/client';

const SHA256 = 'SHA256';
/** Requests of our own have numbers that VS Code's do not reach. */
const OWN_REQUESTS = 1e9;

type Message = DebugProtocol.ProtocolMessage;

export class KernelDebugAdapter implements vscode.DebugAdapter {
  private readonly messages = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.messages.event;
  private readonly toKernel: (message: object) => void;
  private readonly answers = new Map<number, () => void>();
  /** The breakpoints that the kernel has of each cell, by its document. */
  private readonly sent = new Map<string, DebugProtocol.SetBreakpointsArguments>();
  /** VS Code's changes of breakpoints that the kernel has not answered yet, by the number of the request. */
  private readonly setting = new Map<number, Promise<void>>();
  private own = OWN_REQUESTS;
  private ended = false;
  private ready!: () => void;
  /** Settles when the kernel has all breakpoints. */
  readonly configured = new Promise<void>((resolve) => (this.ready = resolve));

  constructor(
    client: KernelClient,
    private readonly notebook: vscode.NotebookDocument,
  ) {
    this.toKernel = client.debug((message) => this.receive(message as Message));
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as DebugProtocol.Request;
    if (request.command === 'setBreakpoints') {
      this.remember(request.arguments as DebugProtocol.SetBreakpointsArguments);
      this.setting.set(request.seq, new Promise((resolve) => this.answers.set(request.seq, resolve)));
    }
    this.toKernel(request);
  }

  /** Before a cell runs: its breakpoints, where its text has changed since they were set. VS Code moves them with it. */
  async refresh(cell: vscode.NotebookCell): Promise<void> {
    await Promise.all(this.setting.values());
    const path = cell.document.uri.toString();
    const before = this.sent.get(path);
    if (!before || this.ended || checksumOf(cell) === before.source.checksums?.[0]?.checksum) return;
    const breakpoints = breakpointsOf(cell);
    const args = { source: { path }, breakpoints };
    this.remember(args);
    const seq = ++this.own;
    const answered = new Promise<void>((resolve) => this.answers.set(seq, resolve));
    this.toKernel({ type: 'request', seq, command: 'setBreakpoints', arguments: args });
    await answered;
  }

  /** The kernel is gone. */
  end(): void {
    if (this.ended) return;
    this.dispose();
    this.send({ seq: 0, type: 'event', event: 'terminated' } as DebugProtocol.TerminatedEvent);
  }

  /** VS Code has let go of it: what waits for the kernel's answer waits no longer. */
  dispose(): void {
    this.ended = true;
    this.ready();
    for (const answer of this.answers.values()) answer();
    this.answers.clear();
  }

  private remember(args: DebugProtocol.SetBreakpointsArguments): void {
    const cell = this.cellAt(args.source.path);
    if (!cell) return;
    args.source.checksums = [{ algorithm: SHA256, checksum: checksumOf(cell) }];
    this.sent.set(cell.document.uri.toString(), args);
  }

  private receive(message: Message): void {
    const { request_seq: seq, command, body } = message as DebugProtocol.Response;
    if (message.type === 'response') {
      this.answers.get(seq)?.();
      this.answers.delete(seq);
      this.setting.delete(seq);
      if (seq > OWN_REQUESTS) return;
    }
    if (command === 'configurationDone') this.ready();
    if (command === 'stackTrace') {
      const { stackFrames = [] } = (body ?? {}) as Partial<DebugProtocol.StackTraceResponse['body']>;
      for (const { source } of stackFrames) if (source?.checksums) this.place(source);
    }
    this.send(message);
  }

  /** A cell that still holds what was run is opened itself, and so is a file. */
  private place(source: DebugProtocol.Source): void {
    const cell = this.cellAt(source.path);
    const isCell = source.path?.startsWith('vscode-notebook-cell:');
    const isSame = cell ? source.checksums?.[0]?.checksum === checksumOf(cell) : !isCell;
    delete source.checksums;
    if (isSame) delete source.sourceReference;
    else {
      source.name = vscode.l10n.t('{0} (as it ran)', source.name ?? '');
      delete source.path;
    }
  }

  private cellAt(path: string | undefined): vscode.NotebookCell | undefined {
    return this.notebook.getCells().find(({ document }) => document.uri.toString() === path);
  }

  private send(message: Message): void {
    this.messages.fire(message as vscode.DebugProtocolMessage);
  }
}

function checksumOf({ document }: vscode.NotebookCell): string {
  return createHash('sha256').update(document.getText()).digest('hex');
}

/** In the order in which VS Code gives them to a debugger. */
function breakpointsOf({ document }: vscode.NotebookCell): DebugProtocol.SourceBreakpoint[] {
  return vscode.debug.breakpoints
    .filter((one): one is vscode.SourceBreakpoint => one instanceof vscode.SourceBreakpoint && one.enabled)
    .filter(({ location }) => location.uri.toString() === document.uri.toString())
    .sort(({ location: a }, { location: b }) => a.range.start.compareTo(b.range.start))
    .map(({ location: { range }, condition, hitCondition, logMessage }) => {
      const column = range.start.character > 0 ? range.start.character + 1 : undefined;
      return { line: range.start.line + 1, column, condition, hitCondition, logMessage };
    });
}
