/** What a side of a formula says: arithmetic, and what the field has names for. */

/** A density by its letter and what it is of: `p(x | z)`. */
export interface Density {
  readonly letter: string;
  /** Letters of its subscript, such as `data`; parameters such as θ are no part of it. */
  readonly index: string;
  /** Names of what it is of, and of what is given; both empty if it stands alone. */
  readonly of: readonly string[];
  readonly given: readonly string[];
}

export type Expression =
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'symbol'; readonly name: string; readonly indices: readonly Expression[]; readonly tex: string }
  | { readonly kind: 'sum'; readonly terms: readonly { readonly minus: boolean; readonly value: Expression }[] }
  | { readonly kind: 'product'; readonly factors: readonly Expression[] }
  | { readonly kind: 'quotient'; readonly over: Expression; readonly under: Expression }
  | { readonly kind: 'power'; readonly base: Expression; readonly exponent: Expression }
  | { readonly kind: 'function'; readonly name: MathFunction; readonly of: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Expression[]; readonly tex: string }
  | { readonly kind: 'density'; readonly density: Density; readonly tex: string }
  | { readonly kind: 'divergence'; readonly from: Density; readonly to: Density; readonly tex: string }
  | { readonly kind: 'rate'; readonly tex: string }
  | {
      readonly kind: 'expectation';
      readonly over?: Density;
      readonly variable?: string;
      readonly of: Expression;
      readonly tex: string;
    }
  | { readonly kind: 'integral'; readonly variables: readonly string[]; readonly of: Expression; readonly tex: string }
  | {
      readonly kind: 'series';
      readonly operation: 'sum' | 'product';
      readonly index: string;
      readonly from?: Expression;
      readonly to?: Expression;
      readonly of: Expression;
      readonly tex: string;
    }
  | { readonly kind: 'norm'; readonly of: Expression; readonly order: '1' | '2'; readonly tex: string }
  | { readonly kind: 'absolute'; readonly of: Expression }
  | { readonly kind: 'gradient'; readonly by: string; readonly of: Expression; readonly tex: string }
  | { readonly kind: 'bound'; readonly name: string; readonly tex: string }
  | { readonly kind: 'entropy'; readonly of: Density; readonly tex: string }
  | { readonly kind: 'information'; readonly of: readonly [string, string]; readonly tex: string }
  | { readonly kind: 'unknown'; readonly tex: string; readonly why: string };

/** Functions of a number that JavaScript has too. */
export type MathFunction = 'log' | 'exp' | 'tanh' | 'sin' | 'cos' | 'tan' | 'sqrt' | 'max' | 'min';

/** Why a part of a formula is not understood. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** All that stands in an expression, itself first. */
export function* partsOf(expression: Expression): Generator<Expression> {
  yield expression;
  for (const child of childrenOf(expression)) yield* partsOf(child);
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'symbol':
      return expression.indices;
    case 'sum':
      return expression.terms.map(({ value }) => value);
    case 'product':
      return expression.factors;
    case 'quotient':
      return [expression.over, expression.under];
    case 'power':
      return [expression.base, expression.exponent];
    case 'call':
      return expression.of;
    case 'series':
      return [expression.of, ...(expression.from ? [expression.from] : []), ...(expression.to ? [expression.to] : [])];
    case 'function':
    case 'expectation':
    case 'integral':
    case 'norm':
    case 'absolute':
    case 'gradient':
      return [expression.of];
    default:
      return [];
  }
}
