/** Terms of a loss that a cell states, checked where they are given. */
import * as tf from '@tensorflow/tfjs';
import type { Kind } from '../arguments';
import { found } from '../arguments';
import { wrongResult } from '../parts/returned';
import { scheduleSchema } from '../training/schedules/schedules';
import type { Terms } from './terms';

const TEXTS = ['formula', 'meaning', 'unit'] as const;
const weights = scheduleSchema(-Infinity);

/**
 * @param who whose terms they are: `The objective "mine": "terms"`
 * @throws TypeError naming the term, what it is and what is expected
 */
export function checkedTerms(who: string, terms: unknown): Terms {
  const expected = 'terms by name, { reconstruction: { value, formula, meaning } }, at least one';
  if (typeof terms !== 'object' || terms === null || terms instanceof tf.Tensor || Array.isArray(terms)) {
    return wrongResult(who, terms, expected);
  }
  if ('then' in terms && typeof terms.then === 'function') return wrongResult(who, terms, expected);
  const entries = Object.entries(terms);
  if (entries.length === 0) return wrongResult(who, terms, expected);
  for (const [name, term] of entries) checkTerm(`${who}: the term "${name}"`, name, term);
  return terms as Terms;
}

function checkTerm(who: string, name: string, term: unknown): void {
  if (name === 'total') {
    throw new TypeError(`${who} has the name of the sum of all terms; choose another name.`);
  }
  if (term instanceof tf.Tensor) return checkScalar(who, term);
  if (typeof term !== 'object' || term === null || !('value' in term)) {
    return wrongTerm(who, term, 'a scalar tensor or { value, weight, formula, meaning }');
  }
  checkScalar(`${who}: "value"`, term.value);
  const others = term as Readonly<Record<string, unknown>>;
  for (const field of TEXTS) {
    const text = others[field];
    if (text !== undefined && typeof text !== 'string') wrongTerm(`${who}: "${field}"`, text, 'text');
  }
  const expected = weightKind(others['weight']);
  if (expected !== undefined) wrongTerm(`${who}: "weight"`, others['weight'], expected);
}

/** A number, a schedule, either with its symbol, or `reported`. */
const weightKind: Kind = (weight) => {
  if (weight === undefined || weight === 'reported') return undefined;
  const named = typeof weight === 'object' && weight !== null && 'symbol' in weight;
  const schedule = named ? (weight as { schedule?: unknown }).schedule : weight;
  if ((!named || typeof weight.symbol === 'string') && weights.safeParse(schedule).success) return undefined;
  return 'a number, a schedule, { symbol, schedule } or "reported"';
};

function checkScalar(who: string, value: unknown): void {
  const expected = 'a scalar of type float32, such as a mean over the batch';
  if (!(value instanceof tf.Tensor) || value.rank !== 0 || value.dtype !== 'float32') wrongTerm(who, value, expected);
}

function wrongTerm(who: string, value: unknown, expected: string): never {
  throw new TypeError(`${who} is ${found(value)}, expected ${expected}.`);
}
