import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, called, expectLowered, expectNear, expectSame, lowered, normal } from './againstCpu';

beforeAll(() => tf.setBackend('cpu'));

/** Sums of products, relative to terms of about 1. */
const SUMS = { relative: 1e-5, absolute: 1e-5 };

const each = [
  { transposeA: false, transposeB: false },
  { transposeA: true, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: true },
];

function factors(batchA: number[], batchB: number[], attrs: (typeof each)[number]) {
  const a = [...batchA, ...(attrs.transposeA ? [4, 3] : [3, 4])];
  const b = [...batchB, ...(attrs.transposeB ? [5, 4] : [4, 5])];
  return { a: normal(a, 1), b: normal(b, 2) };
}

describe('matrix products', () => {
  describe.each(each)('with $transposeA and $transposeB transposes', (attrs) => {
    it.each([
      { batchA: [], batchB: [] },
      { batchA: [2], batchB: [2] },
      { batchA: [2], batchB: [1] },
      { batchA: [1], batchB: [3] },
      { batchA: [2, 3], batchB: [2, 3] },
      { batchA: [3], batchB: [] },
    ])('are those of the CPU kernel for batches $batchA and $batchB', ({ batchA, batchB }) => {
      expectLowered(called('BatchMatMul', factors(batchA, batchB, attrs), attrs), SUMS);
    });
  });

  it('broadcast batches of either side, as numpy does', () => {
    const { a, b } = factors([2, 1], [1, 3], each[0]!);
    const [found] = lowered(called('BatchMatMul', { a, b }, each[0]!), 'cpu');
    expect(found!.shape).toEqual([2, 3, 3, 5]);
    const tiled = tf.matMul(a.tile([1, 3, 1, 1]), b.tile([2, 1, 1, 1]));
    expectNear(found!.elements, tiled.dataSync(), SUMS);
  });

  it('of whole numbers are whole', () => {
    const a = tf.tensor2d(
      [
        [1, -2],
        [3, 4],
      ],
      [2, 2],
      'int32',
    );
    expectLowered(called('BatchMatMul', { a, b: a }, { transposeA: false, transposeB: true }), SUMS);
  });

  it('of one row and one column are inner products', () => {
    expectLowered(called('BatchMatMul', { a: normal([1, 7]), b: normal([7, 1]) }, each[0]!), SUMS);
  });

  it.each([
    { a: [3, 4], b: [3, 4], attrs: each[0]!, error: /inner shapes \(4\) and \(3\) of shapes \[3,4\] and \[3,4\]/ },
    { a: [3, 4], b: [4, 5], attrs: each[3]!, error: /\(3\) and \(5\).*transposeA=true and transposeB=true/ },
    { a: [4], b: [4, 5], attrs: each[0]!, error: /must be matrices.*shapes are \[4\] and \[4,5\]/ },
  ])('are refused, as tfjs refuses them, of $a and $b', ({ a, b, attrs, error }) => {
    const factors = { a: normal(a), b: normal(b) };
    expect(() => called('BatchMatMul', factors, attrs)).toThrow();
    expect(() => lowered(call('BatchMatMul', factors, attrs), 'cpu')).toThrow(error);
  });
});

describe('fused products', () => {
  it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'])('apply %s to product and bias', (activation) => {
    const inputs = { ...factors([1], [1], each[0]!), bias: normal([5], 3) };
    expectLowered(called('_FusedMatMul', inputs, { ...each[0]!, activation, leakyreluAlpha: 0.3 }), SUMS);
  });

  it('apply prelu with slopes for each column', () => {
    const inputs = { ...factors([2], [1], each[0]!), bias: undefined, preluActivationWeights: normal([5], 4) };
    expectLowered(called('_FusedMatMul', inputs, { ...each[0]!, activation: 'prelu' }), SUMS);
  });

  it.each([[[]], [[1]], [[5]], [[1, 5]], [[3, 1]], [[3, 5]]])('broadcast a bias of shape %j', (shape) => {
    for (const batch of [1, 2]) {
      const inputs = { ...factors([batch], [1], each[0]!), bias: normal(shape, 3) };
      expectLowered(called('_FusedMatMul', inputs, { ...each[0]!, activation: 'linear' }), SUMS);
    }
  });
});

describe('Einstein sums', () => {
  it.each([
    {
      equation: 'ij,jk->ik',
      shapes: [
        [2, 3],
        [3, 4],
      ],
    },
    {
      equation: 'bij, bkj -> bik',
      shapes: [
        [2, 3, 4],
        [2, 5, 4],
      ],
    },
    { equation: 'ij->ji', shapes: [[2, 3]] },
    { equation: 'ijk->j', shapes: [[2, 3, 4]] },
    { equation: 'i,j->ij', shapes: [[2], [3]] },
    {
      equation: 'bhwc,cd->bhwd',
      shapes: [
        [2, 2, 3, 4],
        [4, 5],
      ],
    },
  ])('of $equation are those of the CPU kernel', ({ equation, shapes }) => {
    const tensors = shapes.map((shape, i) => normal(shape, i + 1));
    expectSame('Einsum', () => tf.einsum(equation, ...tensors), SUMS);
  });

  it.each([
    { equation: 'ij,jk', error: /without an arrow/ },
    { equation: 'ij->ik', error: /Expected 1 input tensors, received 2/ },
    { equation: 'ij,jk->iz', error: /label z not present/ },
    { equation: 'ij,ik->jk', error: /Expected dimension 2 at axis 0 of input shaped \[3,4\]/ },
    { equation: 'ij,j->i', error: /an axis for each label of input 1, got input shaped \[3,4\]/ },
  ])('of $equation of two matrices are refused', ({ equation, error }) => {
    const matrices = { 0: normal([2, 3]), 1: normal([3, 4]) };
    expect(() => lowered(call('Einsum', matrices, { equation }), 'cpu')).toThrow(error);
  });
});
