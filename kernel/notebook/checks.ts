import { MIME } from '../views/types';
import type { DerivationCheck, DerivationChecksView } from '../views/types';
import { displayFormulas } from './equationChecks/find';
import { checksIn, linked, type Linked, type Part } from './equationChecks/link';
import { tallyText } from './equationChecks/words';
import { isCode, joined } from './format';
import type { Cell, Notebook } from './format';

/** Every identity that the notebook's outputs hold against numbers, in the order of the cells; no exercises. */
export function derivationChecks(notebook: Notebook): DerivationCheck[] {
  return notebook.cells.flatMap(checksOf).filter(({ exercise }) => exercise === undefined);
}

/** The exercises that the notebook's outputs show, in the order of the cells. */
export function exercises(notebook: Notebook): DerivationCheck[] {
  return notebook.cells.flatMap(checksOf).filter(({ exercise }) => exercise !== undefined);
}

function checksOf(cell: Cell): DerivationCheck[] {
  return viewsOf(cell).flatMap((view) => view.rows);
}

function viewsOf(cell: Cell): DerivationChecksView[] {
  return (isCode(cell) ? cell.outputs : [])
    .map((output) => ('data' in output ? (output.data as Record<string, unknown>)[MIME.derivationChecks] : undefined))
    .filter((view): view is DerivationChecksView =>
      Array.isArray((view as Partial<DerivationChecksView> | null)?.rows),
    );
}

/** The display formulas of a notebook and what its checks say of each, with a list of marks for each Markdown cell. */
export function checkedFormulas(notebook: Notebook): Linked {
  return linked(
    notebook.cells.flatMap((cell): Part[] => {
      if (cell.cell_type === 'markdown') {
        return [{ kind: 'formulas', formulas: displayFormulas(joined(cell.source)).map(({ tex }) => tex) }];
      }
      return isCode(cell) ? [{ kind: 'checks', checks: viewsOf(cell).flatMap(checksIn) }] : [];
    }),
  );
}

/** `17 of 23 formulas hold`; empty for a notebook whose checks are about none. */
export function formulasText({ tally }: Linked): string {
  return tally.hold + tally.fail === 0 ? '' : tallyText(tally);
}

/** What a terminal says about both: a line each, and those that do not hold; empty when there are none. */
export function checksText(notebook: Notebook): string {
  return [claimsText(derivationChecks(notebook)), exercisesText(exercises(notebook))].filter(Boolean).join('\n');
}

function exercisesText(all: readonly DerivationCheck[]): string {
  if (all.length === 0) return '';
  const wrong = all.filter(({ exercise }) => exercise === 'attempted');
  const unsolved = all.filter(({ exercise }) => exercise === 'unsolved').length;
  const solved = all.length - wrong.length - unsolved;
  const open = unsolved > 0 ? `; ${unsolved} not solved yet` : '';
  const lines = wrong.map(({ identityText, left, right, relation }) => {
    return `  ✗ ${identityText}: not right yet, ${left.text}, expected ${relation} ${right.text}`;
  });
  return [`Exercises: ${solved} of ${all.length} solved${open}.`, ...lines].join('\n');
}

function claimsText(checks: readonly DerivationCheck[]): string {
  if (checks.length === 0) return '';
  const failed = checks.filter(({ holds }) => !holds);
  const tally = `Derivation checks: ${checks.length - failed.length} of ${checks.length} hold.`;
  const lines = failed.map(({ identityText, left, right, relation }) => {
    return `  ✗ ${identityText}: ${left.text}, expected ${relation} ${right.text}`;
  });
  return [tally, ...lines].join('\n');
}
