import * as vscode from 'vscode';
import { SOURCE } from '../problemList';
import { CELLS, spanOf, workspaceEdit, type Context } from './context';

const { CodeActionKind } = vscode;

/** Its edit is found out when it is chosen. */
class OrganizeImports extends vscode.CodeAction {
  constructor(readonly document: vscode.TextDocument) {
    super(vscode.l10n.t('Organize Imports'), CodeActionKind.SourceOrganizeImports);
  }
}

export function provideActions(context: Context): vscode.Disposable {
  const { client, notebooks } = context;
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, _range, { diagnostics, only }, token) {
      if (!notebooks.cellOf(document)) return undefined;
      if (only && CodeActionKind.Source.contains(only)) {
        return only.contains(CodeActionKind.SourceOrganizeImports) ? [new OrganizeImports(document)] : undefined;
      }
      const own = diagnostics.filter(({ source }) => source === SOURCE);
      const fixes = await Promise.all(own.map((diagnostic) => fixesOf(document, diagnostic, token)));
      return fixes.flat();
    },
    async resolveCodeAction(action, token) {
      const cell = action instanceof OrganizeImports ? notebooks.cellOf(action.document) : undefined;
      const edits = cell && (await client.ask('organizeImports', [cell], token));
      if (edits) action.edit = workspaceEdit(context, edits);
      return action;
    },
  };

  const fixesOf = async (
    document: vscode.TextDocument,
    diagnostic: vscode.Diagnostic,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> => {
    const cell = notebooks.cellOf(document);
    const { range, code } = diagnostic;
    const fixes = cell && (await client.ask('fixes', [cell, spanOf(document, range), [Number(code)]], token));
    return (fixes ?? []).map(({ title, edits, isPreferred }) => {
      const action = new vscode.CodeAction(title, CodeActionKind.QuickFix);
      return Object.assign(action, { edit: workspaceEdit(context, edits), diagnostics: [diagnostic], isPreferred });
    });
  };

  return vscode.languages.registerCodeActionsProvider(CELLS, provider, {
    providedCodeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceOrganizeImports],
  });
}
