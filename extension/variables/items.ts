/** The rows of the variables' tree. */
import * as vscode from 'vscode';
import type { Findings, ValuePath, Variable } from '../../kernel/protocol';
import { countText, descriptionOf, sparklineText, spokenText, statisticsText, thumbnailText, typeText } from './words';

export type Row =
  | { kind: 'variable'; variable: Variable }
  /** Some children of a value that has many. */
  | { kind: 'range'; path: ValuePath; start: number; count: number }
  | { kind: 'note'; text: string };

/** Children that are shown without a row for their range. */
export const PAGE = 100;

const ICONS: Record<Variable['kind'], string> = {
  tensor: 'symbol-array',
  numbers: 'symbol-array',
  data: 'database',
  model: 'type-hierarchy-sub',
  history: 'graph-line',
  list: 'list-unordered',
  object: 'symbol-object',
  function: 'symbol-method',
  class: 'symbol-class',
  value: 'symbol-variable',
  getter: 'symbol-property',
};

const VALUE_ICONS: Record<string, string> = {
  string: 'symbol-string',
  number: 'symbol-number',
  bigint: 'symbol-number',
  boolean: 'symbol-boolean',
};

export function itemOf(row: Row): vscode.TreeItem {
  if (row.kind === 'note') return new vscode.TreeItem(row.text);
  if (row.kind === 'range') return rangeItem(row);
  const { variable } = row;
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(variable.name, variable.expandable ? Collapsed : None);
  item.id = JSON.stringify(variable.path);
  item.description = descriptionOf(variable);
  item.iconPath = new vscode.ThemeIcon(iconOf(variable));
  const traits = [variable.expression && 'named', mayBeData(variable) && 'samples'].filter((trait) => trait);
  item.contextValue = ['variable', ...traits, ...variable.plots.map(() => 'plot')].join(' ');
  item.accessibilityInformation = { label: spokenText(variable) };
  if (variable.expression !== undefined) {
    const title = vscode.l10n.t('Insert Name into Cell');
    item.command = { command: 'latentlab.variables.insert', title, arguments: [row] };
  }
  return item;
}

/** Whether a model may be trained on it; what it holds is looked at when somebody wants that. */
function mayBeData({ kind, expression }: Variable): boolean {
  return expression !== undefined && ['tensor', 'numbers', 'data', 'list', 'object'].includes(kind);
}

function iconOf({ kind, type, model }: Variable): string {
  if (model?.training) return 'loading~spin';
  return (kind === 'value' ? VALUE_ICONS[type] : undefined) ?? ICONS[kind];
}

function rangeItem({ path, start, count }: Row & { kind: 'range' }): vscode.TreeItem {
  const label = `[${countText(start)} … ${countText(start + count - 1)}]`;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = JSON.stringify([path, start, count]);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  return item;
}

/** Rows for ranges of children, at most {@link PAGE} of them, all of one size but the last. */
export function rangesOf(path: ValuePath, start: number, count: number): Row[] {
  let size = PAGE;
  while (count / size > PAGE) size *= PAGE;
  const ranges = Math.ceil(count / size);
  return Array.from({ length: ranges }, (_, i) => ({
    kind: 'range' as const,
    path,
    start: start + i * size,
    count: Math.min(size, count - i * size),
  }));
}

/** What a hover says, with a picture where there is one. */
export function tooltipOf(variable: Variable, details: Findings['details'] | undefined): vscode.MarkdownString {
  const { name, expression, device, sparkline, text } = variable;
  const markdown = new vscode.MarkdownString('', true);
  markdown.appendCodeblock(expression ?? name, 'typescript');
  const say = (line: string) => markdown.appendMarkdown(`${escaped(line)}\n\n`);
  say(`${typeText(variable)}${device ? vscode.l10n.t(' on {0}', device) : ''}`);
  if (text) say(text);
  if (sparkline) say(`${sparkline.text}  ${sparklineText(sparkline)}`);
  if (details?.statistics) say(statisticsText(details.statistics));
  if (details?.picture) {
    const { png, width, height } = details.picture;
    markdown.appendMarkdown(`![](data:image/png;base64,${png}|width=${width},height=${height})\n\n`);
    say(thumbnailText(details.picture));
  }
  return markdown;
}

/** Text as Markdown that reads so; unlike what `appendText` makes of it, its lines wrap. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+.!|<>&~$-]/g, '\\$&').replace(/\s+/g, ' ');
}
