import { describe, expect, it } from 'vitest';
import { objectiveOf } from '../../../../kernel/autoencoders/objectives/terms';

const formulaOf = (formula: string) => {
  const terms = { rest: { formula: 'r' }, term: { formula, weight: { symbol: 'β', schedule: 2 } } };
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
});
