/**
 * All that a cell has printed, where its output holds the beginning and the end: opened to be read, from the file that the
 * kernel keeps as long as it lives.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Kernels } from './kernels';

const SCHEME = 'latentlab-output';
const COMMAND = 'latentlab.openWholeOutput';

export class WholeOutputs
  implements vscode.NotebookCellStatusBarItemProvider, vscode.FileSystemProvider, vscode.Disposable
{
  /** The files, by the address of the cell's document. */
  private readonly files = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly fileChanges = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeCellStatusBarItems = this.changes.event;
  readonly onDidChangeFile = this.fileChanges.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(kernels: Kernels, notebookTypes: readonly string[]) {
    this.subscriptions = vscode.Disposable.from(
      this.changes,
      this.fileChanges,
      ...notebookTypes.map((type) => vscode.notebooks.registerNotebookCellStatusBarItemProvider(type, this)),
      vscode.workspace.registerFileSystemProvider(SCHEME, this, { isReadonly: true, isCaseSensitive: true }),
      vscode.commands.registerCommand(COMMAND, (cell?: vscode.NotebookCell) => this.open(cell ?? selectedCell())),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.forget(notebook)),
      // The files go with their kernel.
      kernels.onCreate(({ notebook, kernel }) => kernel.onEnd(() => this.forget(notebook))),
    );
  }

  /** A cell runs: what it printed before is no longer its output. */
  begins({ document }: vscode.NotebookCell): void {
    if (this.files.delete(document.uri.toString())) this.changes.fire();
  }

  /** The document holds a part of what the cell has printed, the file all of it. */
  add({ document }: vscode.NotebookCell, file: string): void {
    const key = document.uri.toString();
    if (this.files.get(key) === file) return;
    this.files.set(key, file);
    this.changes.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem | undefined {
    if (!this.files.has(cell.document.uri.toString())) return undefined;
    const { Left } = vscode.NotebookCellStatusBarAlignment;
    const text = vscode.l10n.t('open all output');
    const item = new vscode.NotebookCellStatusBarItem(`$(go-to-file) ${text}`, Left);
    item.tooltip = vscode.l10n.t('The output contains the beginning and the end of what the cell printed.');
    item.accessibilityInformation = { label: text, role: 'button' };
    item.command = { command: COMMAND, title: text, arguments: [cell] };
    return item;
  }

  /** Shows all that the cell has printed, to be read. */
  async open(cell: vscode.NotebookCell | undefined): Promise<void> {
    const file = cell && this.files.get(cell.document.uri.toString());
    if (!file) {
      const message = vscode.l10n.t('The output of this cell is complete, or the kernel that kept the rest has ended.');
      void vscode.window.showInformationMessage(message);
      return;
    }
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${path.basename(file)}`,
      query: cell.document.uri.toString(),
    });
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { mtimeMs, birthtimeMs, size } = await this.with(uri, (handle) => handle.stat());
    return { type: vscode.FileType.File, mtime: mtimeMs, ctime: birthtimeMs, size };
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.with(uri, (handle) => handle.readFile());
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Files that a kernel has named, and no others. */
  private async with<T>(uri: vscode.Uri, read: (handle: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
    const file = this.files.get(uri.query);
    const isNamed = file !== undefined && `/${path.basename(file)}` === uri.path;
    const handle = isNamed ? await open(file).catch(() => undefined) : undefined;
    if (!handle) throw vscode.FileSystemError.FileNotFound(uri);
    try {
      return await read(handle);
    } finally {
      await handle.close();
    }
  }

  private forget(notebook: vscode.NotebookDocument): void {
    for (const { document } of notebook.getCells()) this.files.delete(document.uri.toString());
    this.changes.fire();
  }
}

function selectedCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  return editor?.notebook.cellAt(editor.selection.start);
}
