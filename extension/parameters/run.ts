/** "Run with Parameters…": asks for values, puts them into a cell behind the parameters, and runs the notebook. */
import * as vscode from 'vscode';
import type { DeclaredParameter } from '../../kernel/notebook/parameters/declared';
import { injectedSource, INJECTED_TAG, SEED } from '../../kernel/notebook/parameters/overriding';
import { mismatch } from '../../kernel/notebook/parameters/types';
import { valueProblem } from '../../kernel/notebook/parameters/values';
import { activeNotebook } from '../commands/activeNotebook';
import type { LatentLabController } from '../controller';
import { messageOf } from '../kernelProcess';
import { declaredIn, isInjectedCell, isParametersCell } from './cells';
import { askForValues, type Values } from './form';

export interface RunContext {
  controller: LatentLabController;
  /** Remembers the values of each notebook. */
  memory: vscode.Memento;
}

/**
 * @param target the toolbar's context; or `{ values }`, which are then not asked for
 * @returns the values that it runs with, once all cells have ended; undefined if it did not run
 */
export async function runWithParameters({ controller, memory }: RunContext, target?: unknown) {
  const notebook = activeNotebook(target);
  const [cell, ...others] = notebook?.getCells().filter(isParametersCell) ?? [];
  if (!notebook || !cell) return offerToMark(notebook);
  try {
    if (others.length > 0) throw new Error(severalText(notebook, [cell, ...others]));
    const declared = withSeed(await declaredIn(cell));
    if (declared.length === 0) throw new Error(vscode.l10n.t('The parameters cell has no const or let declaration.'));
    const known = fitting(remembered(memory, notebook) ?? {}, declared);
    const title = vscode.l10n.t('Run with Parameters');
    const given = (target as { values?: Values } | undefined)?.values;
    const values = given ?? (await askForValues(declared, known, title));
    if (!values) return undefined;
    check(values, declared);
    await remember(memory, notebook, values);
    await inject(notebook, values, declared);
    const { Code } = vscode.NotebookCellKind;
    await controller.execute(
      notebook.getCells().filter(({ kind }) => kind === Code),
      notebook,
    );
    return values;
  } catch (error) {
    void vscode.window.showErrorMessage(vscode.l10n.t('LatentLab: {0}', messageOf(error)));
    return undefined;
  }
}

/** Values of notebooks that have no file: another one gets the name of one that is closed. */
const untitled = new WeakMap<vscode.NotebookDocument, Values>();

const keyOf = (notebook: vscode.NotebookDocument) => `parameters:${notebook.uri.toString()}`;

function remembered(memory: vscode.Memento, notebook: vscode.NotebookDocument): Values | undefined {
  return notebook.isUntitled ? untitled.get(notebook) : memory.get<Values>(keyOf(notebook));
}

async function remember(memory: vscode.Memento, notebook: vscode.NotebookDocument, values: Values): Promise<void> {
  if (notebook.isUntitled) untitled.set(notebook, values);
  else await memory.update(keyOf(notebook), values);
}

/** A run has a seed, whether the cell declares one or not. */
function withSeed(declared: DeclaredParameter[]): DeclaredParameter[] {
  if (declared.length === 0 || declared.some(({ name }) => name === SEED)) return declared;
  const comment = vscode.l10n.t('Default seed of models and trainings; the cell declares none');
  const seed: DeclaredParameter = {
    ...{ name: SEED, type: { kind: 'number' }, typeText: 'number', value: 0 },
    ...{ declaration: `const ${SEED}`, usedBy: [], comment },
  };
  return [...declared, seed];
}

/** As the command line has it, which counts code cells from 1. */
function severalText(notebook: vscode.NotebookDocument, marked: readonly vscode.NotebookCell[]): string {
  const code = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  const places = marked.map((one) => code.indexOf(one) + 1).join(', ');
  return vscode.l10n.t(
    'The code cells {0} are marked as parameters; one is allowed. “Mark Cell as Parameters” on one of them takes the mark from the others.',
    places,
  );
}

async function offerToMark(notebook: vscode.NotebookDocument | undefined): Promise<undefined> {
  if (!notebook) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a notebook to run it with parameters.'));
    return undefined;
  }
  const mark = vscode.l10n.t('Mark Selected Cell');
  const question = vscode.l10n.t(
    'This notebook has no cell marked as parameters. Mark the cell whose constants runs can override.',
  );
  if ((await vscode.window.showInformationMessage(question, mark)) === mark) {
    await vscode.commands.executeCommand('latentlab.markParameters');
  }
  return undefined;
}

/** Those of last time that the cell still declares so. */
function fitting(values: Values, declared: readonly DeclaredParameter[]): Values {
  const fits = ([name, value]: [string, unknown]) => {
    const type = declared.find((one) => one.name === name)?.type;
    return type !== undefined && mismatch(value, type) === undefined;
  };
  return Object.fromEntries(Object.entries(values).filter(fits));
}

/** @throws Error naming the parameter, what was found and what is allowed */
function check(values: Values, declared: readonly DeclaredParameter[]): void {
  for (const [name, value] of Object.entries(values)) {
    const one = declared.find((parameter) => parameter.name === name);
    if (!one) throw new Error(vscode.l10n.t('The parameters cell declares no {0}.', name));
    const problem = valueProblem(value, one);
    if (problem !== undefined) throw new Error(problem);
    const stale = one.usedBy.filter((other) => !Object.hasOwn(values, other));
    if (stale.length > 0) {
      throw new Error(
        vscode.l10n.t(
          '{0} in the parameters cell is computed from {1} before a run can override it. Move it to a cell below.',
          stale.join(', '),
          name,
        ),
      );
    }
  }
}

/** Without values what was injected before goes. */
async function inject(
  notebook: vscode.NotebookDocument,
  values: Values,
  declared: readonly DeclaredParameter[],
): Promise<void> {
  const edits = notebook
    .getCells()
    .filter(isInjectedCell)
    .map(({ index }) => vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(index, index + 1)));
  const at = notebook.getCells().find(isParametersCell)!;
  // Deletions are applied from the last one on, so that places stay.
  const before = notebook.getCells().filter((one) => isInjectedCell(one) && one.index <= at.index).length;
  if (Object.keys(values).length > 0) {
    const { Code } = vscode.NotebookCellKind;
    const data = new vscode.NotebookCellData(Code, injectedSource(values, declared), at.document.languageId);
    data.metadata = { metadata: { tags: [INJECTED_TAG] } };
    edits.push(vscode.NotebookEdit.insertCells(at.index + 1 - before, [data]));
  }
  for (const edit of ordered(edits)) {
    const workspaceEdit = new vscode.WorkspaceEdit();
    workspaceEdit.set(notebook.uri, [edit]);
    await vscode.workspace.applyEdit(workspaceEdit);
  }
}

function ordered(edits: vscode.NotebookEdit[]): vscode.NotebookEdit[] {
  const deletions = edits.filter(({ newCells }) => newCells.length === 0);
  const insertions = edits.filter(({ newCells }) => newCells.length > 0);
  return [...deletions.sort((a, b) => b.range.start - a.range.start), ...insertions];
}
