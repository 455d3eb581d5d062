/** Tells the renderer of Markdown cells what all of them say and what the checks say of their formulas. */
import * as vscode from 'vscode';
import type { CheckFormula, MarkdownTexts } from '../../kernel/protocol';
import type { Tally } from '../../kernel/notebook/equationChecks/index';
import type { FormulaMarks } from '../formulas/formulaMarks';
import { DERIVATION_TYPE, isOfOurType } from '../notebookTypes';

const { t } = vscode.l10n;
const RENDERER_ID = 'latentlab-markdown';
/** Numbers and marks follow what is typed and what runs, but not each letter. */
const PAUSE_MS = 200;

/** @param changed fires when cells have become stale, or are so no longer */
export function connectMarkdown(marks: FormulaMarks, changed: vscode.Event<void>): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging(RENDERER_ID);
  const timers = new Map<vscode.NotebookDocument, NodeJS.Timeout>();

  const tell = (editor: vscode.NotebookEditor) =>
    void messaging.postMessage(messageFor(editor.notebook, marks), editor);
  const tellSoon = (notebook: vscode.NotebookDocument) => {
    clearTimeout(timers.get(notebook));
    const timer = setTimeout(() => {
      timers.delete(notebook);
      vscode.window.visibleNotebookEditors.filter((editor) => editor.notebook === notebook).forEach(tell);
    }, PAUSE_MS);
    timers.set(notebook, timer);
  };

  return vscode.Disposable.from(
    messaging.onDidReceiveMessage(({ editor, message }) => {
      if (isCheckFormula(message)) void checkFormula(editor.notebook, message);
      else tell(editor);
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
      const isMarkdown = ({ kind }: vscode.NotebookCell) => kind === vscode.NotebookCellKind.Markup;
      const isEdited = cellChanges.some(({ cell, document }) => document !== undefined && isMarkdown(cell));
      const hasRun = cellChanges.some(({ outputs }) => outputs !== undefined);
      if (isOfOurType(notebook) && (isEdited || hasRun || contentChanges.length > 0)) tellSoon(notebook);
    }),
    changed(() =>
      vscode.window.visibleNotebookEditors
        .map(({ notebook }) => notebook)
        .filter(isOfOurType)
        .forEach(tellSoon),
    ),
    vscode.workspace.onDidCloseNotebookDocument((notebook) => {
      clearTimeout(timers.get(notebook));
      timers.delete(notebook);
    }),
  );
}

function messageFor(notebook: vscode.NotebookDocument, marks: FormulaMarks): MarkdownTexts {
  const found = isOfOurType(notebook) ? marks.of(notebook) : undefined;
  const texts = markdownOf(notebook);
  if (!found) return { type: 'markdownTexts', texts };
  // A notebook whose formulas nobody checks says nothing of it, unless it is a derivation.
  const isTold = found.tally.hold + found.tally.fail > 0 || notebook.notebookType === DERIVATION_TYPE;
  return {
    type: 'markdownTexts',
    texts,
    marks: found.marks,
    ...(isTold && { tally: tallyWords(found.tally) }),
    words: {
      holds: t('The checks of this formula hold.'),
      fails: t('A check of this formula does not hold.'),
      check: t('Check This Formula'),
    },
  };
}

function tallyWords({ formulas, hold, fail }: Tally): string {
  const unchecked = formulas - hold - fail;
  return [
    formulas === 1 ? t('{0} of 1 formula holds', hold) : t('{0} of {1} formulas hold', hold, formulas),
    ...(fail === 0 ? [] : [fail === 1 ? t('1 does not') : t('{0} do not', fail)]),
    ...(unchecked === 0 ? [] : [unchecked === 1 ? t('1 is not checked') : t('{0} are not checked', unchecked)]),
  ].join(', ');
}

function markdownOf(notebook: vscode.NotebookDocument): string[] {
  return notebook
    .getCells()
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Markup)
    .map(({ document }) => document.getText());
}

function isCheckFormula(message: unknown): message is CheckFormula {
  const known = message as Partial<CheckFormula> | null;
  return known?.type === 'checkFormula' && typeof known.text === 'string' && Number.isSafeInteger(known.at);
}

async function checkFormula(notebook: vscode.NotebookDocument, { text, at }: CheckFormula): Promise<void> {
  const cell = notebook
    .getCells()
    .find(({ kind, document }) => kind === vscode.NotebookCellKind.Markup && document.getText() === text);
  if (cell) await vscode.commands.executeCommand('latentlab.checkFormula', cell, at);
}
