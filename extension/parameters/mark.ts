/** "Mark Cell as Parameters": the tag that says whose bindings a run may override. */
import * as vscode from 'vscode';
import { PARAMETERS_TAG } from '../../kernel/notebook/parameters/overriding';
import { isParametersCell, retagged } from './cells';

/** Marks a cell and no other, or takes the mark away. @returns whether the cell is marked now */
export async function markParameters(target?: unknown): Promise<boolean | undefined> {
  const cell = cellOf(target);
  if (!cell || cell.kind !== vscode.NotebookCellKind.Code) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Select the code cell that declares the parameters.'));
    return undefined;
  }
  const marks = !isParametersCell(cell);
  const others = cell.notebook.getCells().filter((one) => one !== cell && isParametersCell(one));
  const edits = [
    vscode.NotebookEdit.updateCellMetadata(cell.index, retagged(cell.metadata, PARAMETERS_TAG, marks)),
    ...(marks ? others : []).map((one) =>
      vscode.NotebookEdit.updateCellMetadata(one.index, retagged(one.metadata, PARAMETERS_TAG, false)),
    ),
  ];
  const edit = new vscode.WorkspaceEdit();
  edit.set(cell.notebook.uri, edits);
  await vscode.workspace.applyEdit(edit);
  return marks;
}

/** The cell whose menu was used, else the selected one. */
function cellOf(target: unknown): vscode.NotebookCell | undefined {
  const given = target as Partial<vscode.NotebookCell> | undefined;
  if (given?.notebook && typeof given.index === 'number') return given as vscode.NotebookCell;
  const editor = vscode.window.activeNotebookEditor;
  return editor && !editor.selection.isEmpty ? editor.notebook.cellAt(editor.selection.start) : undefined;
}
