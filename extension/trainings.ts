/** A training lives in its kernel: before that is ended, the user is asked, and may have a checkpoint. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunningTraining } from '../kernel/client';
import { folderOf } from './folders';
import { messageOf, type KernelProcess } from './kernelProcess';
import { readSettings } from './settings';

const { t } = vscode.l10n;

/**
 * Asks, if the kernel trains a model and the settings do not say otherwise.
 *
 * @returns whether the kernel may be ended now: there is no training, or the user said so, after a checkpoint where that was
 *   wanted and could be saved
 */
export async function mayRestart(kernel: KernelProcess, notebook: vscode.NotebookDocument): Promise<boolean> {
  if (!asksFor(kernel, notebook)) return true;
  const [save, restart] = [t('Save Checkpoint and Restart'), t('Restart')];
  const consequence = t('A restart ends the training, and you lose what the model has learnt unless you save it.');
  const answer = await ask(describe(kernel.trainings), consequence, [save, restart, t('Cancel')]);
  if (answer === save) return saveAll(kernel, notebook);
  return answer === restart;
}

/**
 * The notebook is closed: a training continues without it until the user has said what is to become of it. Where the
 * kernel cannot live on by itself, that is asked again when the training is over.
 *
 * @param reopened the notebook is back, which is an answer: `keep`
 * @returns what is to become of the kernel
 */
export async function untilClosable(
  kernel: KernelProcess,
  notebook: vscode.NotebookDocument,
  reopened: vscode.CancellationToken,
): Promise<'end' | 'keep'> {
  if (!asksFor(kernel, notebook)) return 'end';
  const name = path.basename(notebook.uri.path);
  const [save, end, keep] = [t('Save Checkpoint and End'), t('End Training'), t('Keep Training')];
  for (let underWay = kernel.trainings; underWay.length > 0; underWay = kernel.trainings) {
    const over = new vscode.CancellationTokenSource();
    const back = reopened.onCancellationRequested(() => over.cancel());
    void kernel.untilTrained().then(() => over.cancel());
    const consequence = t('{0} is closed. The training continues until you end it.', name);
    const answer = await ask(describe(underWay), consequence, [save, end, keep], over.token);
    back.dispose();
    // Nobody can come back to a notebook that has no file.
    if (kernel.isKept && !notebook.isUntitled && (reopened.isCancellationRequested || answer === keep)) {
      if (answer === keep) tellKept(name, readSettings(notebook.uri).patience.busy);
      return 'keep';
    }
    if (answer === end || (answer === save && (await saveAll(kernel, notebook, underWay)))) return 'end';
    if (answer === save) continue;
    await kernel.untilTrained();
    // It ended with its kernel.
    if (kernel.pid === undefined) return 'end';
    const names = underWay.map(({ title }) => nameIn(title)).join(', ');
    const saveOver = t('Save Checkpoint');
    const title = t('The training of {0} is over.', names);
    const wanted = await ask(title, t('{0} is closed.', name), [saveOver, t('Close')]);
    if (wanted !== saveOver || (await saveAll(kernel, notebook, underWay))) return 'end';
  }
  return 'end';
}

function tellKept(name: string, patience: number): void {
  const hours = Math.round(patience / 3_600_000);
  void vscode.window.showInformationMessage(
    t(
      '{0} continues training, even without this window, for up to {1} hours. Open it to see the progress.',
      name,
      hours,
    ),
  );
}

/**
 * Stays until it is answered, unlike a notification, which would hide after some seconds. Each text is a line, which VS
 * Code cuts at its width.
 */
function ask(
  title: string,
  placeHolder: string,
  answers: string[],
  token?: vscode.CancellationToken,
): Thenable<string | undefined> {
  return vscode.window.showQuickPick(answers, { title, placeHolder, ignoreFocusOut: true }, token);
}

function asksFor(kernel: KernelProcess, notebook: vscode.NotebookDocument): boolean {
  return kernel.trainings.length > 0 && readSettings(notebook.uri).confirmEndingTraining;
}

/** `VAE, 2 latents: digits is being trained (epoch 3 of 20).` */
function describe(trainings: readonly RunningTraining[]): string {
  const one = ({ title, progress: { epoch, epochs, before } }: RunningTraining) => {
    const earlier = before?.epochs ?? 0;
    return t('{0} is being trained (epoch {1} of {2}).', nameIn(title), earlier + epoch, earlier + epochs);
  };
  return trainings.map(one).join(' ');
}

/** The model, of the title of its loss curves. */
export function nameIn(title: string): string {
  return title.replace(/^Loss curves of /, '');
}

/** @returns whether all are saved; what went wrong has been shown */
async function saveAll(
  kernel: KernelProcess,
  notebook: vscode.NotebookDocument,
  trainings = kernel.trainings,
): Promise<boolean> {
  const { Notification: location } = vscode.ProgressLocation;
  const options = { location, title: t('Saving a checkpoint'), cancellable: true };
  try {
    const saved = await vscode.window.withProgress(options, async (_, cancelled) => {
      const given = new Promise<never>((_resolve, reject) =>
        cancelled.onCancellationRequested(() => reject(new Error(t('The kernel did not answer in time.')))),
      );
      const places = trainings.map((training) => ({ training, place: placeOf(notebook, training) }));
      for (const { training, place } of places) {
        await Promise.race([kernel.request(training.viewId, { kind: 'save', path: place }), given]);
      }
      return places.map(({ place }) => place);
    });
    void vscode.window.showInformationMessage(t('Saved: {0}. The model’s class loads it.', saved.join(', ')));
    return true;
  } catch (error) {
    void vscode.window.showErrorMessage(
      t('No checkpoint was saved, and the training continues: {0}', messageOf(error)),
    );
    return false;
  }
}

/** A folder beside the notebook, by the model's name and its step. */
function placeOf(notebook: vscode.NotebookDocument, { title, progress }: RunningTraining): string {
  const words = nameIn(title)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? ['model'];
  const step = (progress.before?.steps ?? 0) + progress.step;
  return path.join(folderOf(notebook), 'checkpoints', `${words.join('-').slice(0, 80)}-step-${step}`);
}
