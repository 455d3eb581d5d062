/** What a model's `explain` says: objective, terms, units, weights as they are now, and the effective β. */
import type { Objective, ObjectiveTerm, TermWeight } from '../objectives/terms';
import { scheduleText, scheduleValue } from '../training/schedules/schedules';

export type { Objective, ObjectiveTerm } from '../objectives/terms';

interface Explained {
  readonly name: string;
  readonly unit: string;
  readonly objective: Objective;
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  readonly position: { readonly step: number };
}

/**
 * A term of an objective as {@link Explanation} tells it: formula, meaning, unit, and its weight at the present step.
 */
export interface ExplainedTerm extends Required<ObjectiveTerm> {
  name: string;
  /** At the present step. */
  weight: number;
  /** β, for example; empty for a term without a weight. */
  symbol: string;
  /** How the weight changes, in words; empty for a constant one. */
  schedule: string;
}

/** The objective of a model as it is now: a cell shows it as a table, `String(…)` and the console as text. */
export class Explanation {
  /** The model’s name. */
  readonly model: string;
  /** The whole objective in LaTeX. */
  readonly formula: string;
  /** The paper; empty if none is stated. */
  readonly source: string;
  /** Its terms, in the order of the formula. */
  readonly terms: ExplainedTerm[];
  /**
   * Weight of the Kullback–Leibler divergence over that of the reconstruction, both summed over their dimensions: the β
   * that the loss really has, whatever its reductions. Null for losses without a divergence or a reconstruction, and
   * for those that hold the divergence at a capacity.
   */
  readonly effectiveBeta: number | null;
  /**
   * A quantised model's β·D/d: the commitment's weight where it and the reconstruction are means over their dimensions,
   * as papers give it. Null for other models.
   */
  readonly effectiveCommitment: number | null;
  private readonly convention: string;

  constructor({ name, unit, objective, termWeights, position }: Explained) {
    this.model = name;
    this.formula = objective.formula;
    this.source = objective.source;
    const weightOf = (term: string) => scheduleValue(termWeights[term]?.schedule ?? 1, position.step);
    this.terms = Object.entries(objective.terms).map(([term, stated]) => {
      const { symbol = '', schedule = 1 } = termWeights[term] ?? {};
      return { unit, ...stated, name: term, weight: weightOf(term), symbol, schedule: scheduleText(schedule) };
    });
    // Hierarchies name a divergence for each level, all of one weight: kl1, kl2, …
    const divergence = Object.keys(objective.terms).find((term) => /^kl\d*$/.test(term));
    // One without a symbol is reported and not charged for: the loss holds it at a capacity, or charges for its parts.
    const told = divergence !== undefined && termWeights[divergence]?.symbol === '';
    const weighted = divergence && !told && weightOf('reconstruction') > 0;
    this.effectiveBeta = weighted ? weightOf(divergence) / weightOf('reconstruction') : null;
    const { meanReductions: means } = objective;
    this.effectiveCommitment = means ? weightOf(means.term) * means.ratio : null;
    this.convention = means ? `${means.text}: ${shown(this.effectiveCommitment!)}.` : '';
  }

  toString(): string {
    const lines = this.terms.map(({ name, meaning, unit, ...term }) => {
      return `  ${name}: ${[meaning, unit].filter((text) => text !== '').join('; ')}; weight ${weightText(term)}`;
    });
    return [`${this.model} minimises ${this.formula}`, ...lines, ...this.closing()].join('\n');
  }

  /** The convention of Deno's Jupyter kernel. */
  [Symbol.for('Jupyter.display')](): Record<string, string> {
    const rows = this.terms.map(({ name, formula, meaning, unit, ...term }) => {
      return `| \`${name}\` | $${inTable(formula)}$ | ${meaning} | ${unit} | ${weightText(term)} |`;
    });
    const table = ['| term | formula | meaning | unit | weight |', '|---|---|---|---|---|', ...rows].join('\n');
    const markdown = [`**${this.model}** minimises`, `$$${this.formula}$$`, table, ...this.closing()].join('\n\n');
    return { 'text/markdown': markdown, 'text/plain': this.toString() };
  }

  private closing(): string[] {
    const beta = this.effectiveBeta === null ? [] : [`Effective β: ${shown(this.effectiveBeta)}.`];
    const source = this.source === '' ? [] : [`Source: ${this.source}.`];
    return [...beta, ...(this.convention ? [this.convention] : []), ...source];
  }
}

/** Bars would end the cell of a table. */
function inTable(formula: string): string {
  return formula.replaceAll('\\|', '\\Vert ').replaceAll('|', '\\vert ');
}

function weightText({ weight, symbol, schedule }: Pick<ExplainedTerm, 'weight' | 'symbol' | 'schedule'>): string {
  // A number is its own symbol.
  const now = symbol === '' || symbol === shown(weight) ? shown(weight) : `${symbol} = ${shown(weight)}`;
  return schedule ? `${now} (${schedule})` : now;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
