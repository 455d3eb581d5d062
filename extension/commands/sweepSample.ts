/** The sample sweep: its file, the notebook that it runs and the one that compares the runs, as copies that go together. */
import * as vscode from 'vscode';

/** The folder that the copies are put into. */
const NAME = 'rate-distortion';

/**
 * Copies the sample sweep into a folder and opens one of its notebooks there. Files that are there already stay as they
 * are.
 *
 * @param sample the notebook, among the samples
 * @param into   the folder that gets one with the copies; undefined: the user is asked
 * @returns undefined when no folder was chosen
 */
export async function openSweepSample(
  sample: vscode.Uri,
  into?: vscode.Uri,
): Promise<vscode.NotebookEditor | undefined> {
  const folder = into ?? (await chooseFolder());
  if (!folder) return undefined;
  const copies = vscode.Uri.joinPath(folder, NAME);
  await vscode.workspace.fs.createDirectory(copies);
  const from = vscode.Uri.joinPath(sample, '..');
  for (const [name, kind] of await vscode.workspace.fs.readDirectory(from)) {
    // Runs of the sample itself are none of the copy's.
    if (kind === vscode.FileType.File) await copy(vscode.Uri.joinPath(from, name), vscode.Uri.joinPath(copies, name));
  }
  const name = sample.path.split('/').at(-1)!;
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.joinPath(copies, name));
  return vscode.window.showNotebookDocument(notebook);
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Where to copy the sweep and its notebooks'),
    openLabel: vscode.l10n.t('Copy Here'),
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
  });
  return chosen?.[0];
}

async function copy(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.copy(from, to, { overwrite: false });
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError && error.code === 'FileExists')) throw error;
  }
}
