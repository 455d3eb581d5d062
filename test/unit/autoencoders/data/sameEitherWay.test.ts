import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  collect,
  loadData,
  streamData,
  type Dataset,
  type ReadOptions,
} from '../../../../kernel/autoencoders/data/index';
import { temporaryFile } from './temporaryFolder';

/** What is read, or the message of the error. */
async function outcome(read: () => Promise<Dataset>) {
  try {
    const { values, labels, classNames, shape, notices, length } = await read();
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    return { bits: [...bits], values: [...values], labels: labels && [...labels], classNames, shape, notices, length };
  } catch (error) {
    expect(error).toMatchObject({ name: 'DataError' });
    return (error as Error).message;
  }
}

/** The same of both ways to read a file. */
async function both(name: string, content: string | Uint8Array, options: ReadOptions = {}) {
  const file = temporaryFile(name, content);
  const loaded = await outcome(() => loadData(file, options));
  const streamed = await outcome(async () => collect(await streamData(file, options)));
  expect(streamed).toEqual(loaded);
  return loaded;
}

const utf16 = (text: string, bigEndian = false): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};
const simple = 'a,b\n1,2\n3,4\n';
const wide = (rows: number, columns: number): string =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => i - j / 8).join(',')).join('\n');

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

describe('a table has the same values loaded and streamed', () => {
  it.each<[string, string | Uint8Array, ReadOptions, number[]]>([
    ['utf8.csv', simple, {}, [1, 2, 3, 4]],
    ['mark.csv', `\uFEFF${simple}`, {}, [1, 2, 3, 4]],
    ['utf16le.csv', utf16(`\uFEFF${simple}`), {}, [1, 2, 3, 4]],
    ['utf16be.csv', utf16(`\uFEFF${simple}`, true), {}, [1, 2, 3, 4]],
    ['utf16le-without-mark.csv', utf16(simple), {}, [1, 2, 3, 4]],
    ['utf16be-without-mark.csv', utf16(simple, true), {}, [1, 2, 3, 4]],
    ['utf16.csv.gz', gzipSync(utf16(`\uFEFF${simple}`)), {}, [1, 2, 3, 4]],
    ['windows.csv', simple.replaceAll('\n', '\r\n'), {}, [1, 2, 3, 4]],
    ['old-mac.csv', simple.replaceAll('\n', '\r'), {}, [1, 2, 3, 4]],
    ['no-end.csv', 'a,b\n1,2\n3,4', {}, [1, 2, 3, 4]],
    ['empty-lines.csv', '\n\na,b\n\n1,2\n  \n3,4\n\n', {}, [1, 2, 3, 4]],
    ['semicolons.csv', 'a;b\n1;2\n3;4', {}, [1, 2, 3, 4]],
    ['decimal-commas.csv', 'a;b\n1,5;2\n-3,25;4', {}, [1.5, 2, -3.25, 4]],
    ['tabs.tsv', 'a\tb\n1\t2\n 3 \t4', {}, [1, 2, 3, 4]],
    ['bars.txt', 'a|b\n1|2\n3|4', {}, [1, 2, 3, 4]],
    ['blanks.dat', '  1   2\n 3\t4  \n', {}, [1, 2, 3, 4]],
    ['told.csv', 'a:b\n1:2\n3:4', { delimiter: ':' }, [1, 2, 3, 4]],
    ['told-long.csv', 'a||b\n1||2\n3||4', { delimiter: '||' }, [1, 2, 3, 4]],
    ['told-beyond-ascii.csv', 'a§b\n1§2\n3§4', { delimiter: '§' }, [1, 2, 3, 4]],
    ['told-comma.csv', 'a,b;c\n1,2\n3,4', { delimiter: ',' }, [1, 2, 3, 4]],
    ['quoted.csv', '"a","b, ""c"""\n"1","2"\n3,"4"', {}, [1, 2, 3, 4]],
    ['quoted-lines.csv', '"a\nb","c\r\nd"\n1,2\n3,4', {}, [1, 2, 3, 4]],
    ['header-of-numbers.csv', '2019,2020\n1,2\n3,4', { header: true }, [1, 2, 3, 4]],
    ['no-header.csv', '1,2\n3,4', { header: false }, [1, 2, 3, 4]],
    ['columns.csv', 'a,name,b\n1,x,2\n3,y,4', { columns: ['b', 'a'] }, [2, 1, 4, 3]],
    ['missing.csv', 'a,b\n1,\nNA,4\n?,null\n', {}, [1, NaN, NaN, 4, NaN, NaN]],
    ['infinite.csv', 'a,b\ninf,-Inf\nInfinity,1', {}, [Infinity, -Infinity, Infinity, 1]],
    ['forms.csv', 'a,b\n+1,-.5\n1.,1e2\n1E-3,0x10\n-0,007', {}, [1, -0.5, 1, 100, Math.fround(1e-3), 16, -0, 7]],
    ['json.json', '[[1, 2], [3, null]]', {}, [1, 2, 3, NaN]],
    ['records.json', utf16('\uFEFF[{"a": 1, "b": 2}]'), {}, [1, 2]],
  ])('%s', async (name, content, options, values) => {
    expect(await both(name, content, options)).toMatchObject({ values });
  });

  it('thousands of columns, and rows that cross the pieces in which a file is read', async () => {
    const columns = 5000;
    const read = await both('wide.csv', wide(60, columns));
    const expected = Array.from({ length: 60 * columns }, (_, i) => Math.floor(i / columns) - (i % columns) / 8);
    expect(read).toMatchObject({ length: 60, values: expected });
  });

  it('numbers of any length, as Number reads them', async () => {
    const digits = (i: number) => String(Math.abs(Math.sin(i + 1) * 10 ** (i % 40))).replace('e+', 'e');
    const texts = Array.from({ length: 4000 }, (_, i) => {
      const number = (i % 2 ? '-' : '') + digits(i);
      return i % 7 === 0 ? `${number.replace(/e.*/, '')}${i}9876543210123` : i % 11 === 0 ? `${number.replace(/e.*/, '')}e-${i % 60}` : number; // prettier-ignore
    });
    // Digits alone would be ids, which are refused.
    for (const [i, text] of texts.entries()) if (!/[.e]/.test(text)) texts[i] = `${text}.0`;
    // Near the middle of two float32, where the last digit decides.
    for (let i = 0; i < 2000; i++) {
      const value = Math.fround(1 + i / 977);
      const middle = value + 2 ** -24;
      texts.push(`${middle.toFixed(24)}`, `${middle.toFixed(24)}1`, `${(middle - 2 ** -52).toFixed(24)}9`);
    }
    const read = await both('digits.csv', texts.map((text) => `${text},0.5`).join('\n'));
    expect(read).toMatchObject({ length: texts.length });
    const values = (read as { values: number[] }).values.filter((_, i) => i % 2 === 0);
    expect(values).toEqual(texts.map((text) => Math.fround(Number(text))));
  });

  it('Parquet in several groups of rows, with classes and missing numbers', async () => {
    const rows = 7000;
    const columnData = [
      { name: 'x', data: Float64Array.from({ length: rows }, (_, i) => i / 3) },
      { name: 'y', data: Array.from({ length: rows }, (_, i) => (i % 1000 === 0 ? null : i)), type: 'INT32' as const },
      { name: 'kind', data: Array.from({ length: rows }, (_, i) => ['b', 'a', null][i % 3]), type: 'STRING' as const },
    ];
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 900 }));
    const read = await both('groups.parquet', bytes);
    expect(read).toMatchObject({ length: rows, classNames: ['a', 'b'] });
    const { values, labels, notices } = read as unknown as { values: number[]; labels: number[]; notices: string[] };
    expect(labels.slice(0, 4)).toEqual([1, 0, -1, 1]);
    expect(values.slice(0, 4)).toEqual([0, NaN, Math.fround(1 / 3), 1]);
    expect(notices.at(-1)).toContain('2333 of 7000 samples have no class; their label is -1');
    expect(notices.at(-2)).toContain('7 of 14000 values are missing (NaN), the first in row 0, column “y”');
  });
});

