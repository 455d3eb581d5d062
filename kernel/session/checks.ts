/** `check` and `exercise`: a formula of a derivation, or a reader's answer, held against the numbers of its two sides. */
import { randomUUID } from 'node:crypto';
import { list, object, optional, takes, text as textKind } from '../autoencoders/arguments';
import { compare, defaultSeed } from '../autoencoders/index';
import type { CompareOptions, Estimate } from '../autoencoders/index';
import * as views from '../views/index';
import { MIME } from '../views/index';
import { currentSession, type ShowingSession } from './current';
import { isUnsolved } from './unsolved';
import { callPlace, lineOf } from './show/callPlace';
import type { View } from './show/modelViews';
import { viewOf } from './show/modelViews';

/** A number, a Monte Carlo estimate with its standard error, or a scalar tensor. */
export type CheckedValue = number | Estimate | ScalarTensor;

/** A value, or a function that computes it from the seed of the check; the view shows the function's source. */
export type CheckSide = CheckedValue | ((seed: number) => CheckedValue | Promise<CheckedValue>);

interface ScalarTensor {
  readonly size: number;
  data(): Promise<ArrayLike<number>>;
}

/** Options of {@link check}. */
export interface CheckOptions extends CompareOptions {
  /**
   * The label of the equation that the check is about, as its `\\label{…}` has it. Default: the equation in which the
   * identity stands, else the nearest one above the cell.
   */
  equation?: string;
  /** Handed to sides that are functions. Default: the session's seed. */
  seed?: number;
}

/** Identity in LaTeX without dollars, left side, right side. */
export type CheckRow = readonly [identity: string, left: CheckSide, right: CheckSide, options?: CheckOptions];

/** The answer of an exercise: as a side of a check, or nothing while there is none. */
export type AnswerSide =
  CheckSide | undefined | ((seed: number) => CheckedValue | undefined | Promise<CheckedValue | undefined>);

/** An identity in LaTeX without dollars, the reader's answer, and the right answer. */
export type ExerciseRow = readonly [identity: string, answer: AnswerSide, expected: CheckSide, options?: CheckOptions];

type ChecksView = View<views.DerivationChecksView>;

/**
 * Evaluates both sides of an identity and shows them with their difference, the tolerance and the verdict. A check that
 * does not hold shows this and does not stop the notebook.
 *
 * @param identity in LaTeX without dollars
 * @param options.relation the relation of the left side to the right one. Default `=`
 * @param options.equation the label of the equation that it checks. Default: the nearest formula that contains the
 *   identity, else the nearest display formula above
 * @param options.tolerance absolute. Default 1e-5 · max(1, |right|)
 * @param options.standardErrors how many standard errors of the difference are allowed in addition. Default 4
 * @throws TypeError for a side that is not a number
 */
export function check(identity: string, left: CheckSide, right: CheckSide, options?: CheckOptions): Promise<ChecksView>;
/** Several identities in one view. */
export function check(title: string, rows: readonly CheckRow[]): Promise<ChecksView>;
export async function check(
  text: string,
  first: CheckSide | readonly CheckRow[],
  right?: CheckSide,
  options: CheckOptions = {},
): Promise<ChecksView> {
  return shown('check', text, first, right, options);
}

/**
 * An exercise: compares the reader's answer, on the left, with the right answer. While the answer calls `todo()` or
 * returns nothing, the row says "not solved yet". It says how far a wrong answer is off, and turns green for a right
 * one. Exercises are counted separately from checks, and none of these states is a failure.
 *
 * @param identity in LaTeX without dollars
 * @param options as those of {@link check}
 * @throws TypeError for a side that is not a number
 */
export function exercise(
  identity: string,
  answer: AnswerSide,
  expected: CheckSide,
  options?: CheckOptions,
): Promise<ChecksView>;
/** An exercise of several parts. */
export function exercise(title: string, rows: readonly ExerciseRow[]): Promise<ChecksView>;
export async function exercise(
  text: string,
  first: AnswerSide | readonly ExerciseRow[],
  expected?: CheckSide,
  options: CheckOptions = {},
): Promise<ChecksView> {
  return shown('exercise', text, first, expected, options);
}

type Asking = 'check' | 'exercise';

async function shown(
  asking: Asking,
  text: string,
  first: AnswerSide | readonly ExerciseRow[],
  right: CheckSide | undefined,
  options: CheckOptions,
): Promise<ChecksView> {
  // Before the first await: later the caller is no longer on the stack.
  const { place, code } = callPlace();
  takes(asking, ['identity', text, textKind], ['options', options, object()]);
  const several = Array.isArray(first);
  const rows = several ? (first as readonly ExerciseRow[]) : [[text, first as AnswerSide, right!, options] as const];
  const evaluated: views.CheckInput[] = [];
  // In order, since a side may train what a later one looks at.
  const id = randomUUID();
  for (const row of rows) {
    const at = place && { ...place, line: lineOf(row[0], code, place.line), viewId: id };
    evaluated.push({ ...(await evaluate(asking, row)), place: at });
  }
  const title = several ? text : undefined;
  const view = views.derivationChecks({ id, title, rows: evaluated });
  if (place) remember(place.document ?? place.cell, view.rows);
  return viewOf(MIME.derivationChecks, view);
}

