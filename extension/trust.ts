/** Nothing of a workspace runs before its user trusts it. */
import * as vscode from 'vscode';

export const UNTRUSTED = vscode.l10n.t(
  'Nothing was run: this workspace is not trusted. Cells are programs with your rights; trust the workspace if you know where they come from.',
);

/** @throws Error in an untrusted workspace; to be called before any process starts */
export function assertTrusted(): void {
  if (!vscode.workspace.isTrusted) throw new Error(UNTRUSTED);
}
