import { describe, expect, it } from 'vitest';
import { randomStream, shiftSeeds } from '../../../kernel/autoencoders/random';
import { spreads, spreadTable, variantsOf, variantText } from '../../../kernel/verify/spread';
import type { VerifiedRow } from '../../../kernel/verify/verification';

function row(id: string, values: Partial<VerifiedRow>): VerifiedRow {
  const plain = { system: '', identity: '', expected: 1, tolerance: 0.1, ok: true, relation: '=', seconds: 0 } as const;
  return { ...plain, id, found: 1, ...values };
}

describe('the variants of a verification', () => {
  it('are all combinations, those of the seeds as they are first', () => {
    const variants = variantsOf({ seeds: 2, threads: [1, null], convolutions: ['blocked', 'standard'] });
    expect(variants).toHaveLength(8);
    expect(variants.slice(0, 4).every(({ seeds }) => seeds === 0)).toBe(true);
    expect(new Set(variants.map(variantText)).size).toBe(8);
    expect(variantText(variants[0]!)).toBe('seeds + 0, 1 thread, blocked convolutions');
    expect(variantText(variants[2]!)).toBe('seeds + 0, all threads, blocked convolutions');
  });

  it('have other numbers for the same keys, and the same again without a shift', () => {
    const numbers = () => [...randomStream(1, 'x').uniforms(3)];
    const plain = numbers();
    try {
      shiftSeeds(1);
      expect(numbers()).not.toEqual(plain);
      expect(numbers()).toEqual(numbers());
    } finally {
      shiftSeeds(0);
    }
    expect(numbers()).toEqual(plain);
  });
});

describe('the spread over variants', () => {
  it('is the range of what was found, and how much of the tolerance the worst one takes', () => {
    const runs = [
      [
        row('a/equal', { found: 1.02 }),
        row('a/below', { relation: '≤', found: 0.5 }),
        row('a/exact', { tolerance: 0 }),
      ],
      [
        row('a/equal', { found: 0.95 }),
        row('a/below', { relation: '≤', found: 1.2, ok: false }),
        row('a/exact', { tolerance: 0, found: 2, ok: false }),
      ],
    ];
    const [equal, below, exact] = spreads(runs);
    expect(equal).toMatchObject({ id: 'a/equal', found: [0.95, 1.02], held: 2, of: 2 });
    expect(equal!.worst).toBeCloseTo(0.5, 9);
    expect(below).toMatchObject({ found: [0.5, 1.2], held: 1 });
    expect(below!.worst).toBeCloseTo(2, 9);
    expect(exact).toMatchObject({ worst: Infinity, held: 1 });
    expect(spreadTable([below!, exact!]).split('\n').slice(2)).toEqual([
      '| `a/below` | 0.5 … 1.2 | 2 | 1 of 2 |',
      '| `a/exact` | 1 … 2 | ∞ | 1 of 2 |',
    ]);
  });

  it('of a row that failed with an error is none', () => {
    const failed = row('a/equal', { found: null, expected: null, tolerance: null, ok: false });
    expect(spreads([[row('a/equal', {})], [failed]])[0]).toMatchObject({ found: null, worst: null, held: 1, of: 2 });
  });
});
