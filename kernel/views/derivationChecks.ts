import { formulaText, formulaTree } from './formula';
import { VIEW_VERSION } from './types';
import type { CheckedSide, CheckPlace, DerivationCheck, DerivationChecksView, ExerciseState } from './types';
import { measured, quantity } from './wording';

export interface DerivationChecksInput {
  id: string;
  title?: string;
  rows: CheckInput[];
}

export interface CheckInput {
  /** What is claimed, in LaTeX without dollars. */
  identity: string;
  left: CheckSideInput;
  right: CheckSideInput;
  relation: DerivationCheck['relation'];
  tolerance: number;
  holds: boolean;
  exercise?: ExerciseState | undefined;
  seed: number;
  /** The label of the equation that it names. */
  equation?: string | undefined;
  place?: CheckPlace | undefined;
}

export interface CheckSideInput {
  value: number;
  standardError: number;
  code: string;
}

/** Formulas beside the numbers of their two sides. */
export function derivationChecks({ id, title, rows }: DerivationChecksInput): DerivationChecksView {
  const checks = rows.map(checked);
  const heading = title ?? (checks.length === 1 ? 'Check' : 'Checks');
  return { version: VIEW_VERSION, id, title: heading, summary: checksSummary(heading, checks), rows: checks };
}

function checked(input: CheckInput): DerivationCheck {
  const { identity, left, right, relation, tolerance, holds, exercise, seed, equation, place } = input;
  const difference = left.value - right.value;
  const math = formulaTree(identity);
  return {
    identity,
    math,
    identityText: formulaText(math),
    left: side(left),
    right: side(right),
    relation,
    difference: Number.isFinite(difference) ? difference : null,
    tolerance: Number.isFinite(tolerance) ? tolerance : null,
    holds,
    ...(exercise && { exercise }),
    seed,
    ...(equation !== undefined && { equation }),
    ...(place && { place }),
  };
}

function side({ value, standardError, code }: CheckSideInput): CheckedSide {
  const text = sideText(value, standardError);
  const known = Number.isFinite(standardError) ? standardError : 0;
  return { value: Number.isFinite(value) ? value : null, text, standardError: known, code };
}

function sideText(value: number, standardError: number): string {
  const number = Number.isInteger(value) ? quantity(value) : measured(value);
  return standardError > 0 && standardError < Infinity
    ? `${number} ± ${quantity(Number(standardError.toPrecision(2)))}`
    : number;
}

/** `difference 2.1 × 10⁻⁷, allowed 10⁻⁵`, as the views tell it. */
export function differenceText({ difference, tolerance, relation }: DerivationCheck): string {
  const found = difference === null ? 'no finite number' : quantity(Number(difference.toPrecision(2)));
  if (tolerance === null) return `${found}; what is allowed is no finite number`;
  const allowed = quantity(Number(tolerance.toPrecision(2)));
  return `${found}, allowed ${relation === '=' ? '±' : relation === '≤' ? 'up to ' : 'down to −'}${allowed}`;
}

/** The text for a reader without the figure. Exercises are counted apart: an unsolved one is no claim that fails. */
export function checksSummary(title: string, checks: readonly DerivationCheck[]): string {
  const [only] = checks;
  if (only && checks.length === 1) return `${title}: ${sentence(only)}`;
  const claims = checks.filter(({ exercise }) => exercise === undefined);
  const exercises = checks.filter(({ exercise }) => exercise !== undefined);
  return `${title}: ${[claimsText(claims), exercisesText(exercises)].filter((text) => text !== '').join(' ')}`;
}

function claimsText(claims: readonly DerivationCheck[]): string {
  const failed = claims.filter(({ holds }) => !holds);
  if (claims.length === 0) return '';
  if (failed.length === 0) return claims.length === 1 ? sentence(claims[0]!) : `all ${claims.length} hold.`;
  return `${failed.length} of ${claims.length} do not hold. ${failed.map(sentence).join(' ')}`;
}

function exercisesText(exercises: readonly DerivationCheck[]): string {
  if (exercises.length === 0) return '';
  const open = exercises.filter(({ exercise }) => exercise !== 'solved');
  const tally = `${exercises.length - open.length} of ${exercises.length} exercises solved.`;
  return [tally, ...open.map(sentence)].join(' ');
}

/** The verdict in words: of a claim, or of the reader's answer. */
export function verdictText({ holds, exercise }: Pick<DerivationCheck, 'holds' | 'exercise'>): string {
  if (exercise === undefined) return holds ? 'holds' : 'does not hold';
  return { unsolved: 'not solved yet', attempted: 'not right yet', solved: 'solved' }[exercise];
}

function sentence(check: DerivationCheck): string {
  const verdict = `${check.identityText} ${check.exercise === undefined ? '' : 'is '}${verdictText(check)}`;
  if (check.exercise === 'unsolved') return `${verdict}.`;
  return `${verdict}: ${check.left.text} against ${check.right.text}, difference ${differenceText(check)}.`;
}
