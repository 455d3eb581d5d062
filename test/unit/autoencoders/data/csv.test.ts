import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseCsv, readCsv, surveyText, type Dataset } from '../../../../kernel/autoencoders/data/index';
import { temporaryFile } from './temporaryFolder';

const features = ({ shape }: Dataset): readonly string[] => (shape.kind === 'vector' ? shape.features : []);

describe('parseCsv', () => {
  it('takes a first row of names for the header, and numbers for numbers', () => {
    const data = parseCsv('height,weight\n1.8,75\n1.7,-6e1\n');
    expect(features(data)).toEqual(['height', 'weight']);
    expect([...data.values]).toEqual([1.8, 75, 1.7, -60].map(Math.fround));
  });

  it('names columns that have no header', () => {
    expect(features(parseCsv('1,2\n3,4'))).toEqual(['x0', 'x1']);
    expect(parseCsv('1,2\n3,4', { header: true }).length).toBe(1);
  });

  it('tells a header from a first row of data that has a text column', () => {
    const iris = '5.1,3.5,setosa\n7.0,3.2,versicolor\n4.9,3.0,setosa\n';
    const data = parseCsv(iris, { label: 'x2' });
    expect(data.length).toBe(3);
    expect(data.classNames).toEqual(['setosa', 'versicolor']);
    expect([...data.labels!]).toEqual([0, 1, 0]);
    expect(features(parseCsv('name,2019,2020\n1,2,3'))).toEqual(['name', '2019', '2020']);
  });

  it.each([
    ['tabs', '1\t2\n3\t4'],
    ['semicolons', '1;2\r\n3;4\r\n'],
    ['blanks', '  1   2\n  3   4\n'],
    ['quotes', '"1","2"\n"3","4"'],
    ['a byte order mark and empty lines', '\uFEFF1,2\n\n3,4\n\n'],
  ])('reads %s', (_, text) => {
    expect([...parseCsv(text).values]).toEqual([1, 2, 3, 4]);
  });

  it('sorts numeric classes by number', () => {
    const data = parseCsv('class,x\n10,1\n9,2\n10,3', { label: 'class' });
    expect([data.classNames, [...data.labels!]]).toEqual([['9', '10'], [1, 0, 1]]); // prettier-ignore
    expect(features(data)).toEqual(['x']);
  });

  it('keeps missing numbers as NaN, to be found by row and column', () => {
    const data = parseCsv('a,b\n1,\nNA,4\nnan,inf');
    expect([...data.values]).toEqual([1, NaN, NaN, 4, NaN, Infinity]);
    expect(data.firstNonFinite()).toEqual({ row: 0, column: 1, feature: 'b', value: NaN });
  });

  it('reads true and false in letters of any case as 1 and 0, and says so', () => {
    const data = parseCsv('age,smoker,"ill"\n30,TRUE,"False"\n40,false,\n50,0,true\n', { name: 'table' });
    expect(features(data)).toEqual(['age', 'smoker', 'ill']);
    expect([...data.values]).toEqual([30, 1, 0, 40, 0, NaN, 50, 0, 1]);
    expect(data.notices[0]).toBe('table: the columns “smoker”, “ill” hold true and false, read as 1 and 0.');
    const labelled = parseCsv('age,ill\n30,true\n40,false\n', { label: 'ill' });
    expect([labelled.classNames, [...labelled.labels!]]).toEqual([['false', 'true'], [1, 0]]); // prettier-ignore
    expect(parseCsv('age,class\n30,true\n40,false\n').classNames).toEqual(['false', 'true']);
  });

  it('takes true among other text for a class', () => {
    const text = 'x,heard\n1,true\n2,false\n3,unsure\n';
    expect(parseCsv(text).classNames).toEqual(['false', 'true', 'unsure']);
    expect(surveyText(text).columns[1]).toMatchObject({ kind: 'text', usable: false });
  });

  it('standardises on demand', () => {
    const data = parseCsv('1,2\n3,4', { normalize: true });
    expect([...data.values]).toEqual([-1, -1, 1, 1]);
    expect([...data.standardization!.mean]).toEqual([2, 3]);
  });

  it.each([
    ['a,b\n1,2\n3,red\n', 'line 3, column “b”: found “red”; expected a number'],
    ['a,b\n1,2\n3,red\n', "pass { label: 'b' }"],
    ['a,b\n1,2\n3,True\n', 'line 3, column “b”: found “True” in a column of numbers from 1 to 2'],
    ['1,2\n3\n', 'line 2: found 1 value; expected 2'],
    ['1,2\n3,4,5\n', 'line 2: found 3 values; expected 2'],
    ['', 'it is empty'],
    ['\n \n', 'it is empty'],
    ['a,b\n', 'holds no rows of numbers'],
    ['a,b\n1,"2\n', 'line 2: a quote opens here and does not close'],
  ])('refuses %j', (text, message) => {
    expect(() => parseCsv(text, { name: 'table' })).toThrow(message);
    expect(() => parseCsv(text, { name: 'table' })).toThrow('table');
  });

  it('tells columns of one name apart, and takes the first of them for the class', () => {
    const text = 'class,a,a,a.1,class,,a\nx,1,2,3,4,5,6\ny,7,8,9,10,11,12\n';
    const names = ['class', 'a', 'a.2', 'a.1', 'class.1', 'x5', 'a.3'];
    expect(surveyText(text).columns.map(({ name }) => name)).toEqual(names);
    const data = parseCsv(text, { label: 'class' });
    expect(features(data)).toEqual(names.slice(1));
    expect([...data.values]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([...data.labels!]).toEqual([0, 1]);
    expect([...parseCsv(text, { columns: ['a', 'a.3'] }).values]).toEqual([1, 6, 7, 12]);
  });

  it('names the columns when the label is not among them, or is the only one', () => {
    expect(() => parseCsv('a,b\n1,2', { label: 'c' })).toThrow(
      'no column “c” to take labels from; its columns are a, b',
    );
    expect(() => parseCsv('a\n1', { label: 'a' })).toThrow('no column of numbers besides the label');
  });
});

describe('readCsv', () => {
  it('reads files, compressed or not, and calls the data by the file', async () => {
    const file = temporaryFile('numbers.tsv', 'a\tb\n1,5\t2\n'.replace(',', '.'));
    const data = await readCsv(file);
    expect([data.name, [...data.values]]).toEqual([file, [1.5, 2]]);
    const zipped = temporaryFile('numbers.csv.gz', gzipSync('1,2\n3,4'));
    expect((await readCsv(zipped)).length).toBe(2);
  });

  it('names the file in errors', async () => {
    const file = temporaryFile('people.csv', 'age,height\n33,1.8\n34,Ada\n');
    await expect(readCsv(file)).rejects.toThrow(`${file}, line 3, column “height”: found “Ada”`);
    await expect(readCsv(`${file}x`)).rejects.toThrow('people.csvx: there is no such file');
  });

  it('reads many rows exactly', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [i, i / 8, -i - 1]);
    const data = await readCsv(temporaryFile('many.csv', rows.map((row) => row.join(',')).join('\n')));
    expect([...data.values]).toEqual(rows.flat());
  });
});
