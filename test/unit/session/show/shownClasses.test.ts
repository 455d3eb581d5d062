import { describe, expect, it } from 'vitest';
import { captions, shownClasses } from '../../../../kernel/session/show/shownClasses';

describe('classes in views', () => {
  it('are those of the data where each sample has one', () => {
    const labels = Int32Array.of(1, 0);
    expect(shownClasses({ labels, classNames: ['a', 'b'] })).toEqual({ labels, classNames: ['a', 'b'] });
    expect(shownClasses({ labels: null })).toEqual({ labels: null, classNames: [] });
    expect(captions({ labels, classNames: [] })).toEqual(['1', '0']);
    expect(captions({})).toEqual([]);
  });

  it('has samples without one beside the others, and not among them', () => {
    const labels = Int32Array.of(1, -1, 0);
    expect(shownClasses({ labels, classNames: ['a', 'b'] })).toEqual({
      labels: Int32Array.of(1, 2, 0),
      classNames: ['a', 'b', 'no class'],
    });
    expect(shownClasses({ labels, classNames: [] }).classNames).toEqual(['0', '1', 'no class']);
    expect(captions({ labels, classNames: ['a', 'b'] })).toEqual(['b', 'no class', 'a']);
  });
});
