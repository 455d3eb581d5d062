/** What stands behind a dot in the running kernel, for the editor's completions. */
import * as vscode from 'vscode';
import type { Member } from '../../kernel/protocol';
import type { Kernels } from '../kernels';

/** Completions do not wait for a kernel that is busy. */
const PATIENCE_MS = 300;

/**
 * @returns for a notebook (by its address) and a chain of names (`a.b`) the members of the value there; undefined when
 *   there is none, or the kernel does not answer at once
 */
export function liveMembersOf(
  kernels: Kernels,
): (notebook: string, expression: string) => Promise<Member[] | undefined> {
  return async (address, expression) => {
    const notebook = vscode.workspace.notebookDocuments.find(({ uri }) => uri.toString() === address);
    const kernel = notebook && kernels.known(notebook);
    if (kernel?.pid === undefined) return undefined;
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS));
    // No value there, or no chain of names.
    const found = kernel.inspect({ kind: 'members', expression }).catch(() => undefined);
    return (await Promise.race([found, late]))?.members;
  };
}
