import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, DTYPES, expectSame, lowered, normal, random } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

describe.each(DTYPES)('of %s', (dtype) => {
  const tensor = (...shape: number[]) => random(shape, dtype);

  it.each([
    { shape: [5], begin: 2, size: undefined },
    { shape: [5], begin: [1], size: [3] },
    { shape: [4, 5], begin: [1, 2], size: [2, -1] },
    { shape: [4, 5], begin: [0, 0], size: [4, 5] },
    { shape: [4, 5], begin: 1, size: 2 },
    { shape: [2, 3, 4], begin: [0, 1, 1], size: [2, 1, 2] },
    { shape: [2, 2, 2, 2, 3, 2], begin: [1, 0, 1, 0, 1, 0], size: [1, 2, 1, 2, 2, 1] },
    { shape: [4, 5], begin: [1, 2], size: [0, 3] },
  ])('Slice cuts $size from $begin of $shape', ({ shape, begin, size }) => {
    expectSame('Slice', () => tf.slice(tensor(...shape), begin, size));
  });

  it.each([
    { begin: [0, 0], end: [4, 5], strides: [1, 1] },
    { begin: [1, 0], end: [4, 5], strides: [2, 3] },
    { begin: [3, 4], end: [0, 1], strides: [-1, -2] },
    { begin: [-1, -1], end: [-10, -10], strides: [-1, -1] },
    { begin: [3, 0], end: [0, 5], strides: [-3, 1] },
    { begin: [1, 1], end: [1, 3], strides: [1, 1] },
    { begin: [2], end: [4], strides: [1] },
    { begin: [1, 2], end: [3, 4], strides: [1, 1], beginMask: 1, endMask: 2 },
    { begin: [3, 2], end: [0, 0], strides: [-1, -1], endMask: 3 },
    { begin: [1, 2], end: [2, 4], strides: [1, 1], shrinkAxisMask: 1 },
    { begin: [0, 1, 2], end: [0, 2, 4], strides: [1, 1, 1], newAxisMask: 1 },
    { begin: [0, 1], end: [0, 4], strides: [1, 2], ellipsisMask: 1 },
  ])('StridedSlice takes $begin to $end by $strides', (slice) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = {
      ...MASKS,
      ...slice,
    };
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    expectSame('StridedSlice', () => tf.stridedSlice(tensor(4, 5), begin, end, strides, ...masks));
  });

  it.each([
    { shape: [], axis: undefined },
    { shape: [4], axis: 0 },
    { shape: [2, 3], axis: undefined },
    { shape: [2, 3, 4], axis: [0, -1] },
    { shape: [2, 1, 3], axis: 1 },
    { shape: [2, 2, 2, 2, 2, 3], axis: [1, 5] },
  ])('Reverse turns $shape round along $axis', ({ shape, axis }) => {
    expectSame('Reverse', () => tf.reverse(tensor(...shape), axis));
  });

  it.each([2, -3, 0.5])('Reverse knows no axis %d of a matrix', (axis) => {
    expect(() => lowered(call('Reverse', { x: tensor(2, 3) }, { dims: [axis] }), 'cpu')).toThrow(/axis/);
  });

  it.each([
    { shape: [3], paddings: [[1, 2]], value: 0 },
    { shape: [2, 3], paddings: [[0, 0], [2, 1]], value: 1 }, // prettier-ignore
    { shape: [2, 3], paddings: [[0, 0], [0, 0]], value: 1 }, // prettier-ignore
    { shape: [2, 0], paddings: [[1, 0], [1, 1]], value: 1 }, // prettier-ignore
    { shape: [1, 2, 2, 3], paddings: [[0, 0], [1, 1], [2, 0], [0, 0]], value: 0 }, // prettier-ignore
  ])('PadV2 pads $shape by $paddings with $value', ({ shape, paddings, value }) => {
    expectSame('PadV2', () => tf.pad(tensor(...shape), paddings as [number, number][], value));
  });

  it.each(['reflect', 'symmetric'] as const)('MirrorPad continues at the edges: %s', (mode) => {
    expectSame('MirrorPad', () => tf.mirrorPad(tensor(4), [[2, 3]], mode));
    expectSame('MirrorPad', () => tf.mirrorPad(tensor(2, 3, 4), [[1, 0], [0, 0], [2, 3]], mode)); // prettier-ignore
  });

  it.each([
    { shape: [3], reps: [2] },
    { shape: [2, 3], reps: [1, 1] },
    { shape: [1, 3, 1], reps: [4, 1, 2] },
    { shape: [2, 3], reps: [2, 3] },
    { shape: [2, 1, 2, 1], reps: [1, 2, 2, 3] },
    { shape: [2, 3], reps: [0, 2] },
  ])('Tile repeats $shape $reps times', ({ shape, reps }) => {
    expectSame('Tile', () => tf.tile(tensor(...shape), reps));
  });
});

it('numbers other than 0 and 1 pad too', () => {
  expectSame('PadV2', () => tf.pad(normal([2]), [[1, 1]], -1.5));
  expectSame('PadV2', () => tf.pad(normal([2]), [[1, 1]], -Infinity));
});

it('FlipLeftRight mirrors images', () => {
  expectSame('FlipLeftRight', () => tf.image.flipLeftRight(normal([2, 3, 4, 2]) as tf.Tensor4D));
});

const MASKS = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
