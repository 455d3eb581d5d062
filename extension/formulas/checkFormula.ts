/** “Check This Formula”: writes the cell that holds a display formula against numbers. */
import * as vscode from 'vscode';
import type { DisplayFormula } from '../../kernel/notebook/equationChecks/index';
import { isOfOurType, NOTEBOOK_TYPES } from '../notebookTypes';
import { mayHaveFormulas, type FormulaTools } from './bundle';

const { t } = vscode.l10n;

/** Which formula is meant: a cell, and perhaps the place of the formula in it. */
interface Target {
  readonly cell: vscode.NotebookCell;
  readonly at?: number;
}

export function provideFormulaChecks(tools: () => FormulaTools): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('latentlab.checkFormula', (target?: unknown, at?: unknown) =>
      checkFormula(tools, targetOf(target, at)),
    ),
    ...NOTEBOOK_TYPES.map((notebookType) =>
      vscode.languages.registerCodeLensProvider(
        { notebookType, language: 'markdown' },
        { provideCodeLenses: (document) => lensesOf(document, tools) },
      ),
    ),
  );
}

/** The cell whose menu was used, or that is selected. */
function targetOf(target: unknown, at: unknown): Target | undefined {
  const place = typeof at === 'number' ? { at } : {};
  const named = target as Partial<vscode.NotebookCell> | vscode.Uri | undefined;
  if (named instanceof vscode.Uri) {
    const cell = cellOf(named.toString());
    return cell && { cell, ...place };
  }
  if (named?.document && named.notebook) return { cell: named as vscode.NotebookCell, ...place };
  const editor = vscode.window.activeNotebookEditor;
  const index = editor?.selections[0]?.start;
  if (!editor || !isOfOurType(editor.notebook) || index === undefined) return undefined;
  return index < editor.notebook.cellCount ? { cell: editor.notebook.cellAt(index) } : undefined;
}

function cellOf(uri: string): vscode.NotebookCell | undefined {
  return vscode.workspace.notebookDocuments
    .flatMap((notebook) => notebook.getCells())
    .find(({ document }) => document.uri.toString() === uri);
}

/** @returns the cell that was written; undefined if there is no formula, or none was chosen */
async function checkFormula(
  tools: () => FormulaTools,
  target: Target | undefined,
): Promise<vscode.NotebookCell | undefined> {
  const text = target?.cell.document.getText() ?? '';
  const isMarkdown = target?.cell.kind === vscode.NotebookCellKind.Markup;
  const formulas = isMarkdown && mayHaveFormulas(text) ? tools().displayFormulas(text) : [];
  if (!target || formulas.length === 0) {
    void vscode.window.showInformationMessage(
      t(
        'First select a Markdown cell with a display formula ($$…$$). LatentLab writes the check of the formula below it.',
      ),
    );
    return undefined;
  }
  const chosen = target.at === undefined ? await choose(formulas, tools()) : formulas[target.at];
  return chosen && write(target.cell, chosen, tools());
}

async function choose(formulas: readonly DisplayFormula[], tools: FormulaTools): Promise<DisplayFormula | undefined> {
  if (formulas.length === 1) return formulas[0];
  const items = formulas.map((formula) => ({
    label: tools.plainFormula(formula.tex),
    description: /\\label\s*\{([^{}]*)\}/.exec(formula.tex)?.[1] ?? '',
    formula,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Check This Formula'),
    placeHolder: t('Which formula in this cell?'),
    matchOnDescription: true,
  });
  return picked?.formula;
}

async function write(
  cell: vscode.NotebookCell,
  { tex }: DisplayFormula,
  tools: FormulaTools,
): Promise<vscode.NotebookCell> {
  const { notebook } = cell;
  // Below the checks of this cell's formulas that stand there already.
  let index = cell.index + 1;
  while (index < notebook.cellCount && isWritten(notebook.cellAt(index))) index++;
  const isCode = ({ kind }: vscode.NotebookCell) => kind === vscode.NotebookCellKind.Code;
  const above = notebook.getCells().filter((one) => isCode(one) && one.index < index);
  const below = notebook.getCells().filter((one) => isCode(one) && one.index >= index);
  const declared = await tools.declaredTypes(above.map(({ document }) => document.getText()));
  // A name that a later cell declares is not there yet, and must stay that cell's own.
  for (const [name] of await tools.declaredTypes(below.map(({ document }) => document.getText()))) {
    if (!declared.has(name)) declared.set(name, '');
  }
  const { code } = tools.checkCell(tex, declared);
  const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, code, 'typescript');
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(index, [data])]);
  await vscode.workspace.applyEdit(edit);
  const written = notebook.cellAt(index);
  const editor = vscode.window.visibleNotebookEditors.find((one) => one.notebook === notebook);
  if (editor) {
    const range = new vscode.NotebookRange(index, index + 1);
    editor.selection = range;
    editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  }
  return written;
}

/** A code cell that ends with a check. */
const isWritten = ({ kind, document }: vscode.NotebookCell) =>
  kind === vscode.NotebookCellKind.Code && /^await check\(/m.test(document.getText());

function lensesOf(document: vscode.TextDocument, tools: () => FormulaTools): vscode.CodeLens[] {
  const text = document.getText();
  const cell = mayHaveFormulas(text) ? cellOf(document.uri.toString()) : undefined;
  if (!cell) return [];
  return tools()
    .displayFormulas(text)
    .map(({ line }, at) => {
      const range = new vscode.Range(line, 0, line, 0);
      const title = t('Check This Formula');
      return new vscode.CodeLens(range, { title, command: 'latentlab.checkFormula', arguments: [document.uri, at] });
    });
}
