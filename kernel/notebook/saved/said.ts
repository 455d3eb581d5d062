/** What the outputs of a cell say, and whether two runs say the same. */
import { MIME } from '../../views/types';
import type { DerivationCheck, DerivationChecksView } from '../../views/types';
import type { CodeCell, Output } from '../format';
import { textOf } from '../outputs';

/** An output in words, or the rows of its checks, whose differences are rounding and are not compared. */
export type Said = { text: string } | { checks: SaidCheck[] };

export type SaidCheck = Pick<DerivationCheck, 'identityText' | 'relation' | 'holds' | 'exercise'> & {
  tolerance: number;
  left: number | null;
  right: number | null;
};

/** How far two numbers may lie apart: in their own size, and at least. */
export interface Nearness {
  relative: number;
  absolute: number;
}

/** Machines round otherwise, and a training carries that on. */
export const NEAR: Nearness = { relative: 0.05, absolute: 0.02 };

export function saidBy(cell: CodeCell): Said[] {
  return cell.outputs.map(saidByOutput);
}

function saidByOutput(output: Output): Said {
  if (output.output_type === 'stream') return { text: textOf(output.text) };
  if (output.output_type === 'error') return { text: `${output.ename}: ${output.evalue}` };
  const data = output.data as Record<string, unknown>;
  const checks = data[MIME.derivationChecks] as DerivationChecksView | undefined;
  return checks ? { checks: checks.rows.map(saidByCheck) } : { text: textOf(data['text/plain'] ?? '') };
}

function saidByCheck({ identityText, relation, holds, exercise, tolerance, left, right }: DerivationCheck): SaidCheck {
  const sides = { left: left.value, right: right.value };
  return { identityText, relation, holds, ...(exercise && { exercise }), tolerance: tolerance ?? 0, ...sides };
}

/**
 * In what two runs of a cell differ, in words; empty if they say the same: equal words, numbers near each other.
 *
 * @param saved what was said before
 * @param found what is said now
 */
export function differences(saved: readonly Said[], found: readonly Said[], near: Nearness = NEAR): string[] {
  if (saved.length !== found.length) return [`${saved.length} outputs were saved, now there are ${found.length}`];
  return saved.flatMap((one, i) => differencesOf(one, found[i]!, near));
}

function differencesOf(saved: Said, found: Said, near: Nearness): string[] {
  if ('text' in saved && 'text' in found) return textDifferences(saved.text, found.text, near);
  if (!('checks' in saved && 'checks' in found)) return [`saved: ${brief(saved)}; now: ${brief(found)}`];
  if (saved.checks.length !== found.checks.length)
    return [`${saved.checks.length} checks were saved, now there are ${found.checks.length}`];
  return saved.checks.flatMap((check, i) => checkDifferences(check, found.checks[i]!, near));
}

const brief = (said: Said) => ('text' in said ? said.text.slice(0, 80) : `${said.checks.length} checks`);

function checkDifferences(saved: SaidCheck, found: SaidCheck, near: Nearness): string[] {
  const fields = ['identityText', 'relation', 'holds', 'exercise'] as const;
  const changed = fields.filter((field) => saved[field] !== found[field]);
  if (changed.length > 0) {
    return changed.map((field) => `${saved.identityText}: ${field} was ${saved[field]}, is ${found[field]}`);
  }
  const slack = { ...near, absolute: Math.max(near.absolute, saved.tolerance, found.tolerance) };
  return (['left', 'right'] as const)
    .filter((side) => !isNear(saved[side], found[side], slack))
    .map((side) => `${saved.identityText}: the ${side} side was ${saved[side]}, is ${found[side]}`);
}

function isNear(a: number | null, b: number | null, { relative, absolute }: Nearness): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= absolute + relative * Math.max(Math.abs(a), Math.abs(b));
}

function textDifferences(saved: string, found: string, near: Nearness): string[] {
  const [a, b] = [pieces(saved), pieces(found)];
  if (a.words !== b.words) return [`saved: ${excerpt(a.words, b.words)}; now: ${excerpt(b.words, a.words)}`];
  return a.numbers.flatMap((number, i) => {
    return isNear(number, b.numbers[i]!, near)
      ? []
      : [`${number} was saved, but now it is ${b.numbers[i]}: ${words(saved)}`];
  });
}

const NUMBER = /[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?(?: × 10[⁻⁰¹²³⁴-⁹]+)?/g;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A text as its words, with `#` for each number, and its numbers; how it is spaced tells nothing. */
function pieces(text: string): { words: string; numbers: number[] } {
  const numbers: number[] = [];
  const withMarks = text.replace(NUMBER, (number) => {
    numbers.push(valueOf(number));
    return '#';
  });
  // Rules of tables are as long as their widest number.
  return { words: words(withMarks.replace(/[─-]{2,}/g, '─')), numbers };
}

function valueOf(number: string): number {
  const [mantissa = '', power] = number.replaceAll(',', '').replace('−', '-').split(' × 10');
  const digits = power?.replaceAll('⁻', '-').replace(/[⁰¹²³⁴-⁹]/g, (sign) => String(SUPERSCRIPTS.indexOf(sign)));
  return Number(mantissa) * 10 ** Number(digits ?? 0);
}

const words = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Where a text begins to differ from another one. */
function excerpt(text: string, other: string): string {
  const at = [...text].findIndex((letter, i) => letter !== other[i]);
  return JSON.stringify(text.slice(Math.max(0, at - 30), at + 50));
}
