import { describe, expect, it } from 'vitest';
import { checksText, derivationChecks, exercises } from '../../../kernel/notebook/checks';
import type { Notebook } from '../../../kernel/notebook/format';
import { derivationChecks as view, MIME } from '../../../kernel/views/index';
import type { CheckInput } from '../../../kernel/views/index';

const number = (value: number) => ({ value, standardError: 0, code: '' });
const row = (identity: string, left: number, right: number, exercise?: CheckInput['exercise']): CheckInput => ({
  identity,
  left: number(left),
  right: number(right),
  relation: '=',
  tolerance: 1e-5,
  holds: left === right,
  exercise,
  seed: 0,
});

/** A notebook with one cell for each list of rows. */
function notebookOf(...cells: CheckInput[][]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: cells.map((rows, i) => ({
      cell_type: 'code',
      metadata: {},
      source: '',
      execution_count: i + 1,
      outputs: [
        {
          output_type: 'display_data',
          data: { [MIME.derivationChecks]: view({ id: `${i}`, rows }) },
          metadata: {},
        },
      ],
    })),
  };
}

describe('the checks of a notebook', () => {
  it('leave exercises out, which are counted apart', () => {
    const notebook = notebookOf([row('a = b', 1, 1)], [row('x = 2', NaN, NaN, 'unsolved'), row('c = d', 1, 2)]);
    expect(derivationChecks(notebook).map(({ identity }) => identity)).toEqual(['a = b', 'c = d']);
    expect(exercises(notebook).map(({ identity }) => identity)).toEqual(['x = 2']);
    expect(checksText(notebook)).toBe(
      [
        'Derivation checks: 1 of 2 hold.',
        '  ✗ c = d: 1, expected = 2',
        'Exercises: 0 of 1 solved; 1 not solved yet.',
      ].join('\n'),
    );
  });

  it('say which answers of the reader are wrong', () => {
    const notebook = notebookOf([row('x = 2', 3, 2, 'attempted'), row('y = 1', 1, 1, 'solved')]);
    expect(checksText(notebook)).toBe('Exercises: 1 of 2 solved.\n  ✗ x = 2: not right yet, 3, expected = 2');
  });

  it('are silent where there are none', () => {
    expect(checksText(notebookOf([]))).toBe('');
  });
});
