/** Wiring only: what there is, and who hears of whom. */
import path from 'node:path';
import * as vscode from 'vscode';
import { endKernels } from './commands/endKernels';
import { newNotebook } from './commands/newNotebook';
import { openSample } from './commands/openSample';
import { restartKernel } from './commands/restartKernel';
import { runSweep } from './commands/runSweep';
import { selectDevice } from './commands/selectDevice';
import { setUpTfjsNode, setUpWebgpu } from './commands/setUp';
import { setUpGpu } from './commands/setUpGpu';
import { provideRows, trainOnSelection } from './commands/training';
import { LatentLabController } from './controller';
import { connectMarkdown } from './derivations/markdownTexts';
import { openDerivation } from './derivations/openDerivation';
import { SavedOutputs } from './derivations/savedOutputs';
import { registerDerivations } from './derivations/serializer';
import { debugCell, debugKernel } from './debugging/commands';
import { provideExports } from './export';
import { formulaTools } from './formulas/bundle';
import { provideFormulaChecks } from './formulas/checkFormula';
import { FormulaMarks } from './formulas/formulaMarks';
import { Debugging } from './debugging/debugging';
import { offerGpu } from './gpuOffer';
import { Kernels } from './kernels';
import { provideTypes } from './language';
import { ParameterMarks } from './parameters/cellStatus';
import { markParameters } from './parameters/mark';
import { runWithParameters } from './parameters/run';
import { provideReference } from './language/reference';
import { completeParameters } from './parameters/sweepCompletions';
import { connectRenderers } from './rendererMessages';
import { insertSnippet, provideSnippets } from './snippets';
import { NOTEBOOK_TYPES } from './notebookTypes';
import { StaleCells } from './staleCells';
import { showProgress } from './status/progress';
import { showStatus } from './status/statusBar';
import { showVariables, type VariablesView } from './variables';
import { liveMembersOf } from './variables/liveMembers';
import { WholeOutputs } from './wholeOutputs';

/** What other extensions and our tests get from `activate`. */
export interface LatentLab {
  kernels: Kernels;
  controller: LatentLabController;
  debugging: Debugging;
  stale: StaleCells;
  variables: VariablesView;
}

export function activate(context: vscode.ExtensionContext): LatentLab {
  const log = vscode.window.createOutputChannel('LatentLab', { log: true });
  const kernelMain = path.join(context.extensionPath, 'dist/kernel/main.js');
  // What the user has set up for devices lies there; kernels look for it.
  const env = { LATENTLAB_STORAGE: context.globalStorageUri.fsPath };
  const workspace = (context.storageUri ?? context.globalStorageUri).toString();
  const kernels = new Kernels(kernelMain, log, env, workspace);
  const debugging = new Debugging(kernels);
  const stale = new StaleCells(kernels, NOTEBOOK_TYPES);
  const whole = new WholeOutputs(kernels, NOTEBOOK_TYPES);
  const controller = new LatentLabController(kernels, context.extension.id, debugging, stale, whole);
  const cli = path.join(context.extensionPath, 'dist/kernel/cli.js');
  const setUp = { programs: path.dirname(kernelMain), env };
  const { id } = context.extension;
  const liveMembers = liveMembersOf(kernels);
  const samples = vscode.Uri.joinPath(context.extensionUri, 'samples');
  const variables = showVariables(kernels);
  const training = {
    kernels,
    kernelMain,
    env,
    extensionId: id,
    variablesNotebook: () => variables.source.notebook,
  };
  const tools = formulaTools(context.extensionPath);
  const { registerCommand } = vscode.commands;
  context.subscriptions.push(
    log,
    kernels,
    controller,
    debugging,
    stale,
    whole,
    registerDerivations(),
    new SavedOutputs(controller.controllers, kernels, log),
    connectMarkdown(new FormulaMarks(tools, (cell) => stale.isStale(cell)), stale.onDidChangeCellStatusBarItems),
    provideFormulaChecks(tools),
    provideExports(path.join(path.dirname(kernelMain), 'exportMain.js')),
    connectRenderers(kernels),
    showStatus(kernels),
    showProgress(kernels),
    offerGpu({ kernels, setUp, globalState: context.globalState, log }),
    provideTypes({ product: context.extensionPath, kernels, liveMembers, globalState: context.globalState, log }),
    provideReference(context.extensionPath),
    variables,
    provideSnippets(kernels),
    registerCommand('latentlab.newNotebook', () => newNotebook(id)),
    registerCommand('latentlab.openDerivation', openDerivation),
    registerCommand('latentlab.openSample', (name, into) => openSample(samples, id, name, into)),
    registerCommand('latentlab.insertSnippet', insertSnippet),
    registerCommand('latentlab.selectDevice', (target) => selectDevice(kernels, controller, cli, env, target)),
    registerCommand('latentlab.setUpTfjsNode', (args) => setUpTfjsNode(setUp, args)),
    registerCommand('latentlab.setUpGpu', (args) => setUpGpu(setUp, args)),
    registerCommand('latentlab.setUpWebgpu', () => setUpWebgpu(setUp)),
    registerCommand('latentlab.debugCell', (target) => debugCell(debugging, controller, target)),
    registerCommand('latentlab.debugKernel', (target) => debugKernel(debugging, target)),
    registerCommand('latentlab.endKernels', () => endKernels(env)),
    registerCommand('latentlab.restartKernel', (target) => restartKernel(controller, target)),
    new ParameterMarks(NOTEBOOK_TYPES),
    completeParameters(),
    registerCommand('latentlab.markParameters', markParameters),
    registerCommand('latentlab.runWithParameters', (target) =>
      runWithParameters({ controller, memory: context.workspaceState }, target),
    ),
    registerCommand('latentlab.runSweep', (file, choice) => runSweep(setUp, file, choice)),
    provideRows(),
    registerCommand('latentlab.trainVaeOnSelection', (one, more) => trainOnSelection(training, 'vae', one, more)),
    registerCommand('latentlab.trainVqvaeOnSelection', (one, more) => trainOnSelection(training, 'vqvae', one, more)),
  );
  return { kernels, controller, variables, debugging, stale };
}
