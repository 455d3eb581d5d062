import { describe, expect, it } from 'vitest';
import { parseJson, readJson } from '../../../../kernel/autoencoders/data/index';
import { temporaryFile } from './temporaryFolder';

describe('parseJson', () => {
  it('reads rows of numbers; null is a missing one', () => {
    expect([...parseJson('[[1, 2], [3, null]]').values]).toEqual([1, 2, 3, NaN]);
  });

  it('reads flat records with a label', () => {
    const data = parseJson('[{"x": 1, "kind": "b"}, {"x": 2, "kind": "a"}]', { label: 'kind' });
    expect(data.shape).toEqual({ kind: 'vector', features: ['x'] });
    expect([data.classNames, [...data.labels!]]).toEqual([['a', 'b'], [1, 0]]); // prettier-ignore
  });

  it.each([
    ['[[1, 2], [3, NaN]]', 'this is not JSON'],
    ['{"a": {"b": 1}}', 'found an object of another kind; expected rows of numbers'],
    ['[1, 2, 3]', 'an array whose element 0 is a number'],
    ['[]', 'found an empty array'],
    ['[[1, 2], [3]]', 'row 1: found 1 value; expected 2'],
    ['[{"x": 1, "y": 2}, {"x": 1, "y": "b"}]', 'row 1, column “y”: found “b”; expected a number'],
    ['[[1, 2], {"x": 1}]', 'an array of both rows and records'],
  ])('refuses %s', (text, message) => {
    expect(() => parseJson(text, { name: 'numbers' })).toThrow(message);
  });
});

describe('readJson', () => {
  it('names the file in errors', async () => {
    const file = temporaryFile('broken.json', '[[1, 2');
    await expect(readJson(file)).rejects.toThrow(`${file}: this is not JSON`);
  });
});
