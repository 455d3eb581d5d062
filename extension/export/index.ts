/** Exports of the notebook in view: as it stands in the editor, saved or not. Nothing of it runs. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { ExportFormat } from '../../kernel/notebook/export/formats';
import { activeNotebook } from '../commands/activeNotebook';
import { isOfOurType } from '../notebookTypes';
import { nbformatOf } from './nbformat';

const { t } = vscode.l10n;

interface Kind {
  readonly label: string;
  readonly icon: string;
  readonly detail: string;
}

const kinds = (): Record<ExportFormat, Kind> => ({
  html: { label: t('HTML Report'), icon: 'globe', detail: t('One file with formulas, code, outputs and live views') },
  md: { label: t('Markdown'), icon: 'markdown', detail: t('Text and code, with the pictures in a folder beside it') },
  ts: { label: t('TypeScript Program'), icon: 'file-code', detail: t('The cells in one file that runs under Node') },
  pdf: { label: t('PDF'), icon: 'file-pdf', detail: t('The report, printed by Chrome, Edge or Chromium') },
});

/** @param exportMain the program that writes exports */
export function provideExports(exportMain: string): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  const formats = Object.keys(kinds()) as ExportFormat[];
  return vscode.Disposable.from(
    registerCommand('latentlab.export', async (target?: unknown, file?: unknown) => {
      const format = await chooseFormat();
      return format && exported(exportMain, format, target, file);
    }),
    ...formats.map((format) =>
      registerCommand(`latentlab.export.${format}`, (target?: unknown, file?: unknown) =>
        exported(exportMain, format, target, file),
      ),
    ),
  );
}

async function chooseFormat(): Promise<ExportFormat | undefined> {
  const items = Object.entries(kinds()).map(([format, { label, icon, detail }]) => ({
    label: `$(${icon}) ${label}`,
    description: `.${format}`,
    detail,
    format: format as ExportFormat,
  }));
  return (await vscode.window.showQuickPick(items, { title: t('Export Notebook') }))?.format;
}

/**
 * @param named where it goes; not asked for then
 * @returns the file that was written
 */
async function exported(
  exportMain: string,
  format: ExportFormat,
  target: unknown,
  named: unknown,
): Promise<vscode.Uri | undefined> {
  const notebook = activeNotebook(target);
  if (!notebook || !isOfOurType(notebook)) {
    void vscode.window.showInformationMessage(t('Open a notebook to export it.'));
    return undefined;
  }
  const file = named instanceof vscode.Uri ? named : await chooseFile(notebook, format);
  if (!file) return undefined;
  const { label } = kinds()[format];
  try {
    const title = t('Exporting {0}', path.basename(file.fsPath));
    const options = { location: vscode.ProgressLocation.Notification, title };
    await vscode.window.withProgress(options, () => write(exportMain, notebook, format, file.fsPath));
  } catch (error) {
    void vscode.window.showErrorMessage(t('{0} could not be exported: {1}', label, reasonOf(error)));
    return undefined;
  }
  if (!(named instanceof vscode.Uri)) void offerToOpen(file, format);
  return file;
}

function chooseFile(notebook: vscode.NotebookDocument, format: ExportFormat): Thenable<vscode.Uri | undefined> {
  const { label } = kinds()[format];
  const folder = folderOf(notebook);
  const name = path.parse(notebook.uri.path).name || 'notebook';
  // Notes in Markdown keep their own file.
  const isItself = notebook.uri.path.toLowerCase().endsWith(`.${format}`);
  return vscode.window.showSaveDialog({
    title: t('Export to {0}', label),
    defaultUri: vscode.Uri.file(path.join(folder, `${name}${isItself ? '-with-outputs' : ''}.${format}`)),
    filters: { [label]: [format] },
    saveLabel: t('Export'),
  });
}

function folderOf({ uri }: vscode.NotebookDocument): string {
  if (uri.scheme === 'file') return path.dirname(uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
}

async function write(exportMain: string, notebook: vscode.NotebookDocument, format: ExportFormat, target: string) {
  const folder = await mkdtemp(path.join(tmpdir(), 'latentlab-export-'));
  try {
    const saved = path.join(folder, 'notebook.ipynb');
    await writeFile(saved, nbformatOf(notebook));
    // Names the export, and is where its pictures are looked for.
    const own = path.join(folderOf(notebook), path.basename(notebook.uri.path) || 'notebook.ipynb');
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    await promisify(execFile)(process.execPath, [exportMain, saved, format, target, own], { env, maxBuffer: 2 ** 26 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return stderr?.trim() || message;
}

async function offerToOpen(file: vscode.Uri, format: ExportFormat): Promise<void> {
  const open = t('Open');
  const isText = format === 'md' || format === 'ts';
  const done = t('Exported {0}.', path.basename(file.fsPath));
  if ((await vscode.window.showInformationMessage(done, open)) !== open) return;
  if (isText) await vscode.window.showTextDocument(file);
  else await vscode.env.openExternal(file);
}
