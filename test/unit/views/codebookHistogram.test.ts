import { describe, expect, it } from 'vitest';
import { decode } from '../../../kernel/views/encoding';
import { codebookHistogram } from '../../../kernel/views/index';

describe('a codebook histogram', () => {
  const histogram = (counts: number[]) => codebookHistogram({ id: 'c', counts, window: '4 images × 8 codes' });

  it('has a perplexity of K for even use and of 1 for a single code', () => {
    expect(histogram([8, 8, 8, 8]).perplexity).toBeCloseTo(4, 12);
    expect(histogram([32, 0, 0, 0]).perplexity).toBe(1);
  });

  it('has the perplexity exp(−Σ p log p) in between', () => {
    // p = ½, ¼, ¼: entropy 1.5 bits.
    expect(histogram([16, 8, 8]).perplexity).toBeCloseTo(2 ** 1.5, 12);
  });

  it('counts dead codes and keeps the counts by code', () => {
    const view = histogram([16, 0, 12, 4]);
    expect(view.deadCodes).toBe(1);
    expect([...decode(view.counts)]).toEqual([16, 0, 12, 4]);
    expect(view.summary).toBe(
      'Codebook usage: 3 of 4 codes used in 4 images × 8 codes; perplexity 2.649; 1 dead code.',
    );
  });

  it('is 0 when nothing was counted, and refuses counts that are none', () => {
    expect(histogram([0, 0]).perplexity).toBe(0);
    expect(() => histogram([1, -2])).toThrow('code 1 was counted -2 times');
  });
});
