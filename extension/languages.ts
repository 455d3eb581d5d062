/** Languages of cells: those that a kernel runs, and what becomes of the others. */
import * as vscode from 'vscode';

/** The first is that of new cells. */
export const LANGUAGES = ['typescript', 'javascript'];

/**
 * What people have in notebooks otherwise. VS Code ends a cell of a language that a controller does not list without
 * asking it; these are listed so that the reason can be shown.
 */
const FOREIGN = [
  ...['python', 'r', 'julia', 'shellscript', 'powershell', 'sql', 'csharp', 'fsharp', 'cpp', 'c', 'java', 'scala'],
  ...['kotlin', 'go', 'rust', 'ruby', 'perl', 'php', 'lua', 'swift', 'haskell', 'clojure', 'plaintext'],
];

export const LISTED = [...LANGUAGES, ...FOREIGN];

/** Why a cell cannot run for its language, and what to do; undefined for one that can. */
export function refusalOf({ document }: vscode.NotebookCell): string | undefined {
  const { languageId } = document;
  if (LANGUAGES.includes(languageId)) return undefined;
  return vscode.l10n.t(
    'This cell is in {0}; LatentLab runs TypeScript and JavaScript. If the cell is TypeScript, choose that as its language (lower right). Otherwise choose another kernel for this notebook (upper right).',
    languageId,
  );
}

/** Empty code cells of other languages become TypeScript; what somebody wrote stays as it is. */
export async function adoptEmpty(cells: readonly vscode.NotebookCell[]): Promise<void> {
  const empty = cells.filter(
    ({ kind, document }) =>
      kind === vscode.NotebookCellKind.Code &&
      !LANGUAGES.includes(document.languageId) &&
      document.getText().trim() === '',
  );
  await Promise.all(empty.map(({ document }) => vscode.languages.setTextDocumentLanguage(document, LANGUAGES[0]!)));
}
