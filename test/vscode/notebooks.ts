/** What the suites do with notebooks, waiting on VS Code's own events. */
import * as vscode from 'vscode';
import { MIME } from '../../kernel/views/types';
import type { LatentLab } from '../../extension/extension';

/** The kinds of views that samples/vae.ipynb shows: it has one training, and looks for no anomalies. */
const OTHERS: readonly string[] = [
  MIME.comparison,
  MIME.traversal,
  MIME.anomalies,
  MIME.metrics,
  MIME.sweep,
  MIME.figure,
  MIME.diagram,
];
export const SHOWN_BY_FLAGSHIP = Object.values(MIME).filter((mime) => !OTHERS.includes(mime));

export const EXTENSION_ID = 'latentlab.latentlab';

export async function latentlab(): Promise<LatentLab> {
  const extension = vscode.extensions.getExtension<LatentLab>(EXTENSION_ID);
  if (!extension) throw new Error(`${EXTENSION_ID} is not installed`);
  return extension.activate();
}

/** Metadata of a notebook in this language, written for this kernel. */
function metadataFor(kernel: string, language = 'typescript'): object {
  const kernelspec = { name: kernel, display_name: kernel, language };
  return { kernelspec, language_info: { name: language } };
}

/** A file in the workspace's folder that was written for this kernel, not shown yet and never seen before. */
export async function savedNotebook(name: string, kernel: string, language?: string): Promise<vscode.NotebookDocument> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  const content = { nbformat: 4, nbformat_minor: 5, metadata: metadataFor(kernel, language), cells: [] };
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(content)));
  return vscode.workspace.openNotebookDocument(uri);
}

/** Opens a notebook of the workspace's folder and shows it with our kernel. */
export async function openSample(name: string): Promise<vscode.NotebookEditor> {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  return show(await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(folder, name)));
}

/** A new notebook that holds these code cells. */
export async function newNotebook(...cells: string[]): Promise<vscode.NotebookEditor> {
  const code = cells.map((text) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'typescript'));
  const metadata = { metadata: metadataFor('latentlab') };
  const data = Object.assign(new vscode.NotebookData(code), { metadata });
  return show(await vscode.workspace.openNotebookDocument('jupyter-notebook', data));
}

async function show(notebook: vscode.NotebookDocument): Promise<vscode.NotebookEditor> {
  const editor = await vscode.window.showNotebookDocument(notebook);
  await vscode.commands.executeCommand('notebook.selectKernel', { id: 'latentlab', extension: EXTENSION_ID });
  return editor;
}

/** Leaves the window as it was: no editors, and no notifications, which would take a later test's Escape. */
export async function closeAll(): Promise<void> {
  const unsaved = vscode.workspace.notebookDocuments.filter(({ isUntitled, isDirty }) => isUntitled || isDirty);
  for (const notebook of unsaved) await revert(notebook);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await vscode.commands.executeCommand('notifications.clearAll');
}

async function revert(notebook: vscode.NotebookDocument): Promise<void> {
  await vscode.window.showNotebookDocument(notebook);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

/** Adds a code cell at the end and returns it. */
export async function append(notebook: vscode.NotebookDocument, code: string): Promise<vscode.NotebookCell> {
  const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, code, 'typescript');
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(notebook.cellCount, [data])]);
  await vscode.workspace.applyEdit(edit);
  return notebook.cellAt(notebook.cellCount - 1);
}

/** Stops the cell, as the button beside it does. */
export async function interrupt(cell: vscode.NotebookCell): Promise<void> {
  const ranges = [{ start: cell.index, end: cell.index + 1 }];
  await vscode.commands.executeCommand('notebook.cancelExecution', { ranges, document: cell.notebook.uri });
}

/** Starts a cell; {@link ended} waits for it. */
export function start(cell: vscode.NotebookCell): Thenable<unknown> {
  const ranges = [{ start: cell.index, end: cell.index + 1 }];
  return vscode.commands.executeCommand('notebook.cell.execute', { ranges, document: cell.notebook.uri });
}

/** Runs a cell to its end and returns it as it is then. */
export async function run(cell: vscode.NotebookCell): Promise<vscode.NotebookCell> {
  const end = ended(cell);
  await start(cell);
  await end;
  return cell;
}

/** Adds a code cell at the end and runs it. */
export async function appendAndRun(notebook: vscode.NotebookDocument, code: string): Promise<vscode.NotebookCell> {
  return run(await append(notebook, code));
}

/** Settles when the next run of the cell has ended. VS Code keeps no times of a run that a debugger paused. */
export async function ended(cell: vscode.NotebookCell): Promise<void> {
  const before = cell.executionSummary;
  await when(cell.notebook, () => {
    const { timing, success, executionOrder } = cell.executionSummary ?? {};
    if (success === undefined) return false;
    return timing ? timing.endTime !== before?.timing?.endTime : executionOrder !== before?.executionOrder;
  });
}

/** Settles when the notebook has changed so that the condition holds. */
export function when(notebook: vscode.NotebookDocument, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (condition()) {
      resolve();
      return;
    }
    const subscription = vscode.workspace.onDidChangeNotebookDocument((event) => {
      if (event.notebook !== notebook || !condition()) return;
      subscription.dispose();
      resolve();
    });
  });
}

const decoder = new TextDecoder();

/** All items of a cell's outputs with this MIME type, as text. */
export function texts(cell: vscode.NotebookCell, mime: string): string[] {
  return cell.outputs.flatMap(({ items }) =>
    items.filter((item) => item.mime === mime).map((item) => decoder.decode(item.data)),
  );
}

/** What the cell printed to its standard output. */
export function printedBy(cell: vscode.NotebookCell): string {
  return texts(cell, 'application/vnd.code.notebook.stdout').join('');
}

/** The plain text of the cell's last value. */
export function textOf(cell: vscode.NotebookCell): string | undefined {
  return texts(cell, 'text/plain').at(-1);
}

/** The error that the cell ended with, its stack as it is read. */
export function errorOf(cell: vscode.NotebookCell): { name: string; message: string; stack: string } | undefined {
  const [error] = texts(cell, 'application/vnd.code.notebook.error');
  if (error === undefined) return undefined;
  const { stack, ...rest } = JSON.parse(error) as { name: string; message: string; stack: string };
  return { ...rest, stack: stack.replaceAll(/<a href='[^']*'>(.*?)<\/a>/g, '$1') };
}

/** The objects of our views in a cell's outputs. */
export function views<T>(cell: vscode.NotebookCell, mime: string): T[] {
  return texts(cell, mime).map((text) => JSON.parse(text) as T);
}
