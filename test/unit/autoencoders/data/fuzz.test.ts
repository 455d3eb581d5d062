import { describe, expect, it } from 'vitest';
import { runCampaign } from '../../../fuzz/campaign';
import { FORMATS } from '../../../fuzz/formats';

/** Mutants a format; `npm run fuzz` reads 2,000. */
const COUNT = 25;

describe('a damaged file', () => {
  it('is read alike by loadData and streamData, or refused by a DataError that names it', async () => {
    const { counts, failures } = await runCampaign({ formats: FORMATS, count: COUNT, seed: 9 });
    const found = failures.map(
      ({ format, index, outcome, detail }) => `${format.name} ${index}: ${outcome}, ${detail}`,
    );
    expect(found).toEqual([]);
    // Damage that is noticed nowhere, or everywhere, would test one half alone.
    const total = (outcome: 'read' | 'refused') =>
      [...counts.values()].reduce((sum, one) => sum + (one.get(outcome) ?? 0), 0);
    expect(total('read') + total('refused')).toBe(FORMATS.length * COUNT);
    expect(Math.min(total('read'), total('refused'))).toBeGreaterThan(COUNT);
  }, 240_000);
});
