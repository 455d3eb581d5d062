import * as tf from '@tensorflow/tfjs';
import path from 'node:path';
import { encode as encodePng } from 'fast-png';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { Dataset, survey, surveyFile, surveyText, streamNpy } from '../../../../kernel/autoencoders/data/index';
import type { DataSurvey } from '../../../../kernel/autoencoders/data/index';
import { npy } from './npyFile';
import { temporaryFile, temporaryFolder } from './temporaryFolder';
import { zipFile } from './zipFile';

const column = (found: DataSurvey, name: string) => found.columns.find((one) => one.name === name)!;

/** Forty flowers: numbers, a gap in line 4, text, dates, a column that never varies, ids. */
const TABLE = [
  'id,length,width,day,site,constant',
  ...Array.from({ length: 40 }, (_, i) => {
    const width = i === 2 ? '' : (i % 7) + 0.5;
    return `${i + 1},${i / 4},${width},2024-03-${String((i % 28) + 1).padStart(2, '0')},${['bog', 'fen'][i % 2]},7`;
  }),
].join('\n');

describe('the survey of a table as text', () => {
  it('tells rows, columns, types, ranges and what is missing', async () => {
    const found = await surveyFile(temporaryFile('flowers.csv', TABLE));
    expect(found).toMatchObject({ reader: 'readCsv', kind: 'table', rows: 40, exact: true, looked: 40 });
    expect(found.columns.map(({ name, kind, usable }) => [name, kind, usable])).toEqual([
      ['id', 'numbers', true],
      ['length', 'numbers', true],
      ['width', 'numbers', true],
      ['day', 'dates', false],
      ['site', 'text', false],
      ['constant', 'numbers', true],
    ]);
    expect(column(found, 'length')).toMatchObject({ low: 0, high: 9.75, whole: false, missing: 0, distinct: 40 });
    expect(column(found, 'width')).toMatchObject({ low: 0.5, high: 6.5, missing: 1, firstMissing: 'line 4' });
    expect(column(found, 'site').counts).toEqual([
      { value: 'bog', count: 20 },
      { value: 'fen', count: 20 },
    ]);
    expect(column(found, 'constant')).toMatchObject({ distinct: 1, low: 7, high: 7 });
    expect(found.range).toMatchObject({
      missing: 1,
      rowsMissing: 1,
      firstMissing: 'line 4, column “width”',
      infinite: 0,
    });
    expect(found.preview[2]).toEqual(['3', '0.5', '', '2024-03-03', 'bog', '7']);
  });

  it('takes true and false for numbers, but not among other numbers', () => {
    const found = surveyText('a,b,c\nTrue,1,0.5\nfalse,true,0.25\n,0,true\n');
    expect(column(found, 'a')).toMatchObject({ kind: 'truth', usable: true, low: 0, high: 1, missing: 1 });
    expect(column(found, 'b')).toMatchObject({ kind: 'numbers', usable: true });
    expect(column(found, 'c')).toMatchObject({ kind: 'mixed', odd: { place: 'line 4', found: 'true' } });
  });

  it('names the place of text among numbers, and of infinity', () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i},${i === 5 ? 'ten' : i === 9 ? 'inf' : i}`);
    const found = surveyText(`a,b\n${rows.join('\n')}`);
    expect(column(found, 'b')).toMatchObject({
      kind: 'mixed',
      usable: false,
      odd: { place: 'line 7', found: 'ten' },
      firstInfinite: 'line 11',
    });
  });

  it('reads the head of a large file alone, and estimates its rows', async () => {
    const rows = 1_400_000;
    const file = temporaryFile('large.csv', `a,b,c\n${'12345,0.5,abc\n'.repeat(rows)}`);
    const found = await surveyFile(file);
    expect(found.exact).toBe(false);
    expect(found.looked).toBeLessThan(rows / 3);
    expect(found.rows / rows).toBeCloseTo(1, 2);
    expect(column(found, 'c').counts).toEqual([{ value: 'abc', count: found.looked }]);
  });

  it.each([
    ['empty.csv', '', /empty\.csv: it is empty/],
    ['binary.csv', new Uint8Array([1, 0, 2, 0, 0, 0, 255]), /binary\.csv: this is not text/],
    ['ragged.csv', 'a,b\n1,2\n3\n', /ragged\.csv, line 3: found 1 value; expected 2/],
    ['words.csv', 'just words', /words\.csv holds no rows of numbers/],
    ['data.xlsx', 'PK', /data\.xlsx: expected \.csv/],
  ])('refuses %s', async (name, content, reason) => {
    await expect(surveyFile(temporaryFile(name, content))).rejects.toThrow(reason);
  });
});

describe('the survey of JSON', () => {
  it.each([
    ['records', [{ a: 1, kind: 'x' }, { a: null, kind: 'y' }]], // prettier-ignore
    ['columns', { a: [1, null], kind: ['x', 'y'] }],
  ])('takes %s', async (_, content) => {
    const found = await surveyFile(temporaryFile('a.json', JSON.stringify(content)));
    expect(found).toMatchObject({ reader: 'readJson', rows: 2 });
    expect(column(found, 'a')).toMatchObject({ kind: 'numbers', missing: 1, firstMissing: 'row 1' });
    expect(column(found, 'kind')).toMatchObject({ kind: 'text', distinct: 2 });
  });

  it('reads the head of a large list alone', async () => {
    const record = '{"a":1.25,"text":"a ] and a } in it"}';
    const count = 1_000_000;
    const file = temporaryFile('large.json', `[${Array<string>(count).fill(record).join(',')}]`);
    const found = await surveyFile(file);
    expect(found.exact).toBe(false);
    expect(found.looked).toBeLessThan(count / 3);
    expect(found.rows / count).toBeCloseTo(1, 2);
  });

  it('refuses what is no table, naming the place', async () => {
    await expect(surveyFile(temporaryFile('a.json', '{"a": 1}'))).rejects.toThrow(/a\.json: found an object/);
    await expect(surveyFile(temporaryFile('b.json', '[{"a": 1}, {"b": 1}]'))).rejects.toThrow(/row 1: the field “a”/);
  });
});

describe('the survey of Parquet', () => {
  it('tells types by the file’s own word', async () => {
    const columnData = [
      { name: 'x', data: [0.5, null, 2], type: 'DOUBLE' as const },
      { name: 'flag', data: [true, false, true], type: 'BOOLEAN' as const },
      { name: 'when', data: [new Date(0), new Date(1e12), new Date(2e12)], type: 'TIMESTAMP' as const },
      { name: 'kind', data: ['a', 'b', 'a'], type: 'STRING' as const },
      { name: 'code', data: ['1', '2', 'true'], type: 'STRING' as const },
    ];
    const found = await surveyFile(temporaryFile('a.parquet', new Uint8Array(parquetWriteBuffer({ columnData }))));
    expect(found).toMatchObject({ reader: 'readParquet', rows: 3, exact: true });
    expect(found.columns.map(({ kind }) => kind)).toEqual(['numbers', 'truth', 'dates', 'text', 'text']);
    expect(column(found, 'x')).toMatchObject({ low: 0.5, high: 2, missing: 1, firstMissing: 'row 1' });
    expect(column(found, 'when').examples[1]).toBe('2001-09-09T01:46:40.000Z');
  });
});

describe('the survey of arrays', () => {
  it('tells columns of a matrix, in either order of axes', async () => {
    const rows = npy('<f4', [3, 2], Float32Array.of(1, 10, 2, 20, NaN, 30));
    const columns = npy('<f4', [3, 2], Float32Array.of(1, 2, NaN, 10, 20, 30), true);
    for (const file of [rows, columns]) {
      const found = await surveyFile(temporaryFile('a.npy', file));
      expect(found).toMatchObject({ reader: 'readNpy', kind: 'table', rows: 3 });
      expect(column(found, 'x0')).toMatchObject({ low: 1, high: 2, missing: 1, firstMissing: 'row 2' });
      expect(column(found, 'x1')).toMatchObject({ low: 10, high: 30 });
    }
  });

  it('takes bytes of images as shades', async () => {
    const file = temporaryFile('a.npy', npy('|u1', [2, 4, 4], new Uint8Array(32).fill(51)));
    const found = await surveyFile(file);
    expect(found).toMatchObject({ kind: 'images', shape: [4, 4, 1], rows: 2 });
    expect(found.range!.high).toBeCloseTo(0.2);
  });

  it('lists the arrays to choose from', async () => {
    const entries = {
      'left.npy': npy('<f4', [2, 2], Float32Array.of(1, 2, 3, 4)),
      'right.npy': npy('<f4', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)),
    };
    const file = temporaryFile('a.npz', zipFile(entries, false));
    const found = await surveyFile(file);
    expect(found.arrays).toEqual([
      { name: 'left', shape: [2, 2], type: 'f4' },
      { name: 'right', shape: [2, 3], type: 'f4' },
    ]);
    expect(await surveyFile(file, { array: 'right' })).toMatchObject({ rows: 2, kind: 'table' });
  });
});

describe('the survey of a folder of images', () => {
  it('tells sizes, colours and classes', async () => {
    const png = (height: number, width: number) =>
      encodePng({ height, width, channels: 1, data: Uint8Array.from({ length: height * width }, (_, i) => i % 250) });
    const folder = temporaryFolder({ 'cat/1.png': png(4, 4), 'cat/2.png': png(6, 4), 'dog/1.png': png(4, 4) });
    const found = await surveyFile(folder);
    expect(found).toMatchObject({ reader: 'readImageFolder', kind: 'images', rows: 3, shape: null });
    expect(found.images).toMatchObject({ channels: 1, files: 3, sizes: [{ height: 4, width: 4, count: 2 }, { height: 6, width: 4, count: 1 }] }); // prettier-ignore
    // One of each size first.
    expect(found.images!.examples.map(({ file }) => file)).toEqual(
      ['cat/1.png', 'cat/2.png', 'dog/1.png'].map((name) => path.join(folder, name)),
    );
    expect(found.classes).toEqual([
      { name: 'cat', count: 2 },
      { name: 'dog', count: 1 },
    ]);
  });
});

describe('the survey of a value', () => {
  const rows = [
    [1, 2],
    [3, 4],
  ];

  it.each([
    ['rows', () => rows, 2],
    ['records', () => rows.map(([a, b]) => ({ a, b })), 2],
    ['an object of columns', () => ({ a: [1, 3], b: Float32Array.of(2, 4) }), 2],
    ['a tensor', () => tf.tensor2d(rows), 2],
    ['a data set', () => Dataset.from(rows), 2],
  ])('takes %s', async (_, make, columns) => {
    const found = await survey(make());
    expect(found).toMatchObject({ rows: 2, kind: 'table', reader: 'Dataset.from' });
    expect(found.columns).toHaveLength(columns);
    expect(found.columns[1]).toMatchObject({ low: 2, high: 4 });
    expect(found.range).toMatchObject({ low: 1, high: 4 });
  });

  it('tells images, their range and what is missing', async () => {
    const found = await survey(tf.tensor3d([0, 1, NaN, 1, 0, 0, 0, 2], [2, 2, 2]));
    expect(found).toMatchObject({ kind: 'images', shape: [2, 2, 1], rows: 2 });
    expect(found.range).toMatchObject({ low: 0, high: 2, missing: 1, firstMissing: 'row 0, value 2', rowsMissing: 1 });
  });

  it('takes a stream', async () => {
    const stream = await streamNpy(temporaryFile('a.npy', npy('<f4', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6))));
    expect(await survey(stream)).toMatchObject({ reader: 'collect', rows: 3, kind: 'table' });
  });

  it('counts the classes that a data set names', async () => {
    const data = Dataset.from(rows, { labels: ['b', 'a'] });
    expect((await survey(data)).classes).toEqual([
      { name: 'a', count: 1 },
      { name: 'b', count: 1 },
    ]);
  });

  it.each([
    ['text', 'hello', /found a string/],
    ['a number', 7, /found a number/],
    ['nothing', undefined, /found undefined/],
    ['an empty list', [], /found an empty array/],
    ['columns of two lengths', { a: [1, 2], b: [1] }, /column “b”: found 1 values; expected 2, as in “a”/],
    ['ragged rows', [[1, 2], [3]], /row 1: found 1 value; expected 2/],
  ])('refuses %s', async (_, value, reason) => {
    await expect(survey(value)).rejects.toThrow(reason);
  });
});

describe('a data set of columns', () => {
  it('is that of the same rows', () => {
    const { values, shape } = Dataset.from({ a: [1, 3], b: [2, 4] });
    expect([...values]).toEqual([1, 2, 3, 4]);
    expect(shape).toEqual({ kind: 'vector', features: ['a', 'b'] });
  });

  it('takes the columns that are named, and one for the class', () => {
    const wanted = { columns: ['b'], label: 'k' };
    const source = { a: [1, 3], b: [2, 4], k: [1, 0] };
    const rows = Dataset.from(
      [0, 1].map((i) => ({ a: source.a[i]!, b: source.b[i]!, k: source.k[i]! })),
      wanted,
    );
    const vectors = Dataset.from(Dataset.from(source), wanted);
    for (const data of [Dataset.from(source, wanted), rows, vectors]) {
      expect([...data.values]).toEqual([2, 4]);
      expect([...data.labels!]).toEqual([1, 0]);
    }
  });

  it('leaves out the samples that lack a value', () => {
    const whole = Dataset.from([[1, NaN], [2, 3]], { labels: [0, 1] }).withoutMissing(); // prettier-ignore
    expect([...whole.values]).toEqual([2, 3]);
    expect([...whole.labels!]).toEqual([1]);
  });
});
