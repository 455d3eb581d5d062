/** Names of symbols and of what stands for parts that are not understood. */
import type { Expression } from '../read/expression';
import { partsOf } from '../read/expression';
import type { Inputs } from './inputs';
import { identifier } from './names';

/** Letters that stand for matrices in this field. */
export const MATRICES = new Set(['A', 'C', 'H', 'I', 'J', 'M', 'P', 'Q', 'R', 'S', 'U', 'V', 'W', 'X']);

/** `dR/dC`, `∂y/∂a`. */
export function derivativeIn(over: Expression, under: Expression): string | undefined {
  const first = (one: Expression) => (one.kind === 'product' ? one.factors[0]! : one);
  const isD = (one: Expression) => one.kind === 'symbol' && one.name === 'd' && one.indices.length === 0;
  return isD(first(over)) && isD(first(under)) && under.kind === 'product' ? 'a derivative' : undefined;
}

export function labelOf(index: Expression): string {
  if (index.kind === 'symbol') return [index.name, ...index.indices.map(labelOf)].join('');
  if (index.kind === 'number') return index.value;
  return 'tex' in index ? index.tex.replace(/[^A-Za-z0-9]/g, '') : '';
}

/** The LaTeX of an expression, as far as it is known. */
export function texOf(expression: Expression): string {
  if ('tex' in expression) return expression.tex;
  if (expression.kind === 'function') return `\\${expression.name} ${texOf(expression.of)}`;
  if (expression.kind === 'quotient') return `\\frac{${texOf(expression.over)}}{${texOf(expression.under)}}`;
  if (expression.kind === 'product') return expression.factors.map(texOf).join(' ');
  return '';
}

export function stubName(expression: Expression, number: number): string {
  const tex = texOf(expression);
  const words =
    tex
      .replace(
        /\\(?:left|right|big|Big|bigg|Bigg|text|mathrm|mathbb|mathcal|mathbf|boldsymbol|frac|tfrac|operatorname)(?![A-Za-z])/g,
        ' ',
      )
      .match(/[A-Za-z]+|\d+/g) ?? [];
  const name = identifier(words.slice(0, 4).join('_'));
  return words.length === 0 || name.length > 28 ? `part${number}` : name;
}

/** The array whose length says how far a series is counted. */
export function arrayIndexedBy(
  { of, index }: Extract<Expression, { kind: 'series' }>,
  { arrays }: Inputs,
  called: (name: string, rank: number) => string,
): string | undefined {
  for (const part of partsOf(of)) {
    if (part.kind !== 'symbol' || part.indices[0]?.kind !== 'symbol' || part.indices[0].name !== index) continue;
    const name = called(part.name, part.indices.length);
    if (arrays.has(name)) return name;
  }
  return undefined;
}
