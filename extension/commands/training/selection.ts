/** What the user means by "the selection": in a cell, in a text editor, or in the explorer. */
import path from 'node:path';
import * as vscode from 'vscode';
import { folderOfUnsaved } from '../../folders';
import type { Row } from '../../variables/items';
import { expressionIn, lastValueOf } from './names';
import type { DataSource } from './source';

export interface Selection {
  source: DataSource;
  /** The cell below which the new one comes, whose kernel has the data; absent for files and text. */
  cell?: vscode.NotebookCell;
  /** Where relative paths start for whoever evaluates the expression: its cell's kernel, or the new notebook's. */
  folder: string;
  /** For the heading of a new notebook. */
  title: string;
}

/** Text larger than this does not go into a cell. */
const LONGEST_TEXT = 1_000_000;

/**
 * @param others what else is selected in the explorer
 * @param listed the notebook whose variables are listed
 * @throws Error saying why there is nothing that could be data
 */
export async function findSelection(
  target: unknown,
  others: unknown,
  listed: vscode.NotebookDocument | undefined,
): Promise<Selection> {
  const expression = expressionOf(target);
  if (expression !== undefined) {
    const below = cellOf((target as { cell?: unknown }).cell);
    return below ? ofExpression(expression, below) : expressionSelection(expression, listed);
  }
  const cell = cellOf(target);
  if (cell) return cellSelection(selectedWith(cell));
  if (target instanceof vscode.Uri && target.scheme === 'file' && !isOpenText(target)) {
    return fileSelection(target, Array.isArray(others) ? (others as vscode.Uri[]) : []);
  }
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme === 'vscode-notebook-cell') {
    const cells = vscode.workspace.notebookDocuments.flatMap((notebook) => notebook.getCells());
    const active = cells.find(({ document }) => document === editor.document);
    if (active) return cellSelection([active]);
  }
  const notebookEditor = vscode.window.activeNotebookEditor;
  if (notebookEditor && notebookEditor.notebook.cellCount > 0 && !editor) {
    return cellSelection(selectedCells(notebookEditor));
  }
  if (editor) return textSelection(editor);
  throw new Error(
    'select an expression in a cell, numbers in an editor, or a data file or image folder in the explorer.',
  );
}

/** A row of the variables view, and `{ expression, cell }` from a view's lasso or, without a cell, a key binding. */
function expressionOf(target: unknown): string | undefined {
  const row = target as Partial<Row & { kind: 'variable' }> | undefined;
  const { expression } =
    (row?.kind === 'variable' ? row.variable : (target as { expression?: unknown } | undefined)) ?? {};
  return typeof expression === 'string' && expression.trim() !== '' ? expression : undefined;
}

/** Below the selected cell of the notebook in view, or of the one whose variables are listed. */
function expressionSelection(expression: string, listed: vscode.NotebookDocument | undefined): Selection {
  const editor =
    vscode.window.visibleNotebookEditors.find(({ notebook }) => notebook === listed) ??
    vscode.window.activeNotebookEditor;
  const notebook = editor?.notebook ?? listed;
  if (!notebook || notebook.cellCount === 0) {
    throw new Error(`open the notebook that has ${expression}; its kernel knows the value.`);
  }
  const at = Math.min(editor?.selection.end ?? notebook.cellCount, notebook.cellCount) - 1;
  return ofExpression(expression, notebook.cellAt(Math.max(0, at)));
}

function selectedCells({ notebook, selections }: vscode.NotebookEditor): vscode.NotebookCell[] {
  return selections.flatMap((range) => notebook.getCells(range));
}

/** The cells that are selected beside one, in whose menu the command was chosen. */
function selectedWith(cell: vscode.NotebookCell): vscode.NotebookCell[] {
  const editor = vscode.window.visibleNotebookEditors.find(({ notebook }) => notebook === cell.notebook);
  const selected = editor ? selectedCells(editor) : [];
  return selected.includes(cell) ? selected : [cell];
}

/** The context menus of cells hand the cell over, the explorer and editors a file. */
function cellOf(target: unknown): vscode.NotebookCell | undefined {
  const cell = target as Partial<vscode.NotebookCell> | undefined;
  return cell?.notebook && cell.document ? (cell as vscode.NotebookCell) : undefined;
}

/** The editor's own context menu names its file; what counts there is the selected text. */
function isOpenText(uri: vscode.Uri): boolean {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.uri.toString() === uri.toString() && !editor.selection.isEmpty;
}

/** The value of the last of these cells that has one. */
async function cellSelection(cells: vscode.NotebookCell[]): Promise<Selection> {
  const code = cells.filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  if (code.length === 0) throw new Error('the cell contains text, not code with a value.');
  const selected = code.length === 1 ? await selectedIn(code[0]!) : undefined;
  if (selected) return ofExpression(selected, code[0]!);
  for (const cell of code.toReversed()) {
    const expression = await lastValueOf(cell.document.getText());
    if (expression) return ofExpression(expression, code.at(-1)!);
  }
  throw new Error('the cell has no value: end it with the data, or select an expression.');
}

/** What is selected in the cell that is written in; editors keep selections of other cells, which mean nothing in it. */
async function selectedIn({ document }: vscode.NotebookCell): Promise<string | undefined> {
  const active = vscode.window.activeTextEditor;
  if (active?.document !== document) return undefined;
  const { start, end } = active.selection;
  return expressionIn(document.getText(), document.offsetAt(start), document.offsetAt(end));
}

function ofExpression(expression: string, cell: vscode.NotebookCell): Selection {
  const line = expression.split('\n')[0]!;
  const description = line.length < expression.length || line.length > 60 ? `${line.slice(0, 60)}…` : line;
  return { source: { kind: 'expression', expression, description }, cell, folder: '', title: description };
}

function textSelection(editor: vscode.TextEditor): Selection {
  const { document, selection } = editor;
  const name = path.basename(document.fileName);
  const text = selection.isEmpty ? document.getText() : document.getText(selection);
  if (text.trim() === '') throw new Error(`nothing is selected in ${name}; select numbers as CSV, TSV or JSON.`);
  if (text.length > LONGEST_TEXT) {
    throw new Error(`${text.length} characters are too many for a cell; choose the file itself in the explorer.`);
  }
  const lines = selection.isEmpty ? name : `${name}, lines ${selection.start.line + 1}–${selection.end.line + 1}`;
  return { source: { kind: 'text', text, description: lines }, folder: folderOfUnsaved(), title: lines };
}

function fileSelection(uri: vscode.Uri, selected: readonly vscode.Uri[]): Selection {
  if (selected.length > 1) {
    throw new Error(
      `${selected.length} files are selected; choose one data file, or the folder whose images are the samples.`,
    );
  }
  const folder = folderOfUnsaved();
  const relative = path.relative(folder, uri.fsPath);
  const shown = relative.startsWith('..') || path.isAbsolute(relative) ? uri.fsPath : relative;
  const name = path.basename(uri.fsPath);
  const source: DataSource = { kind: 'file', path: shown.split(path.sep).join('/') || '.', description: name };
  return { source, folder, title: name };
}
