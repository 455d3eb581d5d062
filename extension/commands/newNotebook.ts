/** "New Notebook": an untitled notebook whose first cell runs. */
import * as vscode from 'vscode';
import { showNewNotebook } from '../newNotebooks';

const FIRST_CELL = `// Shift+Enter runs a cell. Any cell may declare a name again, and await stands anywhere.
import { fashionMnist, latentScatter, VAE } from 'latentlab';

const data = await fashionMnist(); // or your own: await loadData('file.csv')
const [train, heldOut] = data.split(2000, { seed: 1 });
train`;

export function newNotebook(extensionId: string): Promise<vscode.NotebookEditor> {
  const first = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, FIRST_CELL, 'typescript');
  return showNewNotebook([first], extensionId);
}
