import { formulaText, formulaTree } from './formula';
import { VIEW_VERSION } from './types';
import type { CheckedSide, CheckPlace, DerivationCheck, DerivationChecksView } from './types';
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
  seed: number;
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

function checked({ identity, left, right, relation, tolerance, holds, seed, place }: CheckInput): DerivationCheck {
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
    tolerance,
    holds,
    seed,
    ...(place && { place }),
  };
}

function side({ value, standardError, code }: CheckSideInput): CheckedSide {
  return { value: Number.isFinite(value) ? value : null, text: sideText(value, standardError), standardError, code };
}

function sideText(value: number, standardError: number): string {
  const number = Number.isInteger(value) ? quantity(value) : measured(value);
  return standardError > 0 ? `${number} ± ${quantity(Number(standardError.toPrecision(2)))}` : number;
}

/** `difference 2.1 × 10⁻⁷, allowed 10⁻⁵`, as the views tell it. */
export function differenceText({ difference, tolerance, relation }: DerivationCheck): string {
  const found = difference === null ? 'no finite number' : quantity(Number(difference.toPrecision(2)));
  const allowed = quantity(Number(tolerance.toPrecision(2)));
  return `${found}, allowed ${relation === '=' ? '±' : relation === '≤' ? 'up to ' : 'down to −'}${allowed}`;
}

/** The text for a reader without the figure. */
export function checksSummary(title: string, checks: readonly DerivationCheck[]): string {
  const [only] = checks;
  if (only && checks.length === 1) return `${title}: ${sentence(only)}`;
  const failed = checks.filter(({ holds }) => !holds);
  if (failed.length === 0) return `${title}: all ${checks.length} hold.`;
  return `${title}: ${failed.length} of ${checks.length} do not hold. ${failed.map(sentence).join(' ')}`;
}

function sentence(check: DerivationCheck): string {
  const verdict = check.holds ? 'holds' : 'does not hold';
  return `${check.identityText} ${verdict}: ${check.left.text} against ${check.right.text}, difference ${differenceText(check)}.`;
}
