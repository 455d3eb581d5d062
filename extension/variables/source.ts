/** What the variables' view shows: which notebook's, as of when, and when to look again. */
import * as vscode from 'vscode';
import type { Findings, Inspection, KernelMessage } from '../../kernel/protocol';
import type { KernelProcess } from '../kernelProcess';
import type { Kernels } from '../kernels';

/** Between looks while a training runs. */
const BETWEEN_MS = 1000;
/** A kernel that has not answered by then is said to be busy. */
const PATIENCE_MS = 500;

/** `none`: no notebook of ours is open. `stopped`: its kernel does not run. `busy`: the values are those known last. */
export type SourceState = 'none' | 'stopped' | 'fresh' | 'busy';

export class VariableSource implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  /** There is something else to show. */
  readonly onChange = this.changes.event;
  private followed: vscode.NotebookDocument | undefined;
  /** What the kernel has said, by what it was asked. */
  private readonly answers = new Map<string, Findings[Inspection['kind']]>();
  private readonly asked = new Map<string, Promise<unknown>>();
  private listening: vscode.Disposable | undefined;
  private readonly disposables: vscode.Disposable[];
  private visible = false;
  private stale = true;
  private lookedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private isBusy = false;

  constructor(private readonly kernels: Kernels) {
    this.disposables = [
      this.changes,
      kernels.onChange(() => this.follow()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.follow()),
      vscode.workspace.onDidCloseNotebookDocument(() => this.follow()),
    ];
    this.follow();
  }

  /** The notebook in view, or the one that was last. */
  get notebook(): vscode.NotebookDocument | undefined {
    return this.followed;
  }

  get state(): SourceState {
    if (!this.followed) return 'none';
    if (this.kernel?.pid === undefined) return 'stopped';
    return this.isBusy ? 'busy' : 'fresh';
  }

  /** Nothing is asked while nobody looks. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible && this.stale) this.refresh();
  }

  /** Looks again, at once or when a second has passed since the last look. */
  refresh(): void {
    this.stale = true;
    if (!this.visible || this.timer) return;
    const wait = Math.max(0, this.lookedAt + BETWEEN_MS - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.stale = false;
      this.lookedAt = Date.now();
      this.asked.clear();
      this.changes.fire();
    }, wait);
  }

  /**
   * What the kernel says; of a busy one what it said last, until it answers.
   *
   * @param wait milliseconds until it is taken for busy
   * @throws when there is no such value
   */
  async find<I extends Inspection>(inspection: I, wait = PATIENCE_MS): Promise<Findings[I['kind']] | undefined> {
    const { kernel } = this;
    if (kernel?.pid === undefined) return undefined;
    const key = JSON.stringify(inspection);
    const known = () => this.answers.get(key) as Findings[I['kind']] | undefined;
    const asking = (this.asked.get(key) ?? this.ask(key, kernel, inspection)) as Promise<Findings[I['kind']]>;
    const answer = await Promise.race([asking, patience(wait)]);
    if (answer !== undefined) return answer;
    this.setBusy(true);
    // When it comes after all, there is something else to show.
    const late = () => this.setBusy(false);
    asking.then(late, late);
    return known();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private get kernel(): KernelProcess | undefined {
    return this.followed && this.kernels.known(this.followed);
  }

  private ask<I extends Inspection>(key: string, kernel: KernelProcess, inspection: I): Promise<Findings[I['kind']]> {
    const asking = kernel.inspect(inspection).then((answer) => {
      if (kernel === this.kernel) this.answers.set(key, answer);
      return answer;
    });
    this.asked.set(key, asking);
    return asking;
  }

  private setBusy(busy: boolean): void {
    if (this.isBusy === busy) return;
    this.isBusy = busy;
    this.changes.fire();
  }

  private follow(): void {
    const active = vscode.window.activeNotebookEditor?.notebook;
    const open = (notebook?: vscode.NotebookDocument) =>
      notebook && !notebook.isClosed && this.kernels.isSelected(notebook) ? notebook : undefined;
    const other = vscode.workspace.notebookDocuments.find((notebook) => open(notebook));
    const followed = open(active) ?? open(this.followed) ?? other;
    if (followed === this.followed && (this.listening !== undefined || !this.kernel)) return;
    this.followed = followed;
    this.forget();
    this.listening?.dispose();
    const { kernel } = this;
    this.listening =
      kernel &&
      vscode.Disposable.from(
        kernel.onMessage((message) => this.receive(message)),
        kernel.onEnd(() => this.forget()),
      );
  }

  private receive({ type }: KernelMessage): void {
    if (type === 'finished' || type === 'progress' || type === 'ready') this.refresh();
  }

  /** The values are another kernel's, or gone. */
  private forget(): void {
    this.answers.clear();
    this.asked.clear();
    this.isBusy = false;
    this.lookedAt = 0;
    this.refresh();
    this.changes.fire();
  }
}

function patience(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}
