import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../../kernel/autoencoders/index';
import { gatherRows, mapRows, toSamples } from '../../../kernel/autoencoders/samples';
import type { Expected, SampleShape } from '../../../kernel/autoencoders/samples';
import { alive, useWasm } from '../engine/backends';

// Before the tests are named: some of them are named by tensors.
await useWasm();

const expected: Expected = { caller: 'a test', width: 2, description: 'rows of 2 values' };
const shape: SampleShape = { kind: 'vector', features: ['a', 'b'] };
const rows = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const dataset = new Dataset({ values: Float32Array.from(rows.flat()), shape });

describe('rows of data', () => {
  it('are the same from a data set, a tensor and arrays', async () => {
    const doubled = (x: tf.Tensor2D): tf.Tensor2D => x.mul(2);
    for (const input of [dataset, tf.tensor2d(rows), rows]) {
      expect(mapRows(input, expected, doubled).arraySync()).toEqual([
        [2, 4],
        [6, 8],
        [10, 12],
      ]);
      expect([...(await toSamples(input, expected, shape)).values]).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it('come in chunks of bounded size, in order, and leave only the result', () => {
    const values = Float32Array.from({ length: 5000 }, (_, i) => i);
    const sizes: number[] = [];
    const before = alive();
    const result = mapRows(new Dataset({ values, shape }), expected, (x) => {
      sizes.push(x.shape[0]);
      return x.square().sqrt() as tf.Tensor2D;
    });
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2500);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024);
    expect(result.dataSync()).toEqual(values);
    result.dispose();
    expect(alive()).toEqual(before);
  });

  it('can be picked by index', () => {
    expect(gatherRows(dataset, Int32Array.of(2, 0)).arraySync()).toEqual([
      [5, 6],
      [1, 2],
    ]);
  });

  it.each([
    [tf.zeros<tf.Rank.R2>([1, 3]), 'found a tensor of shape [1, 3]'],
    [tf.zeros([2]) as tf.Tensor as tf.Tensor2D, 'found a tensor of shape [2]'],
    [tf.zeros<tf.Rank.R2>([0, 2]), 'found no rows'],
    [[[1, 2], [3]], 'found 1 values at row 1'],
    [[1, 2] as never, 'found a value of type number at row 0'],
    [new Dataset({ name: 'triples', values: new Float32Array(3), shape: { kind: 'vector', features: ['a', 'b', 'c'] } }), 'found triples with 3 values (3 features)'], // prettier-ignore
    [null as never, 'found null'],
    ['file.csv' as never, 'found a value of type string'],
  ])('of another kind are refused (%#)', (input, found) => {
    expect(() => mapRows(input, expected, (x) => x)).toThrow(`a test expects rows of 2 values; ${found}.`);
  });
});
