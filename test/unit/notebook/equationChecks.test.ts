import { describe, expect, it } from 'vitest';
import { displayFormulas } from '../../../kernel/notebook/equationChecks/find';
import { checksIn, linked, type LinkedCheck, type Part } from '../../../kernel/notebook/equationChecks/link';
import { tallyText } from '../../../kernel/notebook/equationChecks/words';

const formulas = (...texts: string[]): Part => ({ kind: 'formulas', formulas: texts });
const checks = (...rows: Partial<LinkedCheck>[]): Part => ({
  kind: 'checks',
  checks: rows.map((row) => ({ identity: 'the sides', holds: true, ...row })),
});

describe('the formula of a check', () => {
  it('is the nearest one above it', () => {
    const { marks, tally } = linked([
      formulas('a = b', 'c = d'),
      checks({}),
      formulas('e = f'),
      checks({ holds: false }),
    ]);
    expect(marks).toEqual([[undefined, 'holds'], ['fails']]);
    expect(tally).toEqual({ formulas: 3, hold: 1, fail: 1 });
  });

  it('is the one in which its identity stands, however that is spaced and aligned', () => {
    const chain = String.raw`\begin{aligned} \log p(x) &\geq \mathcal L(q) \\ &= \mathbb E_q[\log p(x|z)] - \mathrm{KL}\big(q\,\|\,p\big) . \end{aligned}`;
    const identity = String.raw`\mathcal L(q) = \mathbb E_q[ \log p(x|z) ] - \mathrm{KL}(q \| p)`;
    const { marks } = linked([formulas(chain, 'x = y'), checks({ identity })]);
    expect(marks).toEqual([['holds', undefined]]);
  });

  it('is the one that it names by its label, wherever that stands', () => {
    const { marks } = linked([
      formulas('a = b'),
      checks({ equation: 'eq:later' }),
      formulas(String.raw`c = d \label{eq:later}`),
    ]);
    expect(marks).toEqual([[undefined], ['holds']]);
  });

  it('is none where no equation has the label, or none stands above', () => {
    expect(linked([formulas('a = b'), checks({ equation: 'eq:gone' })]).marks).toEqual([[undefined]]);
    expect(linked([checks({}), formulas('a = b')]).marks).toEqual([[undefined]]);
  });

  it('is not asked of exercises, nor of what checks() shows again', () => {
    const row = { identity: 'a = b', holds: true };
    const rows = [
      { ...row, place: { viewId: 'own' } },
      { ...row, identity: 'shown again', place: { viewId: 'another' } },
      { ...row, identity: 'an exercise', exercise: 'open' },
      null,
    ];
    expect(checksIn({ id: 'own', rows }).map(({ identity }) => identity)).toEqual(['a = b']);
  });

  it('fails when one of its checks does', () => {
    expect(linked([formulas('a = b'), checks({}, { holds: false }, {})]).marks).toEqual([['fails']]);
  });
});

it('a sentence says how many formulas hold', () => {
  expect(tallyText({ formulas: 23, hold: 17, fail: 1 })).toBe('17 of 23 formulas hold, 1 does not, 5 are not checked');
  expect(tallyText({ formulas: 1, hold: 1, fail: 0 })).toBe('1 of 1 formula holds');
});

it('display formulas are found on lines of their own, inside text, in lists and as bare environments', () => {
  const text =
    '# A\n\n$$\na = b\n$$\n\ntext $$c = d$$ more $e$\n\n- $$f = g$$\n\n\\begin{align}\nh &= i\n\\end{align}\n\n```\n$$no$$\n```\n';
  expect(displayFormulas(text).map(({ tex }) => tex.trim())).toEqual([
    'a = b',
    'c = d',
    'f = g',
    '\\begin{align}\nh &= i\n\\end{align}',
  ]);
  expect(displayFormulas(text)[0]!.line).toBe(2);
});
