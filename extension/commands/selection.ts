/** What the user means by "the selection": in a cell, in a text editor, or in the explorer. */
import path from 'node:path';
import * as vscode from 'vscode';
import { folderOfUnsaved } from '../folders';
import { lastValueOf, templateLiteral, type DataSource } from './trainingCell';

export interface Selection {
  source: DataSource;
  /** The cell that holds the data; absent for files and text. */
  cell?: vscode.NotebookCell;
  /** Where relative paths start for whoever evaluates the expression: its cell's kernel, or the new notebook's. */
  folder: string;
  /** For the heading of a new notebook. */
  title: string;
}

/** Text larger than this does not go into a cell. */
const LONGEST_TEXT = 1_000_000;

/** @throws Error saying why there is nothing that could be data */
export async function findSelection(target: unknown): Promise<Selection> {
  const cell = cellOf(target);
  if (isExpression(target)) return expressionSelection(target);
  if (cell) return cellSelection(cell);
  if (target instanceof vscode.Uri && target.scheme === 'file' && !isOpenText(target)) return fileSelection(target);
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme === 'vscode-notebook-cell') {
    const cells = vscode.workspace.notebookDocuments.flatMap((notebook) => notebook.getCells());
    const active = cells.find(({ document }) => document === editor.document);
    if (active) return cellSelection(active, editor);
  }
  const notebookEditor = vscode.window.activeNotebookEditor;
  if (notebookEditor && notebookEditor.notebook.cellCount > 0 && !editor) {
    return cellSelection(notebookEditor.notebook.cellAt(notebookEditor.selection.start));
  }
  if (editor) return textSelection(editor);
  throw new Error(
    'select an expression in a cell, numbers in an editor, or a data file or image folder in the explorer.',
  );
}

/** What a view hands over: a variable that it has made, and the cell that shows the view. */
export interface ExpressionTarget {
  expression: string;
  /** Default: the cell that is selected in the notebook in view. */
  cell?: vscode.NotebookCell;
}

function isExpression(target: unknown): target is ExpressionTarget {
  return typeof (target as Partial<ExpressionTarget> | undefined)?.expression === 'string';
}

function expressionSelection({ expression, cell }: ExpressionTarget): Selection {
  const editor = vscode.window.activeNotebookEditor;
  const below = cell ?? (editor && editor.notebook.cellCount > 0 ? editor.notebook.cellAt(editor.selection.start) : undefined); // prettier-ignore
  if (!below) throw new Error(`no notebook is open that knows ${expression}.`);
  return { source: { expression, imports: [], description: expression }, cell: below, folder: '', title: expression };
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

async function cellSelection(cell: vscode.NotebookCell, active = editorOf(cell)): Promise<Selection> {
  if (cell.kind !== vscode.NotebookCellKind.Code)
    throw new Error('the cell holds text, no code whose value could be data.');
  const selected = active?.document.getText(active.selection).trim() ?? '';
  const expression = selected ? selected.replace(/;$/, '') : await lastValueOf(cell.document.getText());
  if (!expression) throw new Error('the cell has no value: let its last line be the data, or select an expression.');
  const line = expression.split('\n')[0]!;
  const description = line.length < expression.length || line.length > 60 ? `${line.slice(0, 60)}…` : line;
  return { source: { expression, imports: [], description }, cell, folder: '', title: description };
}

function editorOf(cell: vscode.NotebookCell): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => document === cell.document);
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
  const reader = /^\s*[[{]/.test(text) ? 'parseJson' : 'parseCsv';
  return {
    source: {
      expression: `await ${reader}(${templateLiteral(text)})`,
      imports: [reader],
      verbatim: true,
      reads: true,
      description: lines,
    },
    folder: folderOfUnsaved(),
    title: lines,
  };
}

function fileSelection(uri: vscode.Uri): Selection {
  const folder = folderOfUnsaved();
  const relative = path.relative(folder, uri.fsPath);
  const shown = relative.startsWith('..') || path.isAbsolute(relative) ? uri.fsPath : relative;
  const name = path.basename(uri.fsPath);
  return {
    source: {
      expression: `await loadData(${JSON.stringify(shown.split(path.sep).join('/'))})`,
      imports: ['loadData'],
      reads: true,
      description: name,
    },
    folder,
    title: name,
  };
}
