import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { numbersIn, placesIn, tensorFacts } from '../../../../kernel/session/variables/numbers';

beforeAll(() => tf.setBackend('cpu'));

describe('the numbers in a value', () => {
  it('have their shape, type and memory', () => {
    const cases: [unknown, number[], string, number][] = [
      [tf.zeros([3, 5]), [3, 5], 'float32', 60],
      [tf.scalar(1), [], 'float32', 4],
      [tf.tensor1d([1, 2], 'int32'), [2], 'int32', 8],
      [tf.tensor1d([true, false, true], 'bool'), [3], 'bool', 3],
      [tf.variable(tf.zeros([7])), [7], 'float32', 28],
      [new Float64Array(4), [4], 'float64', 32],
      [new Uint8ClampedArray(4), [4], 'uint8', 4],
      [[1, 2, 3], [3], 'number', 24],
      [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [2, 3],
        'number',
        48,
      ],
    ];
    for (const [value, shape, dtype, bytes] of cases) {
      expect(numbersIn(value)).toMatchObject({ shape, dtype, bytes, size: shape.reduce((a, b) => a * b, 1) });
    }
    expect(tensorFacts(tf.complex([1], [2]))!.bytes).toBe(8);
  });

  it('are none where a value holds others too, or rows of several lengths', () => {
    const values = [
      [],
      [1, 'a'],
      [[1], [1, 2]],
      ['a'],
      [[]],
      [1n],
      new BigInt64Array(2),
      {},
      null,
      5,
      tf.tensor(['a']),
    ];
    for (const value of values) expect(numbersIn(value)).toBeUndefined();
  });

  it('are read at the places that are asked for, in rows', async () => {
    const nested = [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ];
    for (const value of [nested, tf.tensor(nested), new Float32Array([1, 2, 3, 4, 5, 6, 7, 8])]) {
      expect([...Array.from((await numbersIn(value)!.at(Int32Array.of(7, 0, 5)))!)]).toEqual([8, 1, 6]);
    }
  });

  it('of a large tensor are gathered, and the tensor is not read as a whole', async () => {
    const large = tf.range(0, 10_000);
    const { dataSync, data } = large;
    large.dataSync = large.data = () => {
      throw new Error('read as a whole');
    };
    const before = tf.memory().numTensors;
    expect(Array.from((await numbersIn(large)!.at(Int32Array.of(1, 9999)))!)).toEqual([1, 9999]);
    expect(tf.memory().numTensors).toBe(before);
    Object.assign(large, { dataSync, data });
    large.dispose();
    expect(numbersIn(large)).toBeUndefined();
  });
});

describe('places', () => {
  it('are all, or one of each equal stretch', () => {
    expect([...placesIn(3, 10)]).toEqual([0, 1, 2]);
    const places = placesIn(1_000_000, 4096);
    const isInside = (place: number, i: number) =>
      place >= Math.floor((i * 1e6) / 4096) && place < Math.floor(((i + 1) * 1e6) / 4096);
    expect([...places].filter((place, i) => !isInside(place, i))).toEqual([]);
    expect(places).toHaveLength(4096);
  });

  it('meet all columns of a table alike', () => {
    const counts = new Array<number>(16).fill(0);
    for (const place of placesIn(16 * 65_536, 4096)) counts[place % 16]! += 1;
    for (const count of counts) expect(Math.abs(count - 256)).toBeLessThan(40);
  });
});
