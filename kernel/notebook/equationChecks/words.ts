import type { Tally } from './link';

/** `17 of 23 formulas hold, 1 does not, 5 are not checked`, as a terminal and a report tell it. */
export function tallyText({ formulas, hold, fail }: Tally): string {
  const unchecked = formulas - hold - fail;
  const noun = formulas === 1 ? 'formula' : 'formulas';
  const parts = [`${hold} of ${formulas} ${noun} ${formulas === 1 ? 'holds' : 'hold'}`];
  if (fail > 0) parts.push(`${fail} ${fail === 1 ? 'does' : 'do'} not`);
  if (unchecked > 0) parts.push(`${unchecked} ${unchecked === 1 ? 'is' : 'are'} not checked`);
  return parts.join(', ');
}

/** What stands beside a formula. */
export const MARKS = {
  holds: { sign: '✓', says: 'The checks of this formula hold.' },
  fails: { sign: '✗', says: 'A check of this formula does not hold.' },
} as const;
