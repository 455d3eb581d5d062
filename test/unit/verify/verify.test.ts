import { describe, expect, it } from 'vitest';
import { chosenOf } from '../../../kernel/verify/index';
import { verify } from '../../../kernel/verify/run';
import { verificationTable } from '../../../kernel/verify/table';
import type { Measured, Verification } from '../../../kernel/verify/verification';
import { verifications } from '../../../kernel/verify/verifications';

const verification = (id: string, measure: () => Measured | Promise<Measured>, quick = true): Verification => ({
  id,
  system: 'Sums',
  identity: `${id}: both sides are the same`,
  quick,
  measure,
});

const right = verification('sums/right', () => ({ expected: 4, found: 2 + 2, tolerance: 0 }));
const wrong = verification('sums/wrong', () => ({ expected: 4, found: 4.1, tolerance: 0.05 }));
const above = verification('sums/above', () => ({ expected: 4, found: 9, tolerance: 0, relation: '≥' }), false);
const broken = verification('sums/broken', () => Promise.reject(new Error('no such sum')));

describe('a verification', () => {
  it('holds when what was found is what was expected, within the tolerance and by the relation', async () => {
    const rows = await verify([right, wrong, above]);
    expect(rows.map(({ id, ok }) => [id, ok])).toEqual([
      ['sums/right', true],
      ['sums/wrong', false],
      ['sums/above', true],
    ]);
    expect(rows[1]).toMatchObject({ system: 'Sums', expected: 4, found: 4.1, tolerance: 0.05 });
  });

  it('that fails with an error is a row of its own, and the rest go on', async () => {
    const told: string[] = [];
    const rows = await verify([broken, right], ({ id }) => told.push(id));
    expect(rows[0]).toMatchObject({ ok: false, found: null, expected: null, error: 'no such sum' });
    expect(rows[1]!.ok).toBe(true);
    expect(told).toEqual(['sums/broken', 'sums/right']);
  });

  it('that finds NaN does not hold', async () => {
    const [row] = await verify([verification('sums/nan', () => ({ expected: 0, found: NaN, tolerance: 1e9 }))]);
    expect(row!.ok).toBe(false);
  });
});

describe('the choice of verifications', () => {
  it('is the quick ones, those of a name, or all', () => {
    const all = [right, above];
    expect(chosenOf(all, { quick: false })).toEqual(all);
    expect(chosenOf(all, { quick: true })).toEqual([right]);
    expect(chosenOf(all, { quick: false, only: 'above' })).toEqual([above]);
    expect(() => chosenOf(all, { quick: false, only: 'products' })).toThrow('they begin with sums');
  });
});

describe('the table', () => {
  it('has a line for each row, names what fails, and tallies', async () => {
    const lines = verificationTable(await verify([right, above, broken])).split('\n');
    expect(lines[0]).toMatch(/system +what holds +expected +found +tolerance +seconds/);
    expect(lines[2]).toMatch(/✓ {2}Sums +sums\/right: both sides are the same +4 +4 +0 +0\.0/);
    expect(lines[3]).toMatch(/≥ 4 +9/);
    expect(lines.at(-2)).toBe('✗ sums/broken: no such sum');
    expect(lines.at(-1)).toMatch(/^1 of 3 does not hold/);
  });

  it('is no wider than the terminal, with all of its words', async () => {
    const lines = verificationTable(await verify([right]), 90).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(90);
    const words = lines.slice(2).join(' ').split(/ +/);
    for (const word of 'sums/right: both sides are the same'.split(' ')) expect(words).toContain(word);
  });
});

describe('what npm run verify runs', () => {
  it('has ids of its own, each of its family, and a sentence', () => {
    const ids = verifications.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, identity, system } of verifications) {
      expect(id).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
      expect(identity.length).toBeGreaterThan(10);
      expect(system.length).toBeGreaterThan(1);
    }
  });
});
