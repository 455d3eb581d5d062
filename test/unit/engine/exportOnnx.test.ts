import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ExportError, toOnnx } from '../../../kernel/engine/index';

beforeAll(() => tf.setBackend('cpu'));

function exported(f: (x: tf.Tensor2D) => tf.Tensor): () => Uint8Array {
  const run = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({ y: f(x as tf.Tensor2D) });
  return () => toOnnx({ name: 'f', documentation: '', inputs: { x: { row: [4], dtype: 'float32' } }, run });
}

describe('a function cannot be written for any number of rows', () => {
  it.each<[string, (x: tf.Tensor2D) => tf.Tensor, RegExp]>([
    [
      'a tensor of that many rows is a constant',
      (x) => tf.concat([x, tf.ones([x.shape[0], 1])], 1),
      /cannot leave open/,
    ],
    ['its result has no rows', (x) => x.mean(0), /first axis must be the rows/],
    ['its result has the rows elsewhere', (x) => x.transpose(), /first axis must be the rows/],
    [
      'it has an operation without a form, which is shown with its neighbours',
      (x) => tf.unique(x.exp().flatten()).values.expandDims(1),
      /^f cannot be written: the operation Unique has no traced form \(at .*exportOnnx\.test\.ts:\d+:\d+\)\n.* = exp x .*\n.* = reshape.*\n {2}> unique\[axis=0\] b:f32\[4036\] +\/\/ .*exportOnnx\.test\.ts:\d+:\d+$/,
    ],
    [
      'it chooses from nothing',
      (x) => x.slice([0, 0], [-1, 0]).max(1, true),
      /^f cannot be written: Max: there are no elements .* \(at .*exportOnnx.*\)\n[^]* {2}> b:f32\[1009(,1)?\] = max/,
    ],
    ['it runs something else', (x) => (x.shape[0] > 1010 ? x.exp() : x.log()), /something else for another number/],
  ])('when %s', (_, f, message) => {
    expect(exported(f)).toThrow(ExportError);
    expect(exported(f)).toThrow(message);
  });

  it('and can when rows are only reshaped', () => {
    expect(exported((x) => x.reshape([-1, 2, 2]).sum(2).reshape([-1, 2]))().length).toBeGreaterThan(100);
  });
});
