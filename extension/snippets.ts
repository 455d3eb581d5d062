/** Code that cells often begin with: offered while one types, and by a command that lists it. */
import * as vscode from 'vscode';
import { isOfOurType } from './notebookTypes';
import type { Kernels } from './kernels';
import { notebookOf } from './language/notebooks';
import { CELLS } from './language/providers/context';
import SNIPPETS from './snippets.json';

/** As in VS Code's own files of snippets. */
interface Snippet {
  prefix: string;
  description: string;
  body: string[];
}

interface Choice extends vscode.QuickPickItem {
  snippet: Snippet;
}

const entries = Object.entries<Snippet>(SNIPPETS);

/** Where a statement may begin. */
const BEGINNING = /^\s*[\w$]*$/;

/** Offers them in the notebooks that use our kernel. */
export function provideSnippets(kernels: Kernels): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(CELLS, {
    provideCompletionItems(document, position) {
      const notebook = notebookOf(document);
      const before = document.lineAt(position).text.slice(0, position.character);
      return notebook && kernels.isSelected(notebook) && BEGINNING.test(before) ? entries.map(itemOf) : undefined;
    },
  });
}

/** Lets the user choose, and puts the code into a new cell below the one that is selected. */
export async function insertSnippet(): Promise<void> {
  const editor = vscode.window.activeNotebookEditor;
  if (!editor || !isOfOurType(editor.notebook)) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a notebook to insert a snippet into it.'));
    return;
  }
  const choices = entries.map(([title, snippet]): Choice => ({
    label: title,
    description: snippet.prefix,
    detail: snippet.description,
    snippet,
  }));
  const chosen = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('LatentLab: snippets'),
    placeHolder: vscode.l10n.t(
      'Inserts a cell with the code below the selected one. Typing the short name in a cell also works',
    ),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen) await insertBelow(editor, textOf(chosen.snippet));
}

async function insertBelow(editor: vscode.NotebookEditor, body: string): Promise<void> {
  const { notebook, selection } = editor;
  const index = Math.min(selection.end, notebook.cellCount);
  const change = new vscode.WorkspaceEdit();
  const empty = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '', 'typescript');
  change.set(notebook.uri, [vscode.NotebookEdit.insertCells(index, [empty])]);
  if (!(await vscode.workspace.applyEdit(change))) return;
  const { document } = notebook.cellAt(index);
  const range = new vscode.NotebookRange(index, index + 1);
  await vscode.window.showNotebookDocument(notebook, { selections: [range] });
  editor.revealRange(range);
  await vscode.commands.executeCommand('notebook.cell.edit');
  const text = vscode.window.visibleTextEditors.find((one) => one.document === document);
  await text?.insertSnippet(new vscode.SnippetString(body));
}

function itemOf([title, snippet]: [string, Snippet]): vscode.CompletionItem {
  const { prefix, description } = snippet;
  const item = new vscode.CompletionItem({ label: prefix, description: title }, vscode.CompletionItemKind.Snippet);
  const body = textOf(snippet);
  item.insertText = new vscode.SnippetString(body);
  item.detail = description;
  // Behind what the cell can name.
  item.sortText = `~${prefix}`;
  return item;
}

function textOf({ body }: Snippet): string {
  return body.join('\n');
}
