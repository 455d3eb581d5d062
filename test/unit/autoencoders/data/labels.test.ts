import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Dataset, type LabelSource } from '../../../../kernel/autoencoders/data/index';
import { labelsOf } from '../../../../kernel/autoencoders/samples';

const rows = (count: number): number[][] => Array.from({ length: count }, (_, i) => [i, -i]);
const classesOf = (labels: unknown, classNames?: string[]) => {
  const length = labels instanceof tf.Tensor ? labels.shape[0]! : (labels as ArrayLike<unknown>).length;
  const data = Dataset.from(rows(length), { labels: labels as LabelSource, classNames });
  return { labels: [...data.labels!], classNames: data.classNames, notices: data.notices };
};

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

describe('labels of Dataset.from', () => {
  it.each<[string, unknown, number[], string[]]>([
    ['indices', [2, 0, 2], [2, 0, 2], []],
    ['indices of a typed array', Uint8Array.of(2, 0), [2, 0], []],
    ['whole numbers in floating point', Float64Array.of(1, 0, -0), [1, 0, 0], []],
    ['whole numbers of 64 bits', BigInt64Array.of(3n, 0n), [3, 0], []],
    ['text of whole numbers', ['1', '1.0', ' 2 ', '+2'], [1, 1, 2, 2], []],
    ['text', ['b', 'a', 'b'], [1, 0, 1], ['a', 'b']],
    ['text that begins with a zero', ['007', '7', '07'], [0, 2, 1], ['007', '07', '7']],
    ['negative numbers', [-1, 1, -1], [0, 1, 0], ['-1', '1']],
    ['large ids', [2_000_000_011, 7, 7], [1, 0, 0], ['7', '2000000011']],
    ['ids beyond float64', [2n ** 60n, 2n ** 60n + 1n], [0, 1], [`${2n ** 60n}`, `${2n ** 60n + 1n}`]],
    ['truth values', [true, false, true], [1, 0, 1], ['false', 'true']],
    ['numbers and text', [1, 'a', '1'], [0, 1, 0], ['1', 'a']],
    ['one-hot rows', [[0, 1, 0], [0, 0, 1], [1, 0, 0]], [1, 2, 0], ['0', '1', '2']], // prettier-ignore
    ['one-hot rows of typed arrays', [Float32Array.of(0, 1), Float32Array.of(1, 0)], [1, 0], ['0', '1']],
    ['one-hot rows of truth values', [[true, false], [false, true]], [0, 1], ['0', '1']], // prettier-ignore
    ['a column', [[1], [0]], [1, 0], []],
    ['a tensor', tf.tensor1d([1, 0, 2], 'int32'), [1, 0, 2], []],
    ['a one-hot tensor', tf.oneHot(tf.tensor1d([1, 0], 'int32'), 3), [1, 0], ['0', '1', '2']],
    ['a tensor of text', tf.tensor1d(['x', 'y']), [0, 1], ['x', 'y']],
    ['missing ones', ['a', null, undefined, '', 'NA', 'b'], [0, -1, -1, -1, -1, 1], ['a', 'b']],
    ['missing numbers', [NaN, 1], [-1, 1], []],
  ])('%s', (_, labels, indices, names) => {
    expect(classesOf(labels)).toMatchObject({ labels: indices, classNames: names });
  });

  it('missing ones are counted, and that is said', () => {
    expect(classesOf(['a', null, '']).notices).toEqual(['data: 2 of 3 samples have no class; their label is -1.']);
    expect(classesOf(['a', null]).notices).toEqual(['data: 1 of 2 samples has no class; its label is -1.']);
    expect(console.warn).toHaveBeenCalledWith('data: 2 of 3 samples have no class; their label is -1.');
    expect(classesOf(['a', 'b']).notices).toEqual([]);
  });

  it('names: those that are given, in their order', () => {
    expect(classesOf(['b', 'a'], ['b', 'a'])).toMatchObject({ labels: [0, 1], classNames: ['b', 'a'] });
    expect(classesOf([1, 0], ['no', 'yes'])).toMatchObject({ labels: [1, 0], classNames: ['no', 'yes'] });
    expect(classesOf([[0, 1], [1, 0]], ['no', 'yes'])).toMatchObject({ labels: [1, 0], classNames: ['no', 'yes'] }); // prettier-ignore
    expect(() => classesOf(['c'], ['a', 'b'])).toThrow('found the class “c”; its classes are a, b');
    expect(() => classesOf([2], ['a', 'b'])).toThrow('found the label 2, but 2 class names: a, b');
  });

  it.each<[string, unknown, string]>([
    ['fractions', [0, 1.5], 'the label of row 1: found 1.5; a class is a whole number or a text'],
    ['a fraction beside a missing one', [NaN, 1.5], 'the label of row 1: found 1.5'],
    ['fractions as text', ['1', '2.5'], 'the label of row 1: found 2.5'],
    ['infinity', [1, Infinity], 'found Infinity'],
    ['objects', [{}, 1], 'the label of row 0: found an object (Object)'],
    ['dates', [new Date(0)], 'found an object (Date)'],
    ['functions', [() => 1], 'found a function'],
    ['nothing but missing ones', [null, NaN], 'no sample has a class'],
    ['ties', [[0, 1, 1]], 'the label of row 0: found [0, 1, 1]; expected one 1 and otherwise 0'],
    ['probabilities', [[0.2, 0.8], [0, 1]], 'found [0.2, 0.8]; expected one 1'], // prettier-ignore
    ['rows of zeros', [[0, 1], [0, 0]], 'the label of row 1: found [0, 0]'], // prettier-ignore
    ['rows of several lengths', [[0, 1], [0, 1, 0]], 'the label of row 1: found [0, 1, 0] where row 0 has [0, 1]'], // prettier-ignore
    ['rows beside numbers', [1, [0, 1]], 'the label of row 1: found [0, 1] where row 0 has 1'],
  ])('refuses %s', (_, labels, message) => {
    expect(() => classesOf(labels)).toThrow(message);
    expect(() => classesOf(labels)).toThrow(expect.objectContaining({ name: 'DataError' }));
  });

  it('models that need a class say what to do about samples that have none', () => {
    const data = Dataset.from(rows(3), { labels: ['a', null, 'b'], name: 'birds' });
    expect(() => labelsOf(data, Int32Array.of(0, 1), 2, 'ConditionalVAE')).toThrow(
      'ConditionalVAE needs the class of each sample; found the label -1, which stands for an unknown class; select those that have one',
    );
    const known = data.select([...data.labels!.keys()].filter((i) => data.labels![i]! >= 0));
    const labels = labelsOf(known, Int32Array.of(0, 1), 2, 'ConditionalVAE');
    expect([...labels.dataSync()]).toEqual([0, 1]);
    labels.dispose();
  });

  it('refuses another number of them', () => {
    expect(() => Dataset.from(rows(3), { labels: [0, 1] })).toThrow('found 2 labels for 3 samples');
    expect(() => Dataset.from(rows(2), { labels: 5 as unknown as number[] })).toThrow('found 5 as labels');
  });

  it('gives labels to a data set that has none', () => {
    const plain = Dataset.from(rows(2));
    expect([...Dataset.from(plain, { labels: ['x', 'y'] }).labels!]).toEqual([0, 1]);
    expect(Dataset.from(plain)).toBe(plain);
  });

  it('takes them from a column of records', () => {
    const records = [{ x: 1, kind: true }, { x: 2, kind: false }, { x: 3, kind: null }]; // prettier-ignore
    const data = Dataset.from(records as unknown as Record<string, number>[], { label: 'kind' });
    expect([data.classNames, [...data.labels!]]).toEqual([['false', 'true'], [1, 0, -1]]); // prettier-ignore
    expect(() => Dataset.from([{ x: 1, y: 0.5 }], { label: 'y' })).toThrow('row 0, column “y”: found 0.5');
  });

  it('a Dataset itself takes indices alone', () => {
    const shape = { kind: 'vector' as const, features: ['a'] };
    const labels = ['a'] as unknown as Int32Array;
    expect(() => new Dataset({ values: new Float32Array(1), shape, labels })).toThrow(
      'Dataset.from(values, { labels })',
    );
  });
});

