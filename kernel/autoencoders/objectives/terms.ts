/** The terms of a loss: each declared once, with its value, weight, unit, formula and meaning. */
import type * as tf from '@tensorflow/tfjs';
import type { Schedule } from '../training/schedules/schedules';

/** A weight with the symbol that its paper has for it: `β`. */
export interface TermWeight {
  symbol: string;
  schedule: Schedule;
}

/** What a model states of its objective; formulas in LaTeX without dollars. */
export interface Objective {
  /** What training minimises. */
  formula: string;
  /** By the name of the term. */
  terms: Readonly<Record<string, ObjectiveTerm>>;
  /** Authors, year, title or equation. */
  source: string;
  /** For a weight that means over the dimensions, where the loss has sums, would make another number. */
  meanReductions?: MeanReductions & {
    /** The first term that states them. */
    term: string;
  };
}

/** What a weight of sums is where both the loss and the term are means. */
export interface MeanReductions {
  /** Weight in means over weight in sums. */
  ratio: number;
  /** The convention, up to the number: `…, β·D/d is the weight`. */
  text: string;
}

/** The description of a term: its formula in LaTeX, its meaning, and its unit. */
export interface ObjectiveTerm {
  /** In LaTeX without dollars. */
  formula: string;
  /** In words, with its reductions: `summed over pixels, mean over the batch`. */
  meaning: string;
  /** Where it is another than the model's. */
  unit?: string;
}

/** One term of a loss. */
export interface Term {
  /** A scalar, the mean over the batch. */
  value: tf.Tensor;
  /**
   * What it is weighted by in the loss: a number, a schedule, or either with the symbol that the paper has for it, in
   * LaTeX. Default 1. `reported` alone: the term is reported, and the loss leaves it out.
   */
  weight?: Schedule | TermWeight | 'reported';
  /** In LaTeX, without dollars. */
  formula?: string;
  /** In words, with its reductions: `summed over pixels, mean over the batch`. */
  meaning?: string;
  /** Default: the model's. */
  unit?: string;
  /** Where papers give the weight of means over dimensions, and the loss has sums. */
  meanReductions?: MeanReductions;
}

/** Terms by name; a tensor is a term of weight 1 without a formula. */
export type Terms = Readonly<Record<string, Term | tf.Tensor>>;

/** What a term is beside its value. */
export type TermDeclaration = Omit<Term, 'value'>;

export const NOT_IN_LOSS: TermWeight = { symbol: '', schedule: 0 };

export function valuesOf(terms: Terms): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, 'value' in term ? term.value : term]));
}

export function declarationsOf(terms: Terms): Record<string, TermDeclaration> {
  const declarations = Object.entries(terms).map(([name, term]): [string, TermDeclaration] => {
    const stated = 'value' in term ? Object.entries(term).filter(([field]) => field !== 'value') : [];
    return [name, Object.fromEntries(stated)];
  });
  return Object.fromEntries(declarations);
}

/** The weights of the terms that have one. */
export function weightsOf(terms: Readonly<Record<string, TermDeclaration>>): Record<string, TermWeight> {
  const weights: Record<string, TermWeight> = {};
  for (const [name, { weight }] of Object.entries(terms)) {
    if (weight !== undefined) weights[name] = weightOf(weight);
  }
  return weights;
}

function weightOf(weight: Schedule | TermWeight | 'reported'): TermWeight {
  if (weight === 'reported') return NOT_IN_LOSS;
  if (typeof weight === 'object' && 'symbol' in weight) return weight;
  return { symbol: typeof weight === 'number' ? String(weight) : 'w', schedule: weight };
}

/** What training minimises: the sum of the terms, each times its weight. */
export function objectiveOf(terms: Readonly<Record<string, TermDeclaration>>, source: string): Objective {
  const stated = Object.entries(terms).map(([name, { formula, meaning = '', unit }]): [string, ObjectiveTerm] => [
    name,
    { formula: formula ?? named(name), meaning, ...(unit === undefined ? {} : { unit }) },
  ]);
  const inLoss = Object.entries(terms).filter(([, { weight }]) => weight !== 'reported');
  const summands = inLoss.map(([name, { formula, weight }]) => summand(formula ?? named(name), weight));
  const inMeans = Object.entries(terms).find(([, { meanReductions }]) => meanReductions !== undefined);
  return {
    formula: sum(summands),
    terms: Object.fromEntries(stated),
    source,
    ...(inMeans && { meanReductions: { term: inMeans[0], ...inMeans[1].meanReductions! } }),
  };
}

function named(term: string): string {
  return `\\mathrm{${term}}`;
}

function summand(formula: string, weight: TermDeclaration['weight']): string {
  if (weight === undefined || weight === 'reported') return formula;
  const { symbol, schedule } = weightOf(weight);
  if (schedule === 1 && symbol === '1') return formula;
  const factor = symbolInLatex(symbol);
  if (isSum(formula)) return `${factor}\\left(${formula}\\right)`;
  const [sign, rest] = formula.startsWith('-') ? ['-', formula.slice(1)] : ['', formula];
  return `${sign}${factor}\\,${rest}`;
}

/** Whether it adds or subtracts outside of all brackets and bars. */
function isSum(formula: string): boolean {
  let [depth, bars] = [0, false];
  for (const [at, letter] of [...formula].entries()) {
    if ('([{'.includes(letter)) depth++;
    if (')]}'.includes(letter)) depth--;
    if (letter === '|' && depth === 0) bars = !bars;
    if (depth === 0 && !bars && at > 0 && (letter === '+' || letter === '-')) return true;
  }
  return false;
}

function sum(summands: readonly string[]): string {
  return summands.reduce((all, one) => {
    if (all === '') return one;
    return one.startsWith('-') ? `${all} - ${one.slice(1)}` : `${all} + ${one}`;
  }, '');
}

const LATEX: Record<string, string> = {
  α: '\\alpha',
  β: '\\beta',
  γ: '\\gamma',
  δ: '\\delta',
  ε: '\\epsilon',
  η: '\\eta',
  λ: '\\lambda',
  μ: '\\mu',
  ρ: '\\rho',
  σ: '\\sigma',
  τ: '\\tau',
};

/** `1 − β` as `(1 - \beta)`, words upright. */
function symbolInLatex(symbol: string): string {
  const [, above, below] = /^(\w+)\/(\w+)$/.exec(symbol) ?? [];
  if (above && below) return `\\tfrac{${above}}{${below}}`;
  const latex = symbol
    .replaceAll(/[a-z]{2,}/gi, '\\text{$&}')
    .replaceAll(/\p{Script=Greek}/gu, (letter) => LATEX[letter] ?? letter)
    .replaceAll('−', '-')
    .replaceAll('≥', '\\ge');
  return / [-+] /.test(latex) ? `(${latex})` : latex;
}
