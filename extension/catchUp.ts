/** A kernel that went on without its window: which of the notebook's cells show what it has run meanwhile. */
import * as vscode from 'vscode';
import { isUnderWay, type Found, type KeptRun, type WaitingCell } from '../kernel/keeping/kept';

export interface Placed {
  run: KeptRun;
  cell: vscode.NotebookCell;
}

/** What is new of a kernel's runs, with their cells, and what has no cell any more. */
export function placesOf(
  notebook: vscode.NotebookDocument,
  runs: readonly KeptRun[],
): { placed: Placed[]; homeless: KeptRun[] } {
  const cells = cellsOf(
    notebook,
    runs.map(({ cell }) => cell),
  );
  const placed = runs.flatMap((run, i): Placed[] => (cells[i] ? [{ run, cell: cells[i] }] : []));
  const homeless = runs.filter((_, i) => !cells[i]);
  return { placed: placed.filter(isNews), homeless: homeless.filter(({ missed, finished }) => missed || !finished) };
}

/**
 * The cell of each text that was run under a name: one that stands where it stood, else one that has moved, else one that
 * was edited since.
 */
function cellsOf(
  notebook: vscode.NotebookDocument,
  wanted: readonly WaitingCell[],
): (vscode.NotebookCell | undefined)[] {
  const found = wanted.map((): vscode.NotebookCell | undefined => undefined);
  const codeCells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  const isOf = (cell: vscode.NotebookCell | undefined, code: string) => cell?.document.getText() === code;
  const numbered = (cellName: string) => codeCells[Number(/\d+$/.exec(cellName)?.[0] ?? 0) - 1];
  const passes: ((one: WaitingCell) => vscode.NotebookCell | undefined)[] = [
    ({ cellName, code }) => (isOf(numbered(cellName), code) ? numbered(cellName) : undefined),
    ({ code }) => codeCells.find((cell) => !found.includes(cell) && isOf(cell, code)),
    ({ cellName }) => numbered(cellName),
  ];
  for (const pass of passes) {
    wanted.forEach((one, i) => {
      const cell = found[i] ? undefined : pass(one);
      if (cell && !found.includes(cell)) found[i] = cell;
    });
  }
  return found;
}

/** Whether a run is one of the notebook's: some cell has its text. */
export function ranHere(notebook: vscode.NotebookDocument, runs: readonly KeptRun[]): boolean {
  const texts = new Set(notebook.getCells().map(({ document }) => document.getText()));
  return runs.some(({ cell }) => texts.has(cell.code));
}

/** What ended while somebody listened is in the document, unless that was lost with the window. */
function isNews({ run, cell }: Placed): boolean {
  const isShown = cell.executionSummary?.executionOrder === run.started?.executionOrder;
  return run.missed || isUnderWay(run) || !isShown;
}

/** What could not be shown: said once, with the way to it. */
export async function tellLosses(
  name: string,
  homeless: readonly KeptRun[],
  lost: Found['lost'],
  log: { show(): void },
): Promise<void> {
  const { t } = vscode.l10n;
  const texts: string[] = [];
  if (homeless.length > 0) {
    const cells = homeless.map(({ cell }) => cell.cellName).join(', ');
    texts.push(t('The notebook no longer has the cell that {0} wrote to; its output is in the log.', cells));
  }
  if (lost.length > 0) texts.push(t('The output of {0} was too large to keep.', lost.join(', ')));
  if (texts.length === 0) return;
  const showLog = t('Show Log');
  const message = t('{0}: its kernel kept running without its window. {1}', name, texts.join(' '));
  if ((await vscode.window.showWarningMessage(message, showLog)) === showLog) log.show();
}

/**
 * Says that cells which waited did not run.
 *
 * @returns those that the user wants to run now
 */
export async function unrun(
  name: string,
  notebook: vscode.NotebookDocument,
  waiting: Found['waiting'],
): Promise<vscode.NotebookCell[]> {
  const { t } = vscode.l10n;
  if (waiting.length === 0) return [];
  const names = waiting.map(({ cellName }) => cellName).join(', ');
  const runThem = t('Run Them');
  const message = t('{0}: {1} waited when the window closed, and did not run.', name, names);
  if ((await vscode.window.showInformationMessage(message, runThem)) !== runThem || notebook.isClosed) return [];
  return cellsOf(notebook, waiting).filter((cell) => cell !== undefined);
}
