/** The view "LatentLab Variables", and its commands. */
import * as vscode from 'vscode';
import { bytesText } from '../../kernel/memoryWords';
import type { TensorsPileUp, Variable } from '../../kernel/protocol';
import { messageOf } from '../kernelProcess';
import type { Kernels } from '../kernels';
import { copyName, copyValue, insertName, plot } from './actions';
import { chooseVariable } from './choose';
import type { Row } from './items';
import { VariableSource } from './source';
import { VariablesTree } from './tree';
import { countText } from './words';

const { t } = vscode.l10n;

type Work = (variable: Variable, notebook: vscode.NotebookDocument) => Promise<void>;

/** What our tests look at. */
export interface VariablesView extends vscode.Disposable {
  readonly source: VariableSource;
  readonly tree: VariablesTree;
}

export function showVariables(kernels: Kernels): VariablesView {
  const source = new VariableSource(kernels);
  const tree = new VariablesTree(source);
  const { registerCommand } = vscode.commands;
  /** Registers what is done with a variable: that of the row, or one that the user chooses from a list. */
  const register = (
    command: string,
    title: string,
    work: Work,
    isWanted: (variable: Variable) => boolean = () => true,
  ) =>
    registerCommand(command, async (row?: Row) => {
      const { notebook } = source;
      if (!notebook) return;
      try {
        const given = row?.kind === 'variable' ? row.variable : undefined;
        const variable = given ?? (await chooseVariable(kernels.of(notebook), title, isWanted));
        if (variable) await work(variable, notebook);
      } catch (error) {
        void vscode.window.showErrorMessage(messageOf(error));
      }
    });
  const disposables = vscode.Disposable.from(
    source,
    tree,
    showsWhereOpen(kernels, source),
    hints(kernels, source, tree),
    registerCommand('latentlab.variables.show', show),
    registerCommand('latentlab.variables.refresh', () => source.refresh()),
    registerCommand('latentlab.variables.filter', (text) => filter(tree, text)),
    registerCommand('latentlab.variables.clearFilter', () => void (tree.filter = '')),
    register(
      'latentlab.variables.insert',
      t('Insert the name of a variable'),
      (variable, notebook) => insertName(notebook, variable),
      ({ expression }) => expression !== undefined,
    ),
    register(
      'latentlab.variables.plot',
      t('Show a variable in a cell below'),
      (variable, notebook) => plot(notebook, variable),
      ({ plots }) => plots.length > 0,
    ),
    register('latentlab.variables.copyName', t('Copy the name of a variable'), (variable) => copyName(variable)),
    register('latentlab.variables.copyText', t('Copy the value of a variable'), (variable, notebook) =>
      copyValue(kernels.of(notebook), variable, 'text'),
    ),
    register('latentlab.variables.copyJson', t('Copy the value of a variable as JSON'), (variable, notebook) =>
      copyValue(kernels.of(notebook), variable, 'json'),
    ),
  );
  return { source, tree, dispose: () => disposables.dispose() };
}

/** VS Code has a command for each view that brings it to the front. */
async function show(): Promise<void> {
  await vscode.commands.executeCommand('latentlab.variables.focus');
}

/** The view is there while a notebook of ours is open. */
function showsWhereOpen(kernels: Kernels, source: VariableSource): vscode.Disposable {
  let shown: boolean | undefined;
  const update = () => {
    const open = source.state !== 'none';
    if (open === shown) return;
    shown = open;
    void vscode.commands.executeCommand('setContext', 'latentlab.notebookOpen', open);
  };
  update();
  return vscode.Disposable.from(source.onChange(update), kernels.onChange(update));
}

/** Asks for the text, and filters while it is typed; Escape brings back what was. */
async function filter(tree: VariablesTree, text?: unknown): Promise<void> {
  if (typeof text === 'string') {
    tree.filter = text;
    return;
  }
  const before = tree.filter;
  const input = vscode.window.createInputBox();
  input.title = t('Filter variables');
  input.placeholder = t('Part of a name, a type or a shape; empty for all');
  input.value = before;
  let accepted = false;
  input.onDidChangeValue((value) => (tree.filter = value));
  input.onDidAccept(() => {
    accepted = true;
    input.hide();
  });
  input.onDidHide(() => {
    if (!accepted) tree.filter = before;
    input.dispose();
  });
  input.show();
}

/** Says that tensors pile up: once a kernel by a message, and below the view's title. */
function hints(kernels: Kernels, source: VariableSource, tree: VariablesTree): vscode.Disposable {
  return kernels.onCreate(({ notebook, kernel }) => {
    let told = false;
    kernel.onEnd(() => (told = false));
    kernel.onMessage((message) => {
      if (message.type !== 'tensorsPileUp') return;
      if (source.notebook === notebook) tree.say(hintText(message));
      if (told) return;
      told = true;
      void suggest(message);
    });
  });
}

function hintText({ unnamed, bytes }: TensorsPileUp): string {
  return t(
    '{0} tensors ({1}) belong to no variable, and their number grows with each cell. Create them inside tf.tidy(() => …), or call dispose() on those that you no longer need.',
    countText(unnamed),
    bytesText(bytes),
  );
}

async function suggest(message: TensorsPileUp): Promise<void> {
  const look = t('Show Variables');
  const hint = `${message.cellName}: ${hintText(message)}`;
  const answer = await vscode.window.showInformationMessage(hint, look);
  if (answer === look) await show();
}
