/** "Train VAE on Selection": finds the data, asks a kernel what it is, writes the code into a cell and runs it. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { KernelClient } from '../../kernel/client';
import type { KernelMessage } from '../../kernel/protocol';
import { messageOf } from '../kernelProcess';
import type { Kernels } from '../kernels';
import { showNewNotebook } from '../newNotebooks';
import { findNode } from '../nodePath';
import { readSettings } from '../settings';
import { assertTrusted } from '../trust';
import { findSelection, type Selection } from './selection';
import {
  probeCode,
  refusal,
  trainingCells,
  withClass,
  type ColumnChoice,
  type DataFacts,
  type DataSource,
} from './trainingCell';

const { t } = vscode.l10n;

/** What the extension knows that the command needs. */
export interface TrainingContext {
  kernels: Kernels;
  kernelMain: string;
  env: Readonly<Record<string, string>>;
  extensionId: string;
}

/** The cell that was written and run, or why there is none; then nothing has changed and the reason is shown. */
export type TrainedOnSelection = { cell: vscode.NotebookCell } | { refused: string };

/** @param target what the context menu was opened on: a file, a folder, a cell; absent from the palette */
export async function trainOnSelection(context: TrainingContext, target?: unknown): Promise<TrainedOnSelection> {
  try {
    assertTrusted();
    const selection = await findSelection(target);
    const facts = await lookAt(context, selection);
    if (facts === undefined) return { refused: 'no column was chosen.' };
    const refused = refusal(facts);
    if (refused) throw new Error(`${selection.source.description} cannot be trained on: ${refused}.`);
    const cells = await writeCells(context, selection, trainingCells(selection.source, facts));
    const [first, last] = [cells[0]!, cells.at(-1)!];
    await vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: first.index, end: last.index + 1 }],
      document: last.notebook.uri,
    });
    return { cell: last };
  } catch (error) {
    const refused = messageOf(error);
    void vscode.window.showErrorMessage(t('Train VAE on Selection: {0}', refused));
    return { refused };
  }
}

/**
 * What the data is. Where no column of a table is plainly its class, the user is asked and the selection takes the answer.
 * @returns undefined when the user does not answer
 */
async function lookAt(context: TrainingContext, selection: Selection): Promise<DataFacts | undefined> {
  const options = { location: vscode.ProgressLocation.Window, title: t('LatentLab: looking at the data') };
  const look = () => vscode.window.withProgress(options, () => probe(context, selection));
  let facts = await look();
  if ('texts' in facts && selection.source.reads) {
    const chosen = await chooseClass(selection.source.description, facts);
    if (chosen === undefined) return undefined;
    selection.source = withClass(selection.source, chosen.column, facts);
    facts = await look();
  }
  if (!('texts' in facts)) return facts;
  const { texts } = facts;
  throw new Error(
    `${selection.source.description} is no data: it has text in ${texts.join(', ')}; read it with loadData or parseCsv, which take { label, columns }`,
  );
}

async function chooseClass(name: string, { texts, numbers }: ColumnChoice): Promise<{ column?: string } | undefined> {
  const items: (vscode.QuickPickItem & { column?: string })[] = [
    ...texts.map((column) => ({ label: column, description: t('text'), column })),
    ...numbers.map((column) => ({ label: column, description: t('numbers'), column })),
    {
      label: `$(circle-slash) ${t('No class column')}`,
      detail: t('Train on the numbers alone: {0}', numbers.join(', ')),
    },
  ];

  return vscode.window.showQuickPick(items, {
    title: t('Which column is the class of each sample in {0}?', name),
    placeHolder: t('Other columns of text are left out'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
}

/** Has a kernel look at the data: the notebook's own for a cell, whose variables it may use, else one for this alone. */
async function probe(context: TrainingContext, { source, cell, folder }: Selection): Promise<DataFacts | ColumnChoice> {
  if (cell) {
    const kernel = context.kernels.of(cell.notebook);
    const client = await kernel.start();
    return factsFrom(source, (code, hear) => {
      const subscription = kernel.onMessage(hear);
      return kernel.execute(client, code).finally(() => subscription.dispose());
    });
  }
  const settings = readSettings();
  let hear: (message: KernelMessage) => void = () => undefined;
  const client = await KernelClient.start({
    kernelMain: context.kernelMain,
    env: context.env,
    nodePath: await findNode(settings.nodePath),
    device: settings.device,
    folder,
    startupDeadline: settings.startupDeadline,
    onMessage: (message) => hear(message),
    onExit: () => undefined,
  });
  try {
    return await factsFrom(source, (code, listener) => {
      hear = listener;
      return client.execute(code);
    });
  } finally {
    await client.shutdown();
  }
}

type Runner = (
  cell: Parameters<KernelClient['execute']>[0],
  hear: (message: KernelMessage) => void,
) => ReturnType<KernelClient['execute']>;

async function factsFrom(source: DataSource, run: Runner): Promise<DataFacts | ColumnChoice> {
  const id = randomUUID();
  let facts: DataFacts | ColumnChoice | undefined;
  const cell = { id, cellName: 'the selection', language: 'typescript', code: probeCode(source) } as const;
  const { error } = await run(cell, (message) => {
    if (message.type === 'display' && message.id === id) facts = message.bundle['application/json'] as typeof facts;
  });
  if (facts && !error) return facts;
  throw new Error(`${source.description} is no data: ${error?.message ?? 'it has no value'}`);
}

/** Below the cell that held the selection, or in a new notebook beside whatever is open. */
async function writeCells(
  context: TrainingContext,
  selection: Selection,
  code: string[],
): Promise<vscode.NotebookCell[]> {
  const cells = code.map((text) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'typescript'));
  if (selection.cell) {
    const { notebook, index } = selection.cell;
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(index + 1, cells)]);
    await vscode.workspace.applyEdit(edit);
    const written = notebook.getCells(new vscode.NotebookRange(index + 1, index + 1 + cells.length));
    const editor = vscode.window.visibleNotebookEditors.find((known) => known.notebook === notebook);
    if (editor) reveal(editor, written.at(-1)!);
    return written;
  }
  const title = new vscode.NotebookCellData(
    vscode.NotebookCellKind.Markup,
    `# ${t('A VAE on {0}', path.basename(selection.title))}`,
    'markdown',
  );
  const editor = await showNewNotebook([title, ...cells], context.extensionId, {
    viewColumn: vscode.ViewColumn.Beside,
  });
  const { notebook } = editor;
  reveal(editor, notebook.cellAt(notebook.cellCount - 1));
  return notebook.getCells().slice(1);
}

function reveal(editor: vscode.NotebookEditor, cell: vscode.NotebookCell): void {
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  editor.selection = range;
  editor.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
}
