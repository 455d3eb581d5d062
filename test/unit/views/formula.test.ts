import { describe, expect, it } from 'vitest';
import { formulaText, formulaTree } from '../../../kernel/views/formula';

describe('a formula in one line', () => {
  it.each([
    ['\\log p(x) = -3', 'log p(x) = −3'],
    ['\\frac{a+b}{2\\sigma^2}', '(a + b)/2σ²'],
    ['\\sqrt{x^2 + 1}', '√(x² + 1)'],
    ['\\sum_{i=1}^{n} \\hat x_i', '∑ᵢ₌₁ⁿx̂ᵢ'],
    ['\\mathcal N(\\mu, \\Sigma^{-1})', '𝒩(μ, Σ⁻¹)'],
    ['\\mathbb E_{q(z|x)}[z]', '𝔼_(q(z∣x))[z]'],
    ['W^\\top W = I_k', 'WᵀW = Iₖ'],
    ["f'(x) \\le \\text{its mean}", 'f′(x) ≤ its mean'],
    ['a < b', 'a < b'],
  ])('%s is %s', (tex, expected) => {
    expect(formulaText(formulaTree(tex))).toBe(expected);
  });

  it('stays LaTeX where it cannot be read', () => {
    expect(formulaText(formulaTree('\\frac{'))).toBe('\\frac{');
  });
});

describe('a formula as MathML', () => {
  it('is a tree of elements and text, with letters in the alphabet of their variant', () => {
    const tree = formulaTree('\\mathbb R');
    expect(JSON.stringify(tree)).toContain('ℝ');
    expect(tree.tag).toBe('math');
  });
});
