/** Keeps the worker's notebooks as the editor has them: our kernel's, and those written for it. */
import * as vscode from 'vscode';
import { folderOf } from '../folders';
import type { Kernels } from '../kernels';
import { LANGUAGES } from '../languages';
import { namesIn } from '../notebookMetadata';
import { isOfOurType, KERNEL_NAME } from '../notebookTypes';
import type { LanguageClient } from './client';
import { OF_VIEWS, type Cell, type CellName, type Place } from './protocol';

export class Notebooks implements vscode.Disposable {
  private readonly open = new Map<vscode.NotebookDocument, Ids>();
  private readonly changes = new vscode.EventEmitter<void>();
  /** Other notebooks are ours than before. */
  readonly onChange = this.changes.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly client: LanguageClient,
    private readonly kernels: Kernels,
  ) {
    this.subscriptions = vscode.Disposable.from(
      this.changes,
      kernels.onSelection((notebook) => this.look(notebook)),
      kernels.onBound((notebook) => this.tellCells(notebook)),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.look(notebook)),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.close(notebook)),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, metadata }) => {
        if (metadata) this.look(notebook);
        if (contentChanges.length > 0) this.tellCells(notebook);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.edited(document);
      }),
      // A cell that gets another language is opened anew; those of a notebook that opens come with it.
      vscode.workspace.onDidOpenTextDocument((document) => {
        const notebook = notebookOf(document);
        const told = notebook && this.open.get(notebook)?.languages.get(document.uri.toString());
        if (notebook && told !== document.languageId) this.tellCells(notebook);
      }),
    );
  }

  /** The notebooks that types are for. */
  get ours(): vscode.NotebookDocument[] {
    return [...this.open.keys()];
  }

  /** Opens those that are there; also for a worker that is new. */
  openAll(): void {
    this.open.clear();
    for (const notebook of vscode.workspace.notebookDocuments) this.look(notebook);
  }

  /** The cell that a document is, if types are for it. */
  cellOf(document: vscode.TextDocument): CellName | undefined {
    const notebook = notebookOf(document);
    const cell = notebook && this.open.get(notebook)?.known(document.uri);
    return cell === undefined ? undefined : { notebook: notebook!.uri.toString(), cell };
  }

  placeOf(document: vscode.TextDocument, position: vscode.Position): Place | undefined {
    const cell = this.cellOf(document);
    return cell && { ...cell, offset: document.offsetAt(position) };
  }

  documentOf({ notebook, cell }: CellName): vscode.TextDocument | undefined {
    for (const [document, ids] of this.open) {
      if (document.uri.toString() !== notebook) continue;
      const uri = ids.uri(cell);
      return document.getCells().find(({ document: text }) => text.uri.toString() === uri)?.document;
    }
    return undefined;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private isOurs(notebook: vscode.NotebookDocument): boolean {
    if (!isOfOurType(notebook) || notebook.isClosed) return false;
    return this.kernels.isSelected(notebook) || namesIn(notebook.metadata).kernel === KERNEL_NAME;
  }

  private look(notebook: vscode.NotebookDocument): void {
    const isOurs = this.isOurs(notebook);
    if (isOurs === this.open.has(notebook)) return;
    if (!isOurs) return this.close(notebook);
    // A worker that starts hears of all notebooks, this one among them.
    this.client.start();
    if (this.open.has(notebook)) return;
    const ids = new Ids();
    this.open.set(notebook, ids);
    const cells = this.cellsOf(notebook, ids);
    this.client.tell({ type: 'open', notebook: notebook.uri.toString(), folder: folderOf(notebook), cells });
    this.changes.fire();
  }

  private close(notebook: vscode.NotebookDocument): void {
    if (!this.open.delete(notebook)) return;
    this.client.tell({ type: 'close', notebook: notebook.uri.toString() });
    this.changes.fire();
  }

  private tellCells(notebook: vscode.NotebookDocument): void {
    const ids = this.open.get(notebook);
    if (!ids) return;
    this.client.tell({ type: 'cells', notebook: notebook.uri.toString(), cells: this.cellsOf(notebook, ids) });
  }

  /** The cells, and below them what views have declared: whatever cell declares the same is nearer. */
  private cellsOf(notebook: vscode.NotebookDocument, ids: Ids): Cell[] {
    const bound = [...(this.kernels.known(notebook)?.bound ?? [])];
    const text = bound.map(([name, type]) => `declare const ${name}: ${type};`).join('\n');
    return [...codeCells(notebook, ids), ...(text ? [{ id: OF_VIEWS, language: 'typescript' as const, text }] : [])];
  }

  private edited(document: vscode.TextDocument): void {
    const cell = this.cellOf(document);
    if (cell) this.client.tell({ type: 'edit', ...cell, language: languageOf(document), text: document.getText() });
  }
}

/** Short names for a notebook's cells, which stay when cells move. */
class Ids {
  /** What the worker knows, by the URIs of cells. */
  readonly languages = new Map<string, string>();
  private readonly byUri = new Map<string, string>();
  private readonly uris = new Map<string, string>();

  of(uri: vscode.Uri): string {
    const key = uri.toString();
    const known = this.byUri.get(key) ?? `cell-${this.byUri.size + 1}`;
    this.byUri.set(key, known);
    this.uris.set(known, key);
    return known;
  }

  known(uri: vscode.Uri): string | undefined {
    return this.byUri.get(uri.toString());
  }

  uri(id: string): string | undefined {
    return this.uris.get(id);
  }
}

function codeCells(notebook: vscode.NotebookDocument, ids: Ids): Cell[] {
  ids.languages.clear();
  for (const { document } of notebook.getCells()) ids.languages.set(document.uri.toString(), document.languageId);
  return notebook
    .getCells()
    .filter(({ kind, document }) => kind === vscode.NotebookCellKind.Code && LANGUAGES.includes(document.languageId))
    .map(({ document }) => ({ id: ids.of(document.uri), language: languageOf(document), text: document.getText() }));
}

function languageOf({ languageId }: vscode.TextDocument): Cell['language'] {
  return languageId === 'javascript' ? 'javascript' : 'typescript';
}

/** The open notebook that a document is a cell of. */
export function notebookOf({ uri }: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (uri.scheme !== 'vscode-notebook-cell') return undefined;
  const key = uri.toString();
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some(({ document }) => document.uri.toString() === key),
  );
}
