/** In sweep files: the names of the notebook's parameters, with their types, where a sweep gives them values. */
import path from 'node:path';
import { getLocation, parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { DeclaredParameter } from '../../kernel/notebook/parameters/declared';
import { PARAMETERS_TAG } from '../../kernel/notebook/parameters/overriding';
import { isSweepFile } from '../../kernel/sweeps/file/fileNames';

/** Where a key is a parameter's name. */
const PLACES = [
  ['grid', '*'],
  ['parameters', '*'],
  ['list', '*', '*'],
  ['random', 'parameters', '*'],
];

export function completeParameters(): vscode.Disposable {
  const selector = ['json', 'jsonc'].map((language) => ({ language, scheme: 'file' }));
  return vscode.languages.registerCompletionItemProvider(selector, { provideCompletionItems }, '"');
}

async function provideCompletionItems(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  if (!isSweepFile(document.uri.fsPath)) return [];
  const text = document.getText();
  const { path: place, isAtPropertyKey, previousNode } = getLocation(text, document.offsetAt(position));
  const isName = PLACES.some(
    (known) => known.length === place.length && known.every((key, i) => key === '*' || key === place[i]),
  );
  if (!isAtPropertyKey || !isName) return [];
  const { notebook } = (parse(text) ?? {}) as { notebook?: unknown };
  if (typeof notebook !== 'string') return [];
  const declared = await parametersIn(path.resolve(path.dirname(document.uri.fsPath), notebook));
  const range = previousNode
    ? new vscode.Range(
        document.positionAt(previousNode.offset),
        document.positionAt(previousNode.offset + previousNode.length),
      )
    : undefined;
  return declared.map((parameter) => itemOf(parameter, place[0] === 'grid', range));
}

function itemOf(parameter: DeclaredParameter, isList: boolean, range: vscode.Range | undefined): vscode.CompletionItem {
  const { name, typeText, value, comment } = parameter;
  const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Variable);
  item.detail = value === undefined ? typeText : `${typeText} = ${JSON.stringify(value)}`;
  item.documentation = comment;
  // With its quotes, as JSON's own completions are compared.
  item.filterText = JSON.stringify(name);
  item.insertText = new vscode.SnippetString(`${JSON.stringify(name)}: ${isList ? '[$0]' : '$0'}`);
  item.range = range;
  return item;
}

/** What a notebook's file says, or the editor's text of it where that is open. */
async function parametersIn(file: string): Promise<DeclaredParameter[]> {
  const { declaredParameters } = await import('../../kernel/notebook/parameters/declared');
  const text = await sourceOf(file).catch(() => undefined);
  return text === undefined ? [] : declaredParameters(text);
}

async function sourceOf(file: string): Promise<string | undefined> {
  const bytes = new Uint8Array(await vscode.workspace.fs.readFile(vscode.Uri.file(file)));
  if (/\.(md|markdown)$/i.test(file)) {
    const { readDerivation } = await import('../../kernel/notebook/derivations/derivation');
    return readDerivation(bytes).find(({ tags }) => tags?.includes(PARAMETERS_TAG))?.text;
  }
  const { cells } = JSON.parse(new TextDecoder().decode(bytes)) as {
    cells: { metadata?: { tags?: string[] }; source: string | string[] }[];
  };
  const cell = cells.find(({ metadata }) => metadata?.tags?.includes(PARAMETERS_TAG));
  return cell && [cell.source].flat().join('');
}
