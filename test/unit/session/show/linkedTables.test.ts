/** A table of records and views of a data set that was made of them say the same of what data they are of. */
import { describe, expect, it } from 'vitest';
import type { DataSource } from '../../../../kernel/autoencoders/data/convert';
import { Dataset } from '../../../../kernel/autoencoders/data/dataset';
import { bundleOf } from '../../../../kernel/session/show/display';
import { fingerprintOf } from '../../../../kernel/session/show/fingerprint';
import { VALUE_MIME, type TableView } from '../../../../kernel/views/types';

const records = Array.from({ length: 600 }, (_, i) => ({
  ...{ height: i / 7, weight: (i * 37) % 11, day: new Date(1e9 * i), kind: i % 2 ? 'a' : 'b' },
}));
/** Cells that are no numbers are of columns that are not taken. */
const from = (rows: object[], chosen: object) => Dataset.from(rows as unknown as DataSource, chosen);
const options = { columns: ['height', 'weight'], label: 'kind' };

async function keyOfTable(value: object[]): Promise<string | undefined> {
  return ((await bundleOf(value))![VALUE_MIME.table] as unknown as TableView).data;
}

describe('a table of records', () => {
  it('is of the data that were made of them, whatever columns were taken, and standardised too', async () => {
    const key = await keyOfTable(records);
    expect(key).toBeDefined();
    for (const data of [from(records, options), from(records, { columns: ['height'] })]) {
      expect(fingerprintOf(data)).toBe(key);
      expect(fingerprintOf(data.standardized())).toBe(key);
    }
  });

  it('is of no other data: others, fewer, or in another order', async () => {
    const key = await keyOfTable(records);
    const others = records.map((one, i) => (i === 0 ? { ...one, height: -1 } : one));
    for (const different of [others, records.slice(1), records.toReversed()]) {
      expect(await keyOfTable(different)).not.toBe(key);
      expect(fingerprintOf(from(different, options))).not.toBe(key);
    }
    expect(fingerprintOf(from(records, options).select([1, 0]))).not.toBe(key);
  });
});
