/** The cells of a notebook that declare and override parameters. */
import * as vscode from 'vscode';
import type { DeclaredParameter } from '../../kernel/notebook/parameters/declared';
import { INJECTED_TAG, PARAMETERS_TAG } from '../../kernel/notebook/parameters/overriding';
import { tagsIn } from '../notebookMetadata';

export function isParametersCell(cell: vscode.NotebookCell): boolean {
  return cell.kind === vscode.NotebookCellKind.Code && tagsIn(cell.metadata).includes(PARAMETERS_TAG);
}

export function isInjectedCell(cell: vscode.NotebookCell): boolean {
  return cell.kind === vscode.NotebookCellKind.Code && tagsIn(cell.metadata).includes(INJECTED_TAG);
}

/** What a cell declares. TypeScript, which reads it, is loaded when it is asked for. */
export async function declaredIn(cell: vscode.NotebookCell): Promise<DeclaredParameter[]> {
  const { declaredParameters } = await import('../../kernel/notebook/parameters/declared');
  return declaredParameters(cell.document.getText());
}

/** A cell's metadata with a tag, or without it. */
export function retagged(metadata: Record<string, unknown>, tag: string, isTagged: boolean): Record<string, unknown> {
  const others = tagsIn(metadata).filter((one) => one !== tag);
  const tags = isTagged ? [...others, tag] : others;
  const before = Object.entries((metadata['metadata'] ?? {}) as Record<string, unknown>);
  const inner = Object.fromEntries(before.filter(([name]) => name !== 'tags'));
  return { ...metadata, metadata: { ...inner, ...(tags.length > 0 && { tags }) } };
}
