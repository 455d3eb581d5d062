import { describe, expect, it } from 'vitest';
import { Equations } from '../../../../kernel/notebook/markdown/equations';

describe('equation numbers', () => {
  it('go to labelled formulas, in order', () => {
    const equations = new Equations();
    expect(equations.number('a = b \\label{eq:one}')).toEqual({
      tex: 'a = b\\tag{1}',
      anchors: ['eq-eq-one'],
      numbers: ['1'],
    });
    expect(equations.number('c = d')).toEqual({ tex: 'c = d', anchors: [], numbers: [] });
    expect(equations.number('e\\label{eq:two}')).toEqual({
      tex: 'e\\tag{2}',
      anchors: ['eq-eq-two'],
      numbers: ['2'],
    });
    expect(equations.numberOf('eq:two')).toBe('2');
    expect(equations.numberOf('eq:three')).toBeUndefined();
  });

  it('cover every row, with its own tag or without a number', () => {
    const equations = new Equations();
    const rows = 'a &= b \\\\ c &= d \\notag \\\\ e &= f \\tag{*} \\label{own} \\\\ g &= h';
    expect(equations.number(`\\begin{align}${rows}\\end{align}`).numbers).toEqual(['1', '*', '2']);
    expect(equations.numberOf('own')).toBe('*');
    expect(equations.number('x \\tag{A}').numbers).toEqual(['A']);
  });

  it('go to every row of a numbered environment, but where it says not to', () => {
    const equations = new Equations();
    const { tex } = equations.number(
      '\\begin{align}\n a &= b \\label{x} \\\\[4pt]\n c &= d \\nonumber \\\\ e &= \\begin{cases} 1 \\\\ 2 \\end{cases}\n\\end{align}',
    );
    expect(tex).toBe(
      '\\begin{align}\n a &= b\\tag{1}\\\\\n c &= d \\notag \\\\ e &= \\begin{cases} 1 \\\\ 2 \\end{cases}\\tag{2}\\end{align}',
    );
    expect(equations.numberOf('x')).toBe('1');
  });

  it('are those that the author gave', () => {
    const equations = new Equations();
    expect(equations.number('a \\tag{KL}\\label{k}').tex).toBe('a \\tag{KL}');
    expect(equations.numberOf('k')).toBe('KL');
    expect(equations.number('\\begin{align*} a \\\\ b \\end{align*}').tex).toBe(
      '\\begin{align*} a \\\\ b \\end{align*}',
    );
  });

  it('are linked where a formula refers to them', () => {
    const equations = new Equations();
    equations.number('a\\label{eq:a}');
    expect(equations.resolveInTex('by \\eqref{eq:a} and \\ref{eq:a}')).toBe(
      'by \\href{#eq-eq-a}{\\text{(1)}} and \\href{#eq-eq-a}{\\text{1}}',
    );
    expect(equations.resolveInTex('\\eqref{gone}')).toBe('\\href{#eq-gone}{\\text{(??)}}');
  });
});
