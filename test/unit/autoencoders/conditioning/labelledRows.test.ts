import { describe, expect, it } from 'vitest';
import { Dataset } from '../../../../kernel/autoencoders/index';
import { Conditioning } from '../../../../kernel/autoencoders/conditioning/conditioning';
import { labelsOfDraws, samplesBeside } from '../../../../kernel/autoencoders/conditioning/labelledRows';

describe('samples with their classes beside them', () => {
  const labels = Int32Array.from([1, -1, 0]);
  const data = new Dataset({ ...Dataset.from([[1, 2], [3, NaN], [5, 6]]), labels }); // prettier-ignore

  it('hold zeros and ones, and zeros alone for a class that is not known', () => {
    const { values, width } = samplesBeside(new Conditioning(2, true), data, 'test');
    expect(width).toBe(4);
    expect([...values]).toEqual([1, 2, 0, 1, 3, NaN, 0, 0, 5, 6, 1, 0]);
  });

  it('are as they were where there are no classes, and named where there is no such class', () => {
    expect(samplesBeside(new Conditioning(), data, 'test')).toBe(data);
    expect(() => samplesBeside(new Conditioning(1), data, 'test')).toThrow(
      'test knows classes 0 to 0; found a label 1.',
    );
  });
});

describe('the classes of draws', () => {
  it('take turns by themselves', () => {
    expect([...labelsOfDraws({ classes: 3 }, undefined, 5, 'test')!]).toEqual([0, 1, 2, 0, 1]);
    expect([...labelsOfDraws({ classes: 3 }, -1, 2, 'test')!]).toEqual([-1, -1]);
    expect(labelsOfDraws({ classes: null }, 1, 2, 'test')).toBeUndefined();
  });
});
