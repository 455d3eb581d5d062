/** "Train VAE on Selection" and "Train VQ-VAE on Selection": find the data, ask what of them to learn, write a cell and run it. */
import * as vscode from 'vscode';
import { messageOf } from '../../kernelProcess';
import { assertTrusted } from '../../trust';
import { planned, type Planned } from './dialog';
import { planFor, type Answers, type Family } from './plan';
import { openProbe, type Probe, type TrainingContext } from './probe';
import { refusal } from './refusal';
import { findSelection, type Selection } from './selection';
import { titleOf } from './words';
import { writeCells } from './writeCells';

export { provideRows } from './rows';
export type { TrainingContext } from './probe';

/** The cell that was written and run, or why there is none; then nothing has changed and the reason is shown. */
export type TrainedOnSelection = { cell: vscode.NotebookCell; history: 'run' | 'written' } | { refused: string };

/** Answers without questions, for key bindings and macros: what is not told is as it is proposed. */
export type Unattended = Answers & { unattended: true; run?: boolean };

/**
 * @param target what the context menu was opened on: a file, a folder, a cell, a variable; or `{ expression }`, for code.
 *   Absent from the palette
 * @param others the files that are selected beside it in the explorer, or {@link Unattended} answers
 */
export async function trainOnSelection(
  context: TrainingContext,
  family: Family,
  target?: unknown,
  others?: unknown,
): Promise<TrainedOnSelection> {
  try {
    assertTrusted();
    const selection = await findSelection(target, others, context.variablesNotebook());
    const probe = await openProbe(context, selection);
    try {
      const found = await planOf(family, selection, probe, others);
      if (!found) return { refused: 'the dialogs were left.' };
      const cells = await writeCells(context.kernels, context.extensionId, selection, found.plan);
      const cell = cells.at(-1)!;
      if (!found.run) return { cell, history: 'written' };
      void probe.dispose();
      await run(cells);
      return { cell, history: 'run' };
    } finally {
      await probe.dispose();
    }
  } catch (error) {
    const refused = messageOf(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('{0}: {1}', titleOf(family), refused));
    return { refused };
  }
}

async function planOf(family: Family, selection: Selection, probe: Probe, others: unknown): Promise<Planned> {
  const { description } = selection.source;
  if (!isUnattended(others)) return planned(family, description, probe);
  const { run = true, ...answers } = others;
  const survey = await probe.survey(answers.array);
  const plan = planFor(family, survey, answers, probe.device);
  const refused = refusal(plan);
  if (refused) throw new Error(vscode.l10n.t('{0} cannot be trained on: {1}.', description, refused));
  return { plan, run };
}

function isUnattended(others: unknown): others is Unattended {
  return (others as Partial<Unattended> | null | undefined)?.unattended === true;
}

async function run(cells: vscode.NotebookCell[]): Promise<void> {
  const [first, last] = [cells[0]!, cells.at(-1)!];
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: first.index, end: last.index + 1 }],
    document: last.notebook.uri,
  });
}
