import { MIME } from '../views/types';
import type { DerivationCheck, DerivationChecksView } from '../views/types';
import { isCode } from './format';
import type { Notebook } from './format';

/** Every identity that the notebook's outputs hold against numbers, in the order of the cells. */
export function derivationChecks(notebook: Notebook): DerivationCheck[] {
  return notebook.cells
    .flatMap((cell) => (isCode(cell) ? cell.outputs : []))
    .map((output) => ('data' in output ? (output.data as Record<string, unknown>)[MIME.derivationChecks] : undefined))
    .filter((view): view is DerivationChecksView => Array.isArray((view as Partial<DerivationChecksView> | null)?.rows))
    .flatMap(({ rows }) => rows);
}

/** What a terminal tells of them: how many hold, and each that does not; empty when there are none. */
export function checksText(checks: readonly DerivationCheck[]): string {
  if (checks.length === 0) return '';
  const failed = checks.filter(({ holds }) => !holds);
  const tally = `Derivation checks: ${checks.length - failed.length} of ${checks.length} hold.`;
  const lines = failed.map(({ identityText, left, right, relation }) => {
    return `  ✗ ${identityText}: ${left.text}, expected ${relation} ${right.text}`;
  });
  return [tally, ...lines].join('\n');
}
