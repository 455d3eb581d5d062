import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Dataset, type DataSource } from '../../../../kernel/autoencoders/data/index';
import type { ShapeInput } from '../../../../kernel/autoencoders/samples';

/** Sample i is [10i, 10i + 1], its class i % 2. */
function tens(count: number): Dataset {
  return Dataset.from(
    Array.from({ length: count }, (_, i) => [10 * i, 10 * i + 1]),
    { labels: Array.from({ length: count }, (_, i) => i % 2), classNames: ['even', 'odd'] },
  );
}

const firstColumn = (data: Dataset): number[] => Array.from({ length: data.length }, (_, i) => data.values[2 * i]!);

describe('Dataset', () => {
  it('refuses values and labels that do not fill whole samples', () => {
    const shape = { kind: 'vector' as const, features: ['a', 'b'] };
    expect(() => new Dataset({ values: new Float32Array(5), shape })).toThrow(
      '5 values are not a whole number of samples',
    );
    expect(() => new Dataset({ values: new Float32Array(4), shape, labels: Int32Array.of(1) })).toThrow(
      '1 labels for 2 samples',
    );
  });

  it('takes slices with their labels', () => {
    const data = tens(5);
    expect([data.length, data.width]).toEqual([5, 2]);
    expect(firstColumn(data.take(2))).toEqual([0, 10]);
    expect(firstColumn(data.slice(3))).toEqual([30, 40]);
    expect(firstColumn(data.slice(-2, -1))).toEqual([30]);
    expect(data.take(99).length).toBe(5);
    expect([...data.slice(1, 3).labels!]).toEqual([1, 0]);
  });

  it('selects samples by index, in the given order', () => {
    const chosen = tens(5).select([4, 0, 4]);
    expect([...chosen.values]).toEqual([40, 41, 0, 1, 40, 41]);
    expect([...chosen.labels!]).toEqual([0, 0, 0]);
    expect(() => tens(5).select([5])).toThrow('data has no row 5: it has 5, counted from 0.');
    expect(() => tens(5).select([0.5])).toThrow('no row 0.5');
  });

  it('selects classes by name or index', () => {
    expect(firstColumn(tens(5).ofClass('odd'))).toEqual([10, 30]);
    expect(firstColumn(tens(4).ofClass(0, 1))).toEqual([0, 10, 20, 30]);
    expect(() => tens(4).ofClass('prime')).toThrow('no class “prime”; its classes are even, odd');
  });

  it('splits into two shuffled parts that together are the whole', () => {
    const [rest, heldOut] = tens(50).split(20, { seed: 3 });
    expect([rest.length, heldOut.length]).toEqual([30, 20]);
    const together = [...firstColumn(rest), ...firstColumn(heldOut)];
    expect(together).not.toEqual(firstColumn(tens(50)));
    expect(together.sort((a, b) => a - b)).toEqual(firstColumn(tens(50)));
    for (const part of [rest, heldOut]) {
      expect([...part.labels!]).toEqual(firstColumn(part).map((value) => (value / 10) % 2));
    }
  });

  it('splits by the seed', () => {
    const heldOut = (seed: number): number[] => firstColumn(tens(50).split(20, { seed })[1]);
    expect(heldOut(1)).toEqual(heldOut(1));
    expect(heldOut(1)).not.toEqual(heldOut(2));
    for (const count of [0, 50, 2.5]) expect(() => tens(50).split(count)).toThrow('from 1 to 49');
    expect(() => tens(50).split(NaN)).toThrow('a finite number; found the number NaN');
  });

  it('gives tensors of all or of some samples', async () => {
    const all = tens(3).tensor();
    const some = tens(3).tensor([2, 0]);
    expect([all.shape, all.dtype]).toEqual([[3, 2], 'float32']);
    expect(await some.array()).toEqual([
      [20, 21],
      [0, 1],
    ]);
    tf.dispose([all, some]);
  });

  it('finds the first number that is not finite', () => {
    expect(tens(3).firstNonFinite()).toBeNull();
    const rows = [{ height: 1.8, weight: 75 }, { height: 1.7, weight: NaN }, { height: -Infinity, weight: 1 }]; // prettier-ignore
    const data = Dataset.from(rows, { name: 'people' });
    expect(data.firstNonFinite()).toEqual({ row: 1, column: 1, feature: 'weight', value: NaN });
    expect(() => data.checked()).toThrow(/people: the value at row 1, column 1 \(“weight”\).* is NaN/);
    expect(data.select([0]).checked().length).toBe(1);
  });
});