/** Rows by the cells that made them; what a cell made before is replaced when it runs again. */
const made = new WeakMap<ShowingSession, Map<string, { order: number; rows: views.DerivationCheck[] }>>();

function remember(cell: string, rows: views.DerivationCheck[]): void {
  const session = currentSession();
  const known = made.get(session) ?? new Map<string, { order: number; rows: views.DerivationCheck[] }>();
  made.set(session, known);
  const order = session.current?.order ?? 0;
  const before = known.get(cell);
  known.set(cell, { order, rows: before?.order === order ? [...before.rows, ...rows] : rows });
}

/**
 * All checks and exercises that cells of this kernel have made, those that do not hold first, exercises last; each row
 * jumps to its cell.
 *
 * @throws Error when none has been made yet
 */
export function checks(options: { title?: string } = {}): ChecksView {
  takes('checks', ['options', options, object()]);
  takes('checks', ['title', options.title, optional(textKind)]);
  const rows = [...(made.get(currentSession())?.values() ?? [])].flatMap((cell) => cell.rows);
  if (rows.length === 0) throw new Error('checks: no cell of this kernel has made a check yet; check(…) makes one.');
  // What fails first, exercises last.
  const rank = (row: views.DerivationCheck) => (row.exercise ? 2 : 0) + Number(row.holds);
  const sorted = [...rows].sort((a, b) => rank(a) - rank(b));
  const view = views.derivationChecks({ id: randomUUID(), title: options.title ?? 'All checks', rows: [] });
  const summary = views.checksSummary(view.title, sorted);
  return viewOf(MIME.derivationChecks, { ...view, rows: sorted, summary });
}

async function evaluate(asking: Asking, row: ExerciseRow): Promise<views.CheckInput> {
  takes(asking, ['row', row, list]);
  const [identity, left, right, options = {}] = row;
  takes(asking, ['identity', identity, textKind], ['options', options, object()]);
  const { seed = defaultSeed(), equation, ...comparison } = options;
  takes(asking, ['equation', equation, optional(textKind)]);
  const answer = asking === 'exercise' ? await answerOf(left, seed) : left;
  if (asking === 'exercise' && answer === undefined) return unsolvedRow(row, seed);
  const l = await valueOf(answer, seed, 'left', { asking, identity });
  const r = await valueOf(right, seed, 'right', { asking, identity });
  const { ok, relation, tolerance } = compare(l, r, comparison);
  return {
    identity,
    left: { ...l, code: codeOf(left) },
    right: { ...r, code: codeOf(right) },
    relation,
    tolerance,
    holds: ok,
    exercise: asking === 'exercise' ? (ok ? 'solved' : 'attempted') : undefined,
    seed,
    equation,
  };
}

/** The reader's answer; undefined while there is none. */
async function answerOf(side: AnswerSide, seed: number): Promise<CheckedValue | undefined> {
  try {
    return typeof side === 'function' ? await side(seed) : side;
  } catch (error) {
    if (isUnsolved(error)) return undefined;
    throw error;
  }
}

/** What is expected is not computed, and so not given away. */
function unsolvedRow([identity, left, right, options = {}]: ExerciseRow, seed: number): views.CheckInput {
  const nothing = (side: AnswerSide) => ({ value: NaN, standardError: 0, code: codeOf(side) });
  const { relation = '=', tolerance = 1e-5 } = options;
  const sides = { left: nothing(left), right: nothing(right) };
  return { identity, ...sides, relation, tolerance, holds: false, exercise: 'unsolved', seed };
}

interface Asked {
  asking: Asking;
  identity: string;
}

async function valueOf(side: AnswerSide, seed: number, which: string, asked: Asked): Promise<Estimate> {
  const value = typeof side === 'function' ? await side(seed) : side;
  if (typeof value === 'number') return { value, standardError: 0 };
  if (isScalar(value)) return { value: (await value.data())[0]!, standardError: 0 };
  if (isEstimate(value)) return value;
  const found = value === undefined ? 'nothing' : `a value of type ${typeof value}`;
  throw new TypeError(
    `${asked.asking}(${JSON.stringify(asked.identity)}): the ${which} side is a number, an estimate { value, standardError }, a scalar ` +
      `tensor, or a function that gives one of these; found ${found}.`,
  );
}

function isScalar(value: unknown): value is ScalarTensor {
  const tensor = value as Partial<ScalarTensor> | null | undefined;
  return typeof tensor?.data === 'function' && tensor.size === 1;
}

function isEstimate(value: unknown): value is Estimate {
  const known = value as Partial<Estimate> | null | undefined;
  return typeof known?.value === 'number' && typeof known.standardError === 'number';
}

/** The source of a function, without the indentation of where it stands. */
function codeOf(side: AnswerSide): string {
  if (typeof side !== 'function') return '';
  const lines = String(side).split('\n');
  const depth = Math.min(...lines.slice(1).map((line) => (line.trim() ? line.search(/\S/) : Infinity)));
  return lines.map((line, i) => (i === 0 || !Number.isFinite(depth) ? line : line.slice(depth))).join('\n');
}
