/** What a written side is made of, and what its cell has to declare. */
import type { Expression } from '../read/expression';
import type { Bound } from './bound';
import type { Given, Scope } from './gaussians';

/** What the cell has to declare before its check. */
export interface Inputs {
  readonly library: Set<string>;
  /** Functions that the cell writes itself: sums and products over an index. */
  readonly helpers: Set<Helper>;
  readonly given: Set<Given>;
  /** Scalars by their names in code: what each is in the formula, and its definition where there is one. */
  readonly scalars: Map<string, { readonly name: string; definition?: string }>;
  /** Arrays of numbers, and how many indices they have. */
  readonly arrays: Map<string, { readonly name: string; readonly rank: number }>;
  readonly functions: Map<string, { readonly name: string; readonly type: string }>;
  /** What was not understood: a function without arguments stands for it. */
  readonly stubs: Map<string, { readonly tex: string; readonly why: string }>;
}

export type Helper = 'sum' | 'product';

export interface SideCode {
  /** A number; `e1`, `e2`, … stand for the estimates. */
  readonly number: string;
  /** Expressions of type `Promise<Estimate> | Estimate`, in which `seed` is known. */
  readonly estimates: readonly string[];
}

/** How tightly an expression holds together. */
export enum Level {
  Sum,
  Product,
  Power,
  Atom,
}

export interface Code {
  readonly text: string;
  readonly level: Level;
}

export const atom = (text: string): Code => ({ text, level: Level.Atom });
export const within = ({ text, level }: Code, least: Level) => (level >= least ? text : `(${text})`);

/** The types of the helpers, by which a notebook that has one is known. */
export const HELPERS: Record<Helper, string> = { sum: 'helper of sums', product: 'helper of products' };

/** What the parts of a side's writer ask of it. */
export interface Writer {
  readonly inputs: Inputs;
  /** What an input of this type is called. */
  name(wanted: string, type: string): string;
  /** A number; what cannot be one becomes its own stub. */
  number(expression: Expression, bound: Bound): Code;
  /** The same, where what is not understood is thrown. */
  known(expression: Expression, bound: Bound): Code;
  /** What a value that can be given is called. */
  need(what: Given): string;
  scope(bound: Bound): Scope;
  /** The name that stands for an estimate in the number. */
  estimate(code: string): Code;
}
