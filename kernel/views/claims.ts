/** What is said of claims together, and the sign between the sides of one. */
import type { DerivationCheck } from './types';
import { count, counted } from './wording';

const NOT = { '=': '≠', '≤': '≰', '≥': '≱' } as const;

/** `≠` of an equation that does not hold. */
export function relationText(relation: DerivationCheck['relation'], holds: boolean): string {
  return holds ? relation : NOT[relation];
}

/** `1 of 3 does not hold.`, `2 of 5 exercises solved.`: an exercise is no claim. */
export function tally(rows: readonly DerivationCheck[]): string {
  const claims = rows.filter(({ exercise }) => exercise === undefined);
  const exercises = rows.filter(({ exercise }) => exercise !== undefined);
  const failed = claims.filter(({ holds }) => !holds).length;
  const solved = exercises.filter(({ exercise }) => exercise === 'solved').length;
  return [
    ...(claims.length === 0 ? [] : [failed === 0 ? (claims.length === 1 ? 'The claim holds.' : `All ${count(claims.length)} hold.`) : `${count(failed)} of ${count(claims.length)} ${failed === 1 ? 'does' : 'do'} not hold.`]), // prettier-ignore
    ...(exercises.length === 0 ? [] : [`${count(solved)} of ${counted(exercises.length, 'exercise')} solved.`]),
  ].join(' ');
}
