import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { Rung } from '../../kernel/protocol';
import type { LatentLabController } from '../controller';
import { messageOf } from '../kernelProcess';
import type { Kernels } from '../kernels';
import { findNode } from '../nodePath';
import { readSettings } from '../settings';
import { assertTrusted } from '../trust';
import { activeNotebook } from './activeNotebook';

const { t } = vscode.l10n;

interface DeviceItem extends vscode.QuickPickItem {
  device: string;
}

/**
 * Lists the rungs of the device ladder with their reasons; the chosen one becomes the setting and restarts the kernel.
 * @returns the reason when the devices cannot be listed; it has been shown
 */
export async function selectDevice(
  kernels: Kernels,
  controller: LatentLabController,
  cli: string,
  env: Readonly<Record<string, string>>,
  target?: unknown,
): Promise<{ refused: string } | undefined> {
  try {
    assertTrusted();
    const { device: current, nodePath } = readSettings();
    const items = readRungs(await findNode(nodePath), cli, env).then((rungs) => itemsOf(rungs, current));
    const picked = await vscode.window.showQuickPick(items, {
      title: t('LatentLab: device for new kernels'),
      placeHolder: t('What the kernel computes on'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (!picked || picked.device === current) return undefined;
    const scope = vscode.workspace.workspaceFolders
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration('latentlab').update('device', picked.device, scope);
    await offerRestart(kernels, controller, picked.device, target);
    return undefined;
  } catch (error) {
    const refused = messageOf(error);
    void vscode.window.showErrorMessage(t('LatentLab: Select Device: {0}', refused));
    return { refused };
  }
}

async function readRungs(node: string, cli: string, ours: Readonly<Record<string, string>>): Promise<Rung[]> {
  const env = { ...process.env, ...ours, ELECTRON_RUN_AS_NODE: '1' };
  const { stdout } = await promisify(execFile)(node, [cli, 'devices', '--json'], { env, timeout: 60_000 });
  return JSON.parse(stdout) as Rung[];
}

function itemsOf(rungs: Rung[], current: string): DeviceItem[] {
  // One of several GPUs stands behind a colon.
  const mark = (device: string) => (device === current.split(':')[0] ? '$(check) ' : '');
  const auto: DeviceItem = {
    device: 'auto',
    label: `${mark('auto')}auto`,
    description: t('now {0}', rungs.find(({ status }) => status === 'chosen')?.name ?? t('none')),
    detail: t('The first available device in the list.'),
  };
  const icons = { chosen: '$(pass)', usable: '$(pass)', untried: '$(circle-outline)', unusable: '$(circle-slash)' };
  const items = rungs.map(({ name, about, status, reason }): DeviceItem => ({
    device: name,
    label: `${mark(name)}${icons[status]} ${name}`,
    description: about,
    detail: status === 'unusable' ? t('Cannot be used: {0}', reason) : reason,
  }));
  return [auto, ...items];
}

async function offerRestart(
  kernels: Kernels,
  controller: LatentLabController,
  device: string,
  target: unknown,
): Promise<void> {
  const notebook = activeNotebook(target);
  const state = notebook && kernels.known(notebook)?.state.state;
  if (!notebook || (state !== 'idle' && state !== 'busy')) return;
  const restart = t('Restart Kernel');
  const question = t('The running kernel keeps its device. Restart it on {0}? You will lose its variables.', device);
  if ((await vscode.window.showInformationMessage(question, restart, t('Later'))) === restart) {
    await controller.restart(notebook);
  }
}
