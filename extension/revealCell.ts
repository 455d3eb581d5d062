/** Shows the cell that something in an output tells of. */
import * as vscode from 'vscode';
import type { RevealCell } from '../kernel/protocol';

export function isRevealCell(message: unknown): message is RevealCell {
  const known = message as Partial<RevealCell> | null;
  return known?.type === 'revealCell' && typeof known.viewId === 'string' && Number.isSafeInteger(known.line);
}

/** Selects the cell, brings it into sight, and puts the cursor at the line. */
export async function revealCell(editor: vscode.NotebookEditor, message: RevealCell): Promise<void> {
  const cell = cellOf(editor.notebook, message);
  if (!cell) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The notebook no longer contains the cell of this check. Run it again to find it.'),
    );
    return;
  }
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  editor.selections = [range];
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  const line = Math.max(0, Math.min(cell.document.lineCount, message.line) - 1);
  const start = new vscode.Position(line, cell.document.lineAt(line).firstNonWhitespaceCharacterIndex);
  const selection = new vscode.Range(start, start);
  await vscode.commands.executeCommand('vscode.open', cell.document.uri, { selection, viewColumn: editor.viewColumn });
}

/** The cell below which the view stands; else the one whose document it was, as long as it is open. */
function cellOf(notebook: vscode.NotebookDocument, { viewId, document }: RevealCell): vscode.NotebookCell | undefined {
  const cells = notebook.getCells();
  return cells.find((cell) => shows(cell, viewId)) ?? cells.find((cell) => cell.document.uri.toString() === document);
}

const decoder = new TextDecoder();

/** Ids are random: where one stands in an output's JSON as the id of its view, it is that view. */
function shows(cell: vscode.NotebookCell, viewId: string): boolean {
  const id = new RegExp(`"id"\\s*:\\s*"${viewId.replace(/[^\w-]/g, '')}"`);
  return cell.outputs.some(({ items }) =>
    items.some(({ mime, data }) => mime.startsWith('application/vnd.latentlab.') && id.test(decoder.decode(data))),
  );
}
