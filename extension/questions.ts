/** Puts the questions of cells to the user, in a box that stays open while they look something up. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { AskUser } from '../kernel/client';
import type { Ask } from '../kernel/protocol';

/** Escape cancels: null for a text, a closed input for a line, no for a confirmation. */
export function userOf(notebook: vscode.NotebookDocument): AskUser {
  return async (question, signal) => {
    const source = new vscode.CancellationTokenSource();
    const close = () => source.cancel();
    signal.addEventListener('abort', close, { once: true });
    try {
      const title = [path.posix.basename(notebook.uri.path), question.cellName].filter(Boolean).join(', ');
      return await put(question, title, source.token);
    } finally {
      signal.removeEventListener('abort', close);
      source.dispose();
    }
  };
}

async function put(ask: Ask, title: string, token: vscode.CancellationToken): Promise<string | boolean | null> {
  const { kind, question, proposal } = ask;
  if (kind === 'confirm' || kind === 'alert') {
    const yes = vscode.l10n.t('Yes');
    const choices = kind === 'confirm' ? [yes, vscode.l10n.t('No')] : [vscode.l10n.t('OK')];
    // What is asked stands above, where what the user types to choose leaves it.
    const [above, below] = question.trim() === '' ? [title, undefined] : [question, title];
    const options = { title: above, placeHolder: below, ignoreFocusOut: true };
    const choice = await vscode.window.showQuickPick(choices, options, token);
    return kind === 'alert' || choice === yes;
  }
  const prompt = question.trim() === '' ? vscode.l10n.t('The cell reads a line.') : question;
  const answer = await vscode.window.showInputBox({ title, prompt, value: proposal, ignoreFocusOut: true }, token);
  return answer ?? null;
}