describe('numbers of Dataset.from', () => {
  it('bytes of 0 and 1 are a mask, and other bytes are 255ths', () => {
    const image = (values: number[]) => Dataset.from({ values: Uint8Array.from(values), shape: [1, 2, 2] }).values;
    expect([...image([0, 1, 1, 0])]).toEqual([0, 1, 1, 0]);
    expect([...image([0, 255, 51, 0])]).toEqual([0, 1, Math.fround(0.2), 0]);
  });

  it('instants are taken less their smallest', () => {
    const time = (i: number) => 1_700_000_000_000 + 250 * i;
    const data = Dataset.from({ values: Float64Array.of(time(0), 1, time(1), 2, time(4), 3), shape: [3, 2] });
    expect([...data.values]).toEqual([0, 1, 250, 2, 1000, 3]);
    expect(data.notices).toEqual([expect.stringContaining('1700000000000 is subtracted from each')]);
    expect([...Dataset.from([[time(0)], [time(1)]]).values]).toEqual([0, 250]);
  });

  it.each<[string, unknown, string]>([
    ['text among numbers', { values: [1, 'a'], shape: [1, 2] }, 'found string at place 1 of the values'],
    ['negative sizes', { values: [1, 2], shape: [-1, -2] }, 'the shape [-1, -2] wants'],
    ['a tensor of text', tf.tensor2d([['a']]), 'found a tensor of string; expected numbers'],
  ])('refuses %s', (_, source, message) => {
    expect(() => Dataset.from(source as number[][])).toThrow(message);
  });
});
