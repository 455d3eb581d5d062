import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadData, streamData, collect } from '../../../../kernel/autoencoders/data/index';

/** Files that pyarrow wrote; `parquet/make.py` says which. */
const written = (name: string): string => path.resolve(`test/unit/autoencoders/data/parquet/${name}.parquet`);

/** What `make.py` put into row i. */
const RULES: Record<string, (i: number) => number> = {
  i8: (i) => (i % 100) - 50,
  i16: (i) => i * 3 - 400,
  i32: (i) => i * 1000 - 7,
  i64: (i) => i * -1000,
  u8: (i) => i % 256,
  u16: (i) => 65535 - i,
  u32: (i) => 2 ** 24 + 2 * i,
  u64: (i) => i,
  f16: (i) => i / 4,
  f32: (i) => i / 3,
  f64: (i) => -i / 7,
  flag: (i) => (i % 5 === 0 ? 1 : 0),
  money: (i) => i / 100 - 1,
  day: (i) => i,
  holes: (i) => (i % 3 === 0 ? NaN : i / 2),
  'pair[0]': (i) => i,
  'pair[1]': (i) => -i,
  'triple[0]': (i) => i,
  'triple[1]': () => NaN,
  'triple[2]': (i) => 2 * i,
};
const features = Object.keys(RULES);
const expected = Array.from({ length: 300 }, (_, i) => features.map((one) => Math.fround(RULES[one]!(i))));

const codecs = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'];
const files = [...codecs.flatMap((codec) => [`${codec}-v1`, `${codec}-v2`]), 'delta', 'split', 'plain'];

describe('Parquet as pyarrow writes it', () => {
  it.each(files)('%s: every type of number has its values, loaded and streamed', async (name) => {
    const loaded = await loadData(written(name));
    const streamed = await collect(await streamData(written(name)));
    for (const data of [loaded, streamed]) {
      expect(data.shape).toEqual({ kind: 'vector', features });
      // 0 and −0 are the same number here.
      expect(Array.from(data.values, (value) => value + 0)).toEqual(expected.flat().map((value) => value + 0));
      expect(data.classNames).toEqual(['blué', 'green', 'red']);
      expect([...data.labels!.slice(0, 4)]).toEqual([2, 1, 0, 2]);
      expect(data.notices.join('\n')).toMatch(/“kind” is used as the class.*\n.*400 of 6000 values are missing/);
    }
  });

  it.each(['instants', 'int96'])('%s: are milliseconds since the first, with a notice', async (name) => {
    const data = await loadData(written(name));
    const first = Date.UTC(2024, 0, 1);
    for (const [column, unit] of ['ms', 'us', 'ns'].entries()) {
      const values = Array.from({ length: 300 }, (_, i) => data.values[4 * i + column]!);
      expect(values).toEqual(Array.from({ length: 300 }, (_, i) => 1000 * i));
      expect(data.notices[column]).toContain(
        `column “${unit}”: its values from ${first} to ${first + 299_000} lie too close`,
      );
    }
  });

  it('nested: names the columns that are neither numbers nor lists of one length', async () => {
    await expect(loadData(written('nested'))).rejects.toThrow(
      'column “point”: found values that are neither numbers, text nor lists of one length; name the columns to take: { columns: […] }; its columns are x, point, ragged',
    );
    await expect(loadData(written('nested'), { columns: ['ragged'] })).rejects.toThrow(
      'column “ragged”, row 1: found a list of another length; expected 1 entries, as in the first row',
    );
    const data = await loadData(written('nested'), { columns: ['x'] });
    expect(data.values[299]).toBe(Math.fround(299 / 3));
  });
});
