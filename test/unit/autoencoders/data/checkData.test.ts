import { describe, expect, it } from 'vitest';
import { checkData } from '../../../../kernel/autoencoders/data/checkData';
import { samplesOf } from '../data';

describe('the check of data before training', () => {
  const rows = [
    [0, 1],
    [0.5, 2],
  ];

  it('names row, column and feature of a value that is not finite', () => {
    expect(() => checkData(samplesOf([...rows, [0, NaN]], 'table.csv'))).toThrow(
      'table.csv: the value at row 2, column 1 (“f1”) (both counted from 0) is NaN; expected finite numbers. If the value is missing, give the model missing: true',
    );
    expect(() => checkData(samplesOf([[-Infinity, 0]]))).toThrow('is -Infinity');
  });

  it('names what lies outside the support of the likelihood, and why that matters', () => {
    const support = { low: 0, high: 1, reason: 'scale the data' };
    expect(() => checkData(samplesOf(rows), { support })).toThrow(
      'row 1, column 1 (“f1”) (both counted from 0) is 2, outside [0, 1]: scale the data.',
    );
  });

  it('tells data apart by a checksum', () => {
    expect(checkData(samplesOf(rows))).toBe(checkData(samplesOf(rows)));
    expect(checkData(samplesOf(rows))).not.toBe(checkData(samplesOf([...rows].reverse())));
  });
});
