/** What the view of derivation checks shows, checked and in words. */
import * as z from '../../schema';
import type { CheckPlace, DerivationCheck, DerivationChecksView, MathElement } from '../../../kernel/views/types';
import { viewBase } from '../../data';
import type { Cell, TableData } from '../../figure/table';
import { quantity } from '../../numbers';

const mathElement: z.Schema<MathElement> = z.object({
  tag: z.string(),
  attributes: z.optional(z.record(z.string(), z.string())),
  children: z.array(z.union([z.string(), z.lazy(() => mathElement)])),
});

const side = z.object({
  value: z.nullable(z.number()),
  text: z.string(),
  standardError: z.number(),
  code: z.string(),
});

export const derivationChecksSchema: z.Schema<DerivationChecksView> = z.object({
  ...viewBase,
  rows: z.array(
    z.object({
      identity: z.string(),
      math: mathElement,
      identityText: z.string(),
      left: side,
      right: side,
      relation: z.enum(['=', '≤', '≥']),
      difference: z.nullable(z.number()),
      tolerance: z.nullable(z.number()),
      holds: z.boolean(),
      exercise: z.optional(z.enum(['unsolved', 'attempted', 'solved'])),
      seed: z.number(),
      place: z.optional(
        z.object({ cell: z.string(), line: z.number(), viewId: z.string(), document: z.optional(z.string()) }),
      ),
    }),
  ),
});

/** The verdict in words: of a claim, or of the reader's answer to an exercise. */
export function verdict({ holds, exercise }: DerivationCheck): string {
  if (exercise === undefined) return holds ? 'holds' : 'does not hold';
  return { unsolved: 'not solved yet', attempted: 'not right yet', solved: 'solved' }[exercise];
}

/** The sign beside the verdict. */
export const sign = ({ holds, exercise }: DerivationCheck) => (exercise === 'unsolved' ? '○' : holds ? '✓' : '✗');

/** `2.1 × 10⁻⁷ of 10⁻⁵ allowed` */
export function differenceText({ difference, tolerance, relation }: DerivationCheck): string {
  const found = difference === null ? 'no finite number' : quantity(Number(difference.toPrecision(2)));
  if (tolerance === null) return `${found}; what is allowed is no finite number`;
  const bound = { '=': '±', '≤': 'up to ', '≥': 'down to −' }[relation];
  return `${found}, allowed ${bound}${quantity(Number(tolerance.toPrecision(2)))}`;
}

/** How much of what is allowed the difference takes, on the side where it counts: 0 to 1, or more where it fails. */
export function shareOfTolerance({ difference, tolerance, relation }: DerivationCheck): number {
  if (difference === null || tolerance === null) return Infinity;
  const off = relation === '=' ? Math.abs(difference) : Math.max(0, relation === '≤' ? difference : -difference);
  return off === 0 ? 0 : off / tolerance;
}

/** `cell 3, line 5` */
export const placeText = ({ cell, line }: CheckPlace) => `${cell}, line ${line}`;

/** What a screen reader hears of a row. */
export function describeCheck(check: DerivationCheck): string {
  const { identityText, left, right, exercise } = check;
  if (exercise === 'unsolved') return `${identityText}: ${verdict(check)}`;
  return `${identityText} ${verdict(check)}: ${left.text} against ${right.text}, difference ${differenceText(check)}`;
}

export function checksTable(rows: readonly DerivationCheck[]): TableData {
  const placed = rows.some(({ place }) => place !== undefined);
  return {
    columns: [
      'identity',
      'left',
      '± s.e.',
      'relation',
      'right',
      '± s.e. ',
      'difference',
      'tolerance',
      'verdict',
      'seed',
      ...(placed ? ['place'] : []),
    ],
    rows: rows.length,
    row: (i): Cell[] => {
      const check = rows[i]!;
      const { identityText, left, right, relation, difference, tolerance, seed, place } = check;
      if (check.exercise === 'unsolved') {
        const open = [null, null, relation, null, null, null, tolerance, verdict(check), String(seed)];
        return [identityText, ...open, ...(placed ? [place ? placeText(place) : ''] : [])];
      }
      const sides = [left.value, left.standardError, relation, right.value, right.standardError];
      return [
        identityText,
        ...sides,
        difference,
        tolerance,
        verdict(check),
        String(seed),
        ...(placed ? [place ? placeText(place) : ''] : []),
      ];
    },
  };
}
