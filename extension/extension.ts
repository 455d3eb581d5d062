/** Wiring only: what there is, and who hears of whom. */
import path from 'node:path';
import * as vscode from 'vscode';
import { restartKernel } from './commands/restartKernel';
import { selectDevice } from './commands/selectDevice';
import { trainOnSelection } from './commands/trainOnSelection';
import { LatentLabController } from './controller';
import { Kernels } from './kernels';
import { connectRenderers } from './rendererMessages';
import { showProgress } from './status/progress';
import { showStatus } from './status/statusBar';

/** What other extensions and our tests get from `activate`. */
export interface LatentLab {
  kernels: Kernels;
  controller: LatentLabController;
}

export function activate(context: vscode.ExtensionContext): LatentLab {
  const log = vscode.window.createOutputChannel('LatentLab', { log: true });
  const kernelMain = path.join(context.extensionPath, 'dist/kernel/main.js');
  const kernels = new Kernels(kernelMain, log);
  const controller = new LatentLabController(kernels, context.extension.id);
  const cli = path.join(context.extensionPath, 'dist/kernel/cli.js');
  const training = { kernels, kernelMain, extensionId: context.extension.id };
  const { registerCommand } = vscode.commands;
  context.subscriptions.push(
    log,
    kernels,
    controller,
    connectRenderers(kernels),
    showStatus(kernels),
    showProgress(kernels),
    registerCommand('latentlab.selectDevice', (target) => selectDevice(kernels, controller, cli, target)),
    registerCommand('latentlab.restartKernel', (target) => restartKernel(controller, target)),
    registerCommand('latentlab.trainVaeOnSelection', (target) => trainOnSelection(training, target)),
  );
  return { kernels, controller };
}
