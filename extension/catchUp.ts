/** A kernel that went on without its window: which of the notebook's cells show what it has run meanwhile. */
import * as vscode from 'vscode';
import { isUnderWay, type Found, type KeptRun } from '../kernel/keeping/kept';

export interface Placed {
  run: KeptRun;
  cell: vscode.NotebookCell;
}

/** What is new of a kernel's runs, with their cells, and what has no cell any more. */
export function placesOf(
  notebook: vscode.NotebookDocument,
  runs: readonly KeptRun[],
): { placed: Placed[]; homeless: KeptRun[] } {
  const placed: Placed[] = [];
  const homeless: KeptRun[] = [];
  const taken = new Set<vscode.NotebookCell>();
  const codeCells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  const place = (run: KeptRun, cell: vscode.NotebookCell | undefined): boolean => {
    if (!cell || taken.has(cell)) return false;
    taken.add(cell);
    placed.push({ run, cell });
    return true;
  };
  const isOf = (run: KeptRun) => (cell: vscode.NotebookCell) => cell.document.getText() === run.cell.code;
  const numbered = (run: KeptRun) => codeCells[Number(/\d+$/.exec(run.cell.cellName)?.[0] ?? 0) - 1];
  // A cell that stands where it stood, then one that has moved, then one that was edited since it was run.
  const passes: ((run: KeptRun) => vscode.NotebookCell | undefined)[] = [
    (run) => [numbered(run)].find((cell) => cell && isOf(run)(cell)),
    (run) => codeCells.find((cell) => !taken.has(cell) && isOf(run)(cell)),
    numbered,
  ];
  let left = [...runs];
  for (const pass of passes) left = left.filter((run) => !place(run, pass(run)));
  homeless.push(...left);
  const order = new Map(runs.map((run, index) => [run, index]));
  placed.sort((a, b) => order.get(a.run)! - order.get(b.run)!);
  return { placed: placed.filter(isNews), homeless: homeless.filter(({ missed, finished }) => missed || !finished) };
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
    texts.push(t('What {0} showed has no cell in the notebook any more; it is in the log.', cells));
  }
  if (lost.length > 0) texts.push(t('What {0} showed was too much to be kept.', lost.join(', ')));
  if (texts.length === 0) return;
  const showLog = t('Show Log');
  const message = t('{0}: its kernel went on without its window. {1}', name, texts.join(' '));
  if ((await vscode.window.showWarningMessage(message, showLog)) === showLog) log.show();
}
