/** Outputs of a derivation, in a file beside it: `notes.md.outputs.json`. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

const VERSION = 1;

/** What a cell's last run left. */
export interface SavedRun {
  readonly executionOrder?: number;
  readonly success?: boolean;
  readonly timing?: { readonly startTime: number; readonly endTime: number };
  readonly outputs: readonly vscode.NotebookCellOutput[];
}

interface SavedCell extends Omit<SavedRun, 'outputs'> {
  /** SHA-256 of the code that ran. */
  readonly source: string;
  readonly outputs: readonly SavedOutput[];
}

interface SavedOutput {
  readonly metadata?: Record<string, unknown>;
  readonly items: readonly SavedItem[];
}

type SavedItem = { readonly mime: string } & (
  { readonly text: string } | { readonly json: unknown } | { readonly base64: string }
);

/** The file's text; undefined if no cell has outputs. */
export function outputsText(cells: readonly vscode.NotebookCell[]): string | undefined {
  const saved = cells.filter(({ outputs }) => outputs.length > 0).map(savedCell);
  if (saved.length === 0) return undefined;
  return `${JSON.stringify({ version: VERSION, cells: saved }, null, 1)}\n`;
}

/**
 * The runs that a file holds, for the cells whose code is still what ran.
 *
 * @throws Error for a file that is none of these
 */
export function savedRuns(text: string, cells: readonly vscode.NotebookCell[]): Map<vscode.NotebookCell, SavedRun> {
  const { version, cells: saved } = JSON.parse(text) as { version?: unknown; cells?: SavedCell[] };
  if (version !== VERSION || !Array.isArray(saved)) {
    throw new Error(vscode.l10n.t('it has the version {0}; this LatentLab reads {1}', String(version), VERSION));
  }
  const left = [...saved];
  const found = new Map<vscode.NotebookCell, SavedRun>();
  for (const cell of cells) {
    const source = digestOf(cell);
    // Cells with the same code have outputs in the order of the file.
    const at = left.findIndex((one) => one.source === source);
    if (at >= 0) found.set(cell, runOf(left.splice(at, 1)[0]!));
  }
  return found;
}

function digestOf({ document }: vscode.NotebookCell): string {
  return createHash('sha256').update(document.getText().replaceAll('\r\n', '\n')).digest('hex');
}

function savedCell(cell: vscode.NotebookCell): SavedCell {
  const { executionOrder, success, timing } = cell.executionSummary ?? {};
  return {
    source: digestOf(cell),
    executionOrder,
    success,
    timing,
    outputs: cell.outputs.map(({ items, metadata }) => ({ metadata, items: items.map(savedItem) })),
  };
}

function savedItem({ mime, data }: vscode.NotebookCellOutputItem): SavedItem {
  const buffer = Buffer.from(data);
  const text = buffer.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(buffer)) return { mime, base64: buffer.toString('base64') };
  return /[/+]json$/.test(mime) ? { mime, json: JSON.parse(text) as unknown } : { mime, text };
}

function runOf({ outputs, ...run }: SavedCell): SavedRun {
  return {
    ...run,
    outputs: outputs.map(({ items, metadata }) => new vscode.NotebookCellOutput(items.map(itemOf), metadata)),
  };
}

function itemOf(item: SavedItem): vscode.NotebookCellOutputItem {
  const data =
    'base64' in item
      ? Buffer.from(item.base64, 'base64')
      : Buffer.from('json' in item ? JSON.stringify(item.json) : item.text);
  return new vscode.NotebookCellOutputItem(new Uint8Array(data), item.mime);
}