describe('a table has the same error loaded and streamed', () => {
  const late = (cell: string) => `a,b\n${'1,2\n'.repeat(40_000)}3,${cell}\n`;
  it.each<[string, string | Uint8Array, ReadOptions, string]>([
    ['late-text.csv', late('x'), {}, 'line 40002, column “b”: found “x”; expected a number'],
    ['late-ragged.csv', late('4,5'), {}, 'line 40002: found 3 values; expected 2, as in the first row'],
    ['late-quote.csv', late('"4'), {}, 'line 40002: a quote opens here and does not close'],
    ['third-line.csv', 'a,b\n1,2\n3,red\n', {}, 'line 3, column “b”: found “red”'],
    ['behind-lines.csv', '"a\n\nb",c\n1,2\n\n3,red\n', {}, 'line 6, column “c”: found “red”'],
    ['quote.csv', 'a,b\n1,"2"3\n', {}, 'line 2: found "2"3'],
    [
      'both-points.csv',
      'a;b\n1,5;2.5\n',
      {},
      'line 2, column “a”: found “1,5” where other numbers have a decimal point',
    ],
    [
      'date.csv',
      'a,b\n1,2\n2024-01-01,3',
      {},
      'found “2024-01-01”, a date; expected a number; write instants as numbers',
    ],
    ['names.csv', 'a,b,c\n1,x,y\n2,z,w\n', {}, "found text in the columns b, c; say which is the class and which columns have the numbers: { label: 'b', columns: ['a'] }"], // prettier-ignore
    ['empty.csv', '', {}, 'it is empty; expected rows of numbers'],
    ['only-names.csv', 'a,b\n', {}, 'holds no rows of numbers'],
    ['absent.csv', simple, { label: 'c' }, 'has no column “c” to take labels from; its columns are a, b'],
    ['absent-too.csv', simple, { columns: ['c'] }, 'has no column “c”; its columns are a, b'],
    ['only-label.csv', 'a\n1', { label: 'a' }, 'no column of numbers besides the label'],
    [
      'bytes.csv',
      Buffer.from([...Buffer.from('1,2\n3,4\n'), 0, 1, 2, 0xff]),
      {},
      'this is not text, it contains bytes of 0',
    ],
    ['utf32.csv', Buffer.from('fffe00003100000', 'hex'), {}, 'found text in UTF-32'],
    ['half.csv', Buffer.concat([utf16(`\uFEFF${simple}`), Buffer.of(0x31)]), {}, 'its text is damaged, or no UTF-16LE'],
    ['delimiter.csv', simple, { delimiter: '' }, 'the delimiter cannot be ""'],
    ['long.csv', `a,b\n1,${'x'.repeat(5000)}1\n2,3`, {}, `found “${'x'.repeat(59)}…”`],
    ['fraction.csv', 'x,y\n1,0.5\n2,1.5\n', { label: 'y' }, 'line 2, column “y”: found 0.5; a class is a whole number or a text'], // prettier-ignore
    ['no-class.csv', 'x,y\n1,\n2,\n', { label: 'y' }, 'no sample has a class'],
    ['not.json', '[[1, 2], [3, NaN]]', {}, 'this is not JSON'],
    ['nested.json', '[{"a": 1, "b": [2]}]', {}, 'row 0, column “b”: found a nested value'],
    ['odd.json', '[{"a": 1, "b": 2}, {"a": 1, "c": 2}]', {}, 'row 1: the field “b” is not in every record'],
    ['no.parquet', 'PAR1 no', {}, 'this is not a complete Parquet file'],
  ])('%s', async (name, content, options, message) => {
    expect(await both(name, content, options)).toContain(message);
  });
});

