import { describe, expect, it } from 'vitest';
import { objectiveOf } from '../../../../kernel/autoencoders/objectives/terms';

const formulaOf = (formula: string, symbol = 'β') => {
  const terms = { rest: { formula: 'r' }, term: { formula, weight: { symbol, schedule: 2 } } };
  return objectiveOf(terms, '').formula;
};

describe('the formula of a loss', () => {
  it.each([
    ['a + b', 'r + \\beta\\left(a + b\\right)'],
    ['\\mathbb E[a - b] - H(c)', 'r + \\beta\\left(\\mathbb E[a - b] - H(c)\\right)'],
    ['\\|a - b\\|^2', 'r + \\beta\\,\\|a - b\\|^2'],
    ['|K(q \\,\\|\\, p) - C|', 'r + \\beta\\,|K(q \\,\\|\\, p) - C|'],
    ['-\\mathbb E_{q(z|x)}[a + b]', 'r - \\beta\\,\\mathbb E_{q(z|x)}[a + b]'],
    ['\\|a\\| + \\|b\\|', 'r + \\beta\\left(\\|a\\| + \\|b\\|\\right)'],
  ])('multiplies the whole of %s by its weight', (formula, expected) => {
    expect(formulaOf(formula)).toBe(expected);
  });

  it.each([
    ['γ', 'r + \\gamma\\,a'],
    ['1 − β', 'r + (1 - \\beta)\\,a'],
    ['1/d', 'r + \\tfrac{1}{d}\\,a'],
    ['1[t ≥ start]', 'r + 1[t \\ge \\text{start}]\\,a'],
  ])('has the weight %s in LaTeX', (symbol, expected) => {
    expect(formulaOf('a', symbol)).toBe(expected);
  });
});
