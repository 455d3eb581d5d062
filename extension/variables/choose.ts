/** A variable chosen from a list: for the commands of the palette, which need no view and no mouse. */
import * as vscode from 'vscode';
import type { Variable } from '../../kernel/protocol';
import type { KernelProcess } from '../kernelProcess';
import { messageOf } from '../kernelProcess';
import { typeText } from './words';

const { t } = vscode.l10n;

/** @returns undefined when there is none, which the user has been told, or none was chosen */
export async function chooseVariable(
  kernel: KernelProcess,
  title: string,
  isWanted: (variable: Variable) => boolean,
): Promise<Variable | undefined> {
  const items = async () => {
    const { variables } = await kernel.inspect({ kind: 'variables' });
    const wanted = variables.filter(isWanted);
    if (wanted.length === 0) throw new Error(t('There are no variables yet: run a cell that declares one.'));
    return wanted.map((variable) => ({ label: variable.name, description: facts(variable), variable }));
  };
  const found = items();
  // A kernel that is busy answers later; what goes wrong closes the list.
  const failed = new vscode.CancellationTokenSource();
  found.catch((error: unknown) => {
    failed.cancel();
    void vscode.window.showInformationMessage(messageOf(error));
  });
  const picked = await vscode.window.showQuickPick(
    found.catch(() => []),
    { title, matchOnDescription: true },
    failed.token,
  );
  return picked?.variable;
}

/** In words alone: a sparkline cannot be spoken. */
function facts(variable: Variable): string {
  return [typeText(variable), variable.text].filter(Boolean).join('   ');
}