describe('numbers that float32 would merge', () => {
  const rows = 50;
  const table = (names: string, row: (i: number) => string) =>
    `${names}\n${Array.from({ length: rows }, (_, i) => row(i)).join('\n')}`;
  const column = (read: unknown, width = 2) => (read as { values: number[] }).values.filter((_, i) => i % width === 0);

  it.each([
    ['milliseconds since 1970', (i: number) => `${1_700_000_000_000 + 1000 * i}`, 1000],
    ['nanoseconds since 1970', (i: number) => `${1_700_000_000n * 10n ** 9n + 1_000_000_000n * BigInt(i)}`, 1e9],
    ['days of a spreadsheet', (i: number) => `${45_000 + i / 1024}`, 1 / 1024],
    ['ids in a row', (i: number) => `${1_000_000_000_000 + i}`, 1],
  ])('%s are taken less their smallest, and that is said', async (_, cell, step) => {
    const read = await both(
      'instants.csv',
      table('t,x', (i) => `${cell(i)},${i}`),
    );
    expect(column(read)).toEqual(Array.from({ length: rows }, (_, i) => Math.fround(step * i)));
    expect((read as unknown as { notices: string[] }).notices).toEqual([
      expect.stringMatching(/column “t”: its values from \d+ to [\d.]+ lie too close for float32; \d+ is subtracted/),
    ]);
  });

  it('ids that stay merged are refused by name', async () => {
    const id = (i: number) => `${BigInt(i + 1) * 987_654_321_987_654_321n}`;
    expect(
      await both(
        'ids.csv',
        table('id,x', (i) => `${id(i)},${i}`),
      ),
    ).toMatch(/column “id”: found whole numbers from .* which float32 cannot distinguish; .*\{ columns: \['x'\] \}/);
    expect(await both('ids.csv', table('id,x', (i) => `${id(i)},${i}`), { columns: ['x'] })).toMatchObject({ length: rows }); // prettier-ignore
    const json = JSON.stringify(Array.from({ length: rows }, (_, i) => ({ user_id: 40_000_001 * (i + 1), x: i })));
    expect(await both('ids.json', json)).toContain('column “user_id”: found whole numbers');
  });

  it('large quantities are rounded with a notice, others stay as they are without one', async () => {
    const read = await both(
      'large.csv',
      table('bytes,x', (i) => `${40_000_001 * (i + 1)},${1.989e30 * (i + 1)}`),
    );
    expect(read).toMatchObject({ notices: [expect.stringContaining('column “bytes”: its whole numbers')] });
    expect(
      await both(
        'years.csv',
        table('year,x', (i) => `${1975 + i},${0.1 * i}`),
      ),
    ).toMatchObject({ notices: [] });
    expect(
      await both(
        'constant.csv',
        table('c,x', (i) => `0.1,${16_777_216 + 2 * i}`),
      ),
    ).toMatchObject({ notices: [] });
  });
});

