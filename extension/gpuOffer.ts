/** Offers to set up the GPU of this machine, once in the life of an installation, when a kernel computes without it. */
import * as vscode from 'vscode';
import type { DeviceSummary } from '../kernel/protocol';
import { gpuPlan } from './commands/setUpGpu';
import type { SetUpContext } from './commands/setUp';
import { messageOf, type KernelState } from './kernelProcess';
import type { Kernels } from './kernels';
import { readSettings } from './settings';

const OFFERED = 'latentlab.gpuOffered';

export interface GpuOffer {
  kernels: Kernels;
  setUp: SetUpContext;
  globalState: vscode.Memento;
  log: vscode.LogOutputChannel;
}

export function offerGpu({ kernels, setUp, globalState, log }: GpuOffer): vscode.Disposable {
  const seen = new WeakSet<DeviceSummary>();
  let isOpen = false;
  const look = async (notebook: vscode.NotebookDocument, state: KernelState) => {
    if (!('device' in state) || seen.has(state.device)) return;
    seen.add(state.device);
    // A device that the user named is none of our business.
    const isMissing = !state.device.gpu && readSettings(notebook.uri).device === 'auto';
    if (!isMissing || isOpen || globalState.get(OFFERED) === true) return;
    isOpen = true;
    try {
      await offer(setUp, globalState);
    } catch (error) {
      log.debug(`No GPU is offered: ${messageOf(error)}`);
    } finally {
      isOpen = false;
    }
  };
  return kernels.onCreate(({ notebook, kernel }) => kernel.onStateChange((state) => void look(notebook, state)));
}

/** @throws where a GPU is seen for which there is no plugin */
async function offer(setUp: SetUpContext, globalState: vscode.Memento): Promise<void> {
  const plan = await gpuPlan(setUp);
  if (plan?.gpu === undefined) return;
  await globalState.update(OFFERED, true);
  const yes = vscode.l10n.t('Set Up GPU');
  const words = vscode.l10n.t('{0} was found, but no device uses it.', plan.gpu);
  const answer = await vscode.window.showInformationMessage(words, yes, vscode.l10n.t('Not Now'));
  if (answer === yes) await vscode.commands.executeCommand('latentlab.setUpGpu');
}
