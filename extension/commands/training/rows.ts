/** The first rows of data as a text beside the dialogs, read-only. */
import * as vscode from 'vscode';
import type { DataSurvey } from '../../../kernel/autoencoders/data/survey/facts';
import { columnText, dataText } from './words';

const SCHEME = 'latentlab-rows';
/** Letters of one cell. */
const WIDEST = 18;

const contents = new Map<string, string>();

/** Lets VS Code open what {@link showRows} shows. */
export function provideRows(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: ({ path }) => contents.get(path) ?? '',
  });
}

export async function showRows(survey: DataSurvey): Promise<void> {
  const path = `/${survey.name.replaceAll('\\', '/').split('/').at(-1)!.slice(0, 60)} ${vscode.l10n.t('(first rows)')}`;
  contents.set(path, rowsText(survey));
  const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: SCHEME, path }));
  const options = { preview: true, preserveFocus: true, viewColumn: vscode.ViewColumn.Active };
  await vscode.window.showTextDocument(document, options);
}

/** A table in columns of equal width, below what is known of the data. */
export function rowsText(survey: DataSurvey): string {
  const { columns, preview } = survey;
  const count = preview[0]?.length ?? 0;
  const head = Array.from({ length: count }, (_, i) => columns[i]?.name ?? String(i));
  const cells = [head, ...preview].map((row) => row.map((cell) => cut(cell)));
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => cell.padStart(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const more = columns.length > count ? [vscode.l10n.t('… and {0} columns more', columns.length - count)] : [];
  const facts = columns.slice(0, 200).map((column) => `${column.name.padEnd(20)}  ${columnText(column)}`);
  return [dataText(survey), '', lines[0], rule, ...lines.slice(1), ...more, '', ...facts, ''].join('\n');
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}
