import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, DTYPES, expectSame, lowered, normal, random } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

describe.each(DTYPES)('of %s', (dtype) => {
  const tensor = (...shape: number[]) => random(shape, dtype);

  it.each([
    { from: [], to: [1, 1] },
    { from: [1], to: [] },
    { from: [6], to: [2, -1] },
    { from: [2, 3, 4], to: [4, 6] },
    { from: [0, 3], to: [3, 0, 2] },
  ])('Reshape takes $from to $to', ({ from, to }) => {
    expectSame('Reshape', () => tensor(...from).reshape(to));
  });

  it.each([0, 1, 2, -1, -3])('ExpandDims inserts axis %d', (axis) => {
    expectSame('ExpandDims', () => tf.expandDims(tensor(2, 3), axis));
  });

  it.each([3, -4])('ExpandDims knows no axis %d of a matrix', (dim) => {
    expect(() => lowered(call('ExpandDims', { input: tensor(2, 3) }, { dim }), 'cpu')).toThrow(
      `Axis must be in [-3, 2], not ${dim}`,
    );
  });

  it.each([[[1, 0]], [[2, 0, 1]], [[0, 2, 1]], [[0, 1, 2, 3]], [[3, 1, 0, 2]], [[4, 2, 0, 5, 1, 3]]])(
    'Transpose permutes axes as %j',
    (perm) => {
      expectSame('Transpose', () => tf.transpose(tensor(...[2, 3, 1, 2, 3, 2].slice(0, perm.length)), perm));
    },
  );

  it.each([
    { axis: 0, shapes: [[2], [3]] },
    { axis: 1, shapes: [[2, 1], [2, 3], [2, 2]] }, // prettier-ignore
    { axis: -1, shapes: [[2, 3, 1], [2, 3, 2]] }, // prettier-ignore
    { axis: 0, shapes: [[0, 3], [2, 3]] }, // prettier-ignore
    { axis: 0, shapes: [[0, 3], [0, 3]] }, // prettier-ignore
  ])('Concat joins $shapes along $axis', ({ axis, shapes }) => {
    const parts = () => shapes.map((shape) => tensor(...shape));
    expectSame('Concat', () => tf.concat(parts(), axis));
  });

  it.each([0, 1, 2, -1])('Pack stacks along axis %d', (axis) => {
    expectSame('Pack', () => tf.stack([tensor(2, 3), tensor(2, 3), tensor(2, 3)], axis));
    expectSame('Pack', () => tf.stack([tensor(2, 3)], axis));
  });

  it.each([
    { parts: 2, axis: 0 },
    { parts: 1, axis: 0 },
    { parts: [1, 4, 1], axis: 1 },
    { parts: [2, -1], axis: -1 },
    { parts: [0, 6], axis: 1 },
  ])('SplitV cuts into $parts along $axis', ({ parts, axis }) => {
    expectSame('SplitV', () => tf.split(tensor(4, 6), parts, axis));
  });

  it.each([0, 1, -1])('Unpack takes axis %d apart', (axis) => {
    expectSame('Unpack', () => tf.unstack(tensor(2, 1, 3), axis));
  });

  it('SpaceToBatchND and BatchToSpaceND undo each other', () => {
    const forth = (x: tf.Tensor) => tf.spaceToBatchND(x, [2, 3], [[1, 1], [0, 1]]); // prettier-ignore
    expectSame('SpaceToBatchND', () => forth(tensor(2, 4, 5, 3)));
    expectSame('BatchToSpaceND', () => tf.batchToSpaceND(forth(tensor(2, 4, 5, 3)), [2, 3], [[1, 1], [0, 1]])); // prettier-ignore
    expectSame('SpaceToBatchND', () => tf.spaceToBatchND(tensor(1, 4, 2), [2], [[0, 0]]));
  });
});

it('Pack stacks tensors of one type', () => {
  const mixed = { 0: random([2], 'float32'), 1: random([2], 'int32') };
  expect(() => lowered(call('Pack', mixed, { axis: 0 }), 'cpu')).toThrow('types float32 and int32 must match');
});

it('DepthToSpace lays channels out as blocks', () => {
  expectSame('DepthToSpace', () => tf.depthToSpace(normal([2, 3, 2, 12]) as tf.Tensor4D, 2));
  expectSame('DepthToSpace', () => tf.depthToSpace(normal([1, 1, 2, 9]) as tf.Tensor4D, 3));
});
