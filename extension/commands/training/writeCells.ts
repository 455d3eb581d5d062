/** Puts the cells where they belong: below the cell that held the selection, or into a new notebook beside what is open. */
import * as vscode from 'vscode';
import type { Kernels } from '../../kernels';
import { showNewNotebook } from '../../newNotebooks';
import { trainingCells } from './cell';
import { declaredNames, freeNames } from './names';
import type { Plan } from './plan';
import type { Selection } from './selection';

const { t } = vscode.l10n;

/** @returns the cells, in their order */
export async function writeCells(
  kernels: Kernels,
  extensionId: string,
  selection: Selection,
  plan: Plan,
): Promise<vscode.NotebookCell[]> {
  const { cell, source, title } = selection;
  const taken = cell ? await namesIn(kernels, cell.notebook) : new Set<string>();
  const code = trainingCells(source, plan, freeNames(plan.family, taken));
  const cells = code.map((text) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'typescript'));
  if (cell) return below(cell, cells);
  const heading = plan.family === 'vae' ? t('A VAE on {0}', title) : t('A VQ-VAE on {0}', title);
  const head = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, `# ${heading}`, 'markdown');
  const isEmpty = vscode.window.tabGroups.activeTabGroup.tabs.length === 0;
  const options = { viewColumn: isEmpty ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside };
  const editor = await showNewNotebook([head, ...cells], extensionId, options);
  const { notebook } = editor;
  reveal(editor, notebook.cellAt(notebook.cellCount - 1));
  return notebook.getCells().slice(1);
}

/** Names that cells declare, run or not, and those that a kernel knows. */
async function namesIn(kernels: Kernels, notebook: vscode.NotebookDocument): Promise<ReadonlySet<string>> {
  const code = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  const declared = await Promise.all(code.map(({ document }) => declaredNames(document.getText())));
  const known = await kernels
    .of(notebook)
    .inspect({ kind: 'variables' })
    .then(({ variables }) => variables.map(({ name }) => name))
    .catch(() => []);
  return new Set([...declared.flat(), ...known]);
}

async function below({ notebook, index }: vscode.NotebookCell, cells: vscode.NotebookCellData[]) {
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(index + 1, cells)]);
  await vscode.workspace.applyEdit(edit);
  const written = notebook.getCells(new vscode.NotebookRange(index + 1, index + 1 + cells.length));
  const editor = vscode.window.visibleNotebookEditors.find((known) => known.notebook === notebook);
  if (editor) reveal(editor, written.at(-1)!);
  return written;
}

function reveal(editor: vscode.NotebookEditor, cell: vscode.NotebookCell): void {
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  editor.selection = range;
  editor.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
}
