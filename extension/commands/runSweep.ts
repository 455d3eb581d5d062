/** "Run Sweep": many runs of a notebook, as a sweep file says, in a terminal that shows all of them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { isSweepFile } from '../../kernel/sweeps/file/fileNames';
import { messageOf } from '../kernelProcess';
import { findNode } from '../nodePath';
import { readSettings } from '../settings';
import { assertTrusted } from '../trust';
import type { SetUpContext } from './setUp';

export interface SweepChoice {
  on: 'local' | 'slurm';
  resume: boolean;
  dryRun?: boolean;
}

/**
 * @param target the file, of the explorer or the editor in view; else one is asked for
 * @param given what else is asked for
 * @returns the terminal; undefined when the user did not want it after all
 */
export async function runSweep(
  { programs, env }: SetUpContext,
  target?: unknown,
  given?: SweepChoice,
): Promise<vscode.Terminal | undefined> {
  try {
    assertTrusted();
    const file = await fileOf(target);
    if (!file) return undefined;
    await vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === file.fsPath)?.save();
    const choice = given ?? (await choose(file));
    if (!choice) return undefined;
    const node = await findNode(readSettings(file).nodePath);
    const options = [...(choice.on === 'slurm' ? ['--on', 'slurm'] : []), ...(choice.resume ? ['--resume'] : [])];
    const terminal = vscode.window.createTerminal({
      name: vscode.l10n.t('Sweep {0}', path.basename(file.fsPath)),
      shellPath: node,
      shellArgs: [
        path.join(programs, 'sweep.js'),
        `./${path.basename(file.fsPath)}`,
        ...options,
        ...(choice.dryRun ? ['--dry-run'] : []),
      ],
      cwd: path.dirname(file.fsPath),
      // Harmless for Node, and makes VS Code's Electron behave as Node.
      env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
      iconPath: new vscode.ThemeIcon('beaker'),
    });
    terminal.show();
    return terminal;
  } catch (error) {
    void vscode.window.showErrorMessage(vscode.l10n.t('LatentLab: {0}', messageOf(error)));
    return undefined;
  }
}

async function fileOf(target: unknown): Promise<vscode.Uri | undefined> {
  if (target instanceof vscode.Uri) return target;
  const shown = vscode.window.activeTextEditor?.document.uri;
  if (shown?.scheme === 'file' && isSweepFile(shown.fsPath)) return shown;
  const found = await vscode.workspace.findFiles(
    '**/{sweep.json,*.sweep.json,sweeps/*.json}',
    '**/{node_modules,*.sweep}/**',
    100,
  );
  if (found.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no sweep file in this folder: a JSON file named sweep.json or NAME.sweep.json.'),
    );
    return undefined;
  }
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  if (items.length === 1) return items[0]!.uri;
  const title = vscode.l10n.t('Run Sweep');
  return (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('The sweep file') }))?.uri;
}

async function choose(file: vscode.Uri): Promise<SweepChoice | undefined> {
  const name = path.basename(file.fsPath).replace(/(\.sweep)?\.json$/i, '');
  const own = name === 'sweep' ? path.basename(path.dirname(file.fsPath)) : name;
  const folder = path.join(path.dirname(file.fsPath), `${own}.sweep`);
  const isBegun = existsSync(path.join(folder, 'sweep.json'));
  const title = vscode.l10n.t('Run Sweep: {0}', path.basename(file.fsPath));
  const goesOn = vscode.l10n.t('Resume {0} where it was interrupted', path.basename(folder));
  const items: (vscode.QuickPickItem & { choice: SweepChoice })[] = [
    {
      label: `$(play) ${vscode.l10n.t('On this machine')}`,
      detail: isBegun ? goesOn : vscode.l10n.t('With as many kernels as there are cores or GPUs'),
      choice: { on: 'local', resume: isBegun },
    },
    {
      label: `$(server) ${vscode.l10n.t('On Slurm')}`,
      detail: isBegun ? goesOn : vscode.l10n.t('One array job, by sbatch'),
      choice: { on: 'slurm', resume: isBegun },
    },
    {
      label: `$(checklist) ${vscode.l10n.t('Check it and list its runs')}`,
      detail: vscode.l10n.t('Nothing starts'),
      choice: { on: 'local', resume: isBegun, dryRun: true },
    },
  ];
  return (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Where its runs are run') }))
    ?.choice;
}
