import { describe, expect, it } from 'vitest';
import { givenTheClass, ofData } from '../../../../kernel/autoencoders/conditioning/formulas';

describe('a formula given the class', () => {
  it.each([
    ['-\\mathbb E_{q(z|x)}[\\log p(x|z)]', '-\\mathbb E_{q(z|x,y)}[\\log p(x|z,y)]'],
    ['\\mathrm{KL}(q(z|x) \\,\\|\\, p(z))', '\\mathrm{KL}(q(z|x,y) \\,\\|\\, p(z))'],
    ['q(z_1|z_2, x) - p(z_1|z_2)', 'q(z_1|z_2, x,y) - p(z_1|z_2)'],
    ['q(z_2|z_1)', 'q(z_2|z_1)'],
    ['\\|x - f(g(\\tilde x))\\|^2', '\\|x - f(g(\\tilde x,y),y)\\|^2'],
    ['-\\log p(x|g(x))', '-\\log p(x|g(x,y),y)'],
    ['\\log(1 - D(g(x)))', '\\log(1 - D(g(x,y)))'],
    ['\\|J_g(x)\\|_F^2', '\\|J_g(x)\\|_F^2'],
    ['\\mathrm{MMD}^2(q(z), p(z))', '\\mathrm{MMD}^2(q(z), p(z))'],
  ])('%s', (latex, expected) => {
    expect(givenTheClass(latex, ofData)).toBe(expected);
  });
});
