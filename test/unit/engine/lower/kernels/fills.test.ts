import * as tf from '@tensorflow/tfjs';
import { beforeAll, it } from 'vitest';
import { DTYPES, expectSame, random } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

it.each([[[]], [[3]], [[2, 0]], [[2, 3, 4]]])('Fill makes %j of one number', (shape) => {
  expectSame('Fill', () => tf.fill(shape, -1.5));
  expectSame('Fill', () => tf.fill(shape, 7, 'int32'));
  expectSame('Fill', () => tf.fill(shape, Infinity));
});

it.each([
  { start: 0, stop: 5 },
  { start: 5, stop: 0 },
  { start: 0, stop: 1, step: 0.1 },
  { start: 5, stop: -2, step: -2 },
  { start: 1, stop: 1 },
  { start: 0, stop: 5, step: -1 },
  { start: 0, stop: 300, step: 7 },
])('Range runs from $start to $stop by $step', ({ start, stop, step }) => {
  expectSame('Range', () => tf.range(start, stop, step));
  expectSame('Range', () => tf.range(start, stop, step === undefined ? step : Math.round(step) || 1, 'int32'));
});

it.each([2, 5, 100])('LinSpace makes %d points', (count) => {
  expectSame('LinSpace', () => tf.linspace(-1, 2.3, count));
});

it('BroadcastArgs is the shape that two broadcast to', () => {
  const broadcast = (a: number[], b: number[]) => tf.broadcastArgs(tf.tensor1d(a, 'int32'), tf.tensor1d(b, 'int32'));
  expectSame('BroadcastArgs', () => broadcast([2, 1, 3], [4, 1]));
  expectSame('BroadcastArgs', () => broadcast([1], [3, 5]));
  expectSame('BroadcastArgs', () => broadcast([0, 1], [1, 1]));
});

it.each(DTYPES)('Diag puts %s on a diagonal', (dtype) => {
  expectSame('Diag', () => tf.diag(random([4], dtype)));
  expectSame('Diag', () => tf.diag(random([2, 3], dtype)));
});

it('the diagonal may be infinite', () => {
  expectSame('Diag', () => tf.diag(tf.tensor1d([Infinity, NaN, 1])));
});
