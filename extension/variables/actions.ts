/** What can be done with a variable: its name into a cell, a cell that shows it, its value elsewhere. */
import * as vscode from 'vscode';
import type { Plot, Variable } from '../../kernel/protocol';
import type { KernelProcess } from '../kernelProcess';

const { t } = vscode.l10n;

/**
 * Puts the variable's expression into the selected cell: where the cursor is in its text, in place of what is selected
 * there, or on a separate line at the end of a cell that nobody is writing in.
 */
export async function insertName(notebook: vscode.NotebookDocument, { expression }: Variable): Promise<void> {
  if (expression === undefined) return;
  const cell = selectedCell(notebook) ?? notebook.getCells().at(-1);
  if (!cell) {
    await insertCell(notebook, expression);
    return;
  }
  const { document } = cell;
  const editor = vscode.window.activeTextEditor;
  const edit = new vscode.WorkspaceEdit();
  if (editor?.document === document) edit.replace(document.uri, editor.selection, expression);
  else {
    const last = document.lineAt(document.lineCount - 1);
    edit.insert(document.uri, last.range.end, last.isEmptyOrWhitespace ? expression : `\n${expression}`);
  }
  await vscode.workspace.applyEdit(edit);
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
}

/** Adds a cell below the selected one that shows the variable, and runs it; asks, where there are several ways. */
export async function plot(notebook: vscode.NotebookDocument, { name, plots }: Variable): Promise<void> {
  const chosen = plots.length > 1 ? await choose(name, plots) : plots[0];
  if (!chosen) return;
  const index = await insertCell(notebook, chosen.code);
  const ranges = [{ start: index, end: index + 1 }];
  await vscode.commands.executeCommand('notebook.cell.execute', { ranges, document: notebook.uri });
}

export async function copyName({ expression, name }: Variable): Promise<void> {
  await vscode.env.clipboard.writeText(expression ?? name);
}

export async function copyValue(kernel: KernelProcess, { path }: Variable, as: 'text' | 'json'): Promise<void> {
  const { text } = await kernel.inspect({ kind: 'value', path, as });
  await vscode.env.clipboard.writeText(text);
}

async function choose(name: string, plots: readonly Plot[]): Promise<Plot | undefined> {
  const words: Record<Plot['name'], string> = {
    plot: t('its numbers as curves'),
    image: t('as images'),
    latentScatter: t('where the model puts the data, and what it decodes there'),
    reconstructions: t('the data beside their reconstructions'),
    traverse: t('what each latent dimension changes'),
    anomalies: t('the samples with the worst reconstructions, and a threshold'),
    samples: t('draws from its prior, decoded'),
    codebookHistogram: t('how often each code is used'),
    lossCurves: t('its losses by step'),
  };
  const items = plots.map((plot) => ({ label: plot.name, description: words[plot.name], plot }));
  const picked = await vscode.window.showQuickPick(items, { title: t('Show {0} in a cell below', name) });
  return picked?.plot;
}

/** @returns the index of the new cell, which is selected */
async function insertCell(notebook: vscode.NotebookDocument, code: string): Promise<number> {
  const index = (selectedCell(notebook)?.index ?? notebook.cellCount - 1) + 1;
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, code, 'typescript');
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(index, [cell])]);
  await vscode.workspace.applyEdit(edit);
  const range = new vscode.NotebookRange(index, index + 1);
  const editor = editorOf(notebook);
  if (editor) {
    editor.selections = [range];
    editor.revealRange(range);
  }
  return index;
}

function selectedCell(notebook: vscode.NotebookDocument): vscode.NotebookCell | undefined {
  const selection = editorOf(notebook)?.selection;
  return selection && selection.start < notebook.cellCount ? notebook.cellAt(selection.start) : undefined;
}

function editorOf(notebook: vscode.NotebookDocument): vscode.NotebookEditor | undefined {
  return vscode.window.visibleNotebookEditors.find((editor) => editor.notebook === notebook);
}