describe('the class of a table that is not told', () => {
  const class_ = async (content: string) => {
    const { classNames, shape } = (await both('table.csv', content)) as Pick<Dataset, 'classNames' | 'shape'>;
    return [classNames, shape.kind === 'vector' && shape.features];
  };

  it.each([
    ['the only column of text', 'x,kind\n1,a\n2,b', [['a', 'b'], ['x']]],
    [
      'without a header, too',
      '1,2,a\n2,3,b',
      [
        ['a', 'b'],
        ['x0', 'x1'],
      ],
    ],
    ['a column of whole numbers that is called so', 'x,Class\n1,3\n2,3\n5,7', [['3', '7'], ['x']]],
    ['but no quantity', 'x,target\n1,3.5\n2,3', [[], ['x', 'target']]],
  ])('is %s', async (_, content, expected) => {
    expect(await class_(content)).toEqual(expected);
  });

  it('is not guessed among several, nor are names and dates classes', async () => {
    expect(await both('two.csv', 'name,class,x\na,1,2\nb,1,3')).toContain('found text in the column name; say which');
    const rows = Array.from({ length: 30 }, (_, i) => `${i},person ${i}`).join('\n');
    expect(await both('people.csv', `x,name\n${rows}`)).toContain('found text in the column name; say which');
    expect(await both('dates.csv', 'x,day\n1,2024-01-01\n2,2024-01-02')).toContain('found text in the column day');
  });

  it('has 1 and 1.0 as one class, and says how many have none', async () => {
    const read = await both('labels.csv', 'x,y\n1,1\n2,1.0\n3,"1"\n4,\n5,2\n6, NA\n', { label: 'y' });
    expect(read).toMatchObject({ classNames: ['1', '2'], labels: [0, 0, 0, -1, 1, -1] });
    expect(read).toMatchObject({ notices: [expect.stringContaining('2 of 6 samples have no class')] });
  });
});
