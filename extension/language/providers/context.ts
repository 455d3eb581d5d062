/** What all providers have: whom to ask, and how plain data become VS Code's objects. */
import * as vscode from 'vscode';
import { NOTEBOOK_TYPES } from '../../notebookTypes';
import { LANGUAGES } from '../../languages';
import type { LanguageClient } from '../client';
import type { Notebooks } from '../notebooks';
import type { Edit, Kind, Range, Span, Target } from '../protocol';

export interface Context {
  client: LanguageClient;
  notebooks: Notebooks;
}

/** A `scheme` in it would never match a cell. */
export const CELLS: vscode.DocumentFilter[] = NOTEBOOK_TYPES.flatMap((notebookType) =>
  LANGUAGES.map((language) => ({ language, notebookType })),
);

export function rangeOf({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

export function spanOf(document: vscode.TextDocument, range: vscode.Range): Span {
  const start = document.offsetAt(range.start);
  return { start, length: document.offsetAt(range.end) - start };
}

/** Undefined for a cell that is gone meanwhile. */
export function locationOf({ notebooks }: Context, target: Target): vscode.Location | undefined {
  const uri = 'file' in target ? vscode.Uri.file(target.file) : notebooks.documentOf(target.cell)?.uri;
  return uri && new vscode.Location(uri, rangeOf(target.range));
}

export function locationsOf(context: Context, targets: readonly Target[] | undefined): vscode.Location[] {
  return (targets ?? []).flatMap((target) => locationOf(context, target) ?? []);
}

export function workspaceEdit(context: Context, edits: readonly Edit[]): vscode.WorkspaceEdit {
  const whole = new vscode.WorkspaceEdit();
  for (const edit of edits) {
    const location = locationOf(context, edit);
    if (location) whole.replace(location.uri, location.range, edit.text);
  }
  return whole;
}

/** Docstrings may hold pictures of formulas, and nothing that runs. */
export function markdown(text: string): vscode.MarkdownString {
  return Object.assign(new vscode.MarkdownString(text), { supportHtml: true });
}

const { SymbolKind } = vscode;

const SYMBOLS: Record<Kind, vscode.SymbolKind> = {
  class: SymbolKind.Class,
  const: SymbolKind.Constant,
  constructor: SymbolKind.Constructor,
  enum: SymbolKind.Enum,
  'enum member': SymbolKind.EnumMember,
  function: SymbolKind.Function,
  getter: SymbolKind.Property,
  interface: SymbolKind.Interface,
  method: SymbolKind.Method,
  module: SymbolKind.Module,
  property: SymbolKind.Property,
  setter: SymbolKind.Property,
  type: SymbolKind.TypeParameter,
};

export function symbolKind(kind: Kind): vscode.SymbolKind {
  return SYMBOLS[kind] ?? SymbolKind.Variable;
}