describe('standardized', () => {
  const data = Dataset.from([
    [1, 5, 1e6],
    [2, 5, 1e6 + 3],
    [6, 5, 1e6 - 3],
  ]);

  it('gives every column mean 0 and standard deviation 1, and leaves constant ones at 0', () => {
    const { values, standardization } = data.standardized();
    for (const column of [0, 1, 2]) {
      const z = [0, 1, 2].map((row) => values[3 * row + column]!);
      const mean = z.reduce((sum, value) => sum + value, 0) / 3;
      const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3;
      expect(mean).toBeCloseTo(0, 6);
      expect(variance).toBeCloseTo(column === 1 ? 0 : 1, 5);
    }
    expect([...standardization!.mean]).toEqual([3, 5, 1e6]);
    expect(standardization!.scale[0]).toBeCloseTo(Math.sqrt(14 / 3), 6);
    expect(standardization!.scale[1]).toBe(1);
  });

  it('leaves missing values missing, and counts them for neither mean nor deviation', () => {
    const gaps = Dataset.from([
      [1, NaN, NaN],
      [NaN, NaN, 4],
      [5, NaN, 4],
    ]);
    const { values, standardization } = gaps.standardized();
    expect([...standardization!.mean]).toEqual([3, 0, 4]);
    expect([...standardization!.scale]).toEqual([2, 1, 1]);
    expect([...values]).toEqual([-1, NaN, NaN, NaN, NaN, 0, 1, NaN, 0]);
    const other = Dataset.from([[7, 2, NaN]]).standardized(standardization);
    expect([...other.values]).toEqual([2, 2, NaN]);
  });

  it('treats other data by the same transform', () => {
    const { standardization } = data.standardized();
    const other = Dataset.from([[3, 7, 1e6]]).standardized(standardization);
    expect([...other.values]).toEqual([0, 2, 0]);
    expect(() => Dataset.from([[1, 2]]).standardized(standardization)).toThrow('for 3 columns');
  });
});

describe('Dataset.from', () => {
  it('makes vectors of rows, typed arrays and records', () => {
    expect(Dataset.from([[1, 2]]).shape).toEqual({ kind: 'vector', features: ['x0', 'x1'] });
    expect([...Dataset.from([Float32Array.of(1, 2), Int16Array.of(3, 4)]).values]).toEqual([1, 2, 3, 4]);
    const records = Dataset.from([{ a: 1, b: 2 }, { b: 4, a: 3 }]); // prettier-ignore
    expect(records.shape).toEqual({ kind: 'vector', features: ['a', 'b'] });
    expect([...records.values]).toEqual([1, 2, 3, 4]);
  });

  it('makes images of arrays with three or four axes', () => {
    const grey = Dataset.from(tf.zeros([5, 2, 3]));
    expect(grey.shape).toEqual({ kind: 'image', height: 2, width: 3, channels: 1 });
    expect(grey.length).toBe(5);
    const colour = Dataset.from({ values: new Float32Array(36), shape: [2, 2, 3, 3] });
    expect(colour.shape).toEqual({ kind: 'image', height: 2, width: 3, channels: 3 });
  });

  it('divides bytes of images by 255 and leaves all else as it is', () => {
    expect([...Dataset.from({ values: Uint8Array.of(0, 51, 255, 255), shape: [1, 2, 2] }).values]).toEqual([
      0,
      Math.fround(0.2),
      1,
      1,
    ]);
    expect([...Dataset.from({ values: Uint8Array.of(0, 255), shape: [1, 2] }).values]).toEqual([0, 255]);
  });

  it('takes a shape, labels and a data set as it is', () => {
    const shape = { kind: 'image' as const, height: 2, width: 2, channels: 1 as const };
    const data = Dataset.from([[1, 2, 3, 4]], { shape, labels: [1], classNames: ['a', 'b'], name: 'mine' });
    expect([data.name, data.shape, [...data.labels!]]).toEqual(['mine', shape, [1]]);
    expect(Dataset.from(data)).toBe(data);
    expect(() => Dataset.from([[1, 2]], { shape })).toThrow('each sample has 2 values; `shape` says 2 × 2 image');
  });

  it('takes a shape as models take their input, and refuses what is none', () => {
    const shapeOf = (shape: ShapeInput) => Dataset.from([[1, 2, 3, 4]], { shape }).shape;
    expect(shapeOf([2, 2, 1])).toEqual({ kind: 'image', height: 2, width: 2, channels: 1 });
    expect(shapeOf([2, 2])).toEqual({ kind: 'sequence', steps: 2, features: ['x1', 'x2'] });
    expect(shapeOf(4)).toEqual({ kind: 'vector', features: ['x1', 'x2', 'x3', 'x4'] });
    expect(() => shapeOf([2, 2, 0])).toThrow('`shape` is [height, width, channels]');
    expect(() => shapeOf({ height: 2, width: 2 } as never)).toThrow('found an object with height, width');
  });

  it.each([
    [undefined, 'found undefined'],
    [42, 'found a number'],
    ['1,2', 'found a string'],
    [[], 'found an empty array'],
    [[1, 2], 'an array whose element 0 is a number'],
    [[[1, 2], [3]], 'row 1: found 1 value; expected 2'],
    [[[1, 'two']], 'row 0, column “x1”: found “two”; expected a number'],
    [[{ a: 1 }, { b: 2 }], 'row 1: the field “a” is not in every record'],
    [[{ a: { b: 1 } }], 'column “a”: found a nested value'],
    [{ values: [1, 2, 3], shape: [2, 2] }, 'the shape [2, 2] wants 4 values; found 3'],
    [{ values: [1, 2, 3, 4], shape: [4] }, 'found an array of shape [4]'],
    [{ values: [1, 2], shape: [1, 1, 1, 2, 1] }, '[samples, height, width, channels], or [samples, steps, features]'],
    [new Date(0), 'found an object of another kind'],
  ])('says what it found in %j', (source, message) => {
    expect(() => Dataset.from(source as unknown as DataSource)).toThrow(message);
  });
});
