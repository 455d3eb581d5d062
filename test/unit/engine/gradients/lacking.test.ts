/** Gradients that tfjs lacks: held against differences. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerGradients } from '../../../../kernel/engine/gradients/index';
import { RUNTIMES } from '../everyRuntime';
import { differences, expectNear, expectStep, numbers, scored, type Map } from './numbers';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const places = (rows: number[][]) => tf.tensor2d(rows, undefined, 'int32');
const gathered = places([[2, 0], [0, 1], [2, 0], [1, 1]]); // prettier-ignore

const LINEAR: [string, number[], Map][] = [
  ['an einsum: a product', [3, 4], (x) => tf.einsum('ij,jk->ik', x, numbers([4, 2], 1))],
  ['an einsum: a product from the right', [4, 2], (x) => tf.einsum('ij, jk -> ki', numbers([3, 4], 1), x)],
  ['an einsum: a batch of products', [2, 3, 4], (x) => tf.einsum('bij,bkj->bik', x, numbers([2, 5, 4], 1))],
  ['an einsum: an outer product', [3], (x) => tf.einsum('i,j->ij', x, numbers([4], 1))],
  ['an einsum: a transposition', [2, 3, 4], (x) => tf.einsum('abc->cab', x)],
  ['an einsum: a sum of columns', [2, 3, 4], (x) => tf.einsum('abc->ca', x)],
  ['an einsum: a sum of all', [2, 3], (x) => tf.einsum('ab->', x)],
  ['an einsum: an inner product', [2, 3], (x) => tf.einsum('ab,ab->', x, numbers([2, 3], 1))],
  ['an einsum: an axis that only it has', [2, 3, 4], (x) => tf.einsum('abc,ad->bd', x, numbers([2, 5], 1))],
  ['elements by their places, some twice', [3, 2], (x) => tf.gatherND(x, gathered)],
  ['rows by their places', [3, 2, 2], (x) => tf.gatherND(x, places([[2], [2], [0]]))],
  ['elements put to places', [4], (x) => tf.scatterND(gathered, x, [3, 3])],
  ['every second element', [7, 3], (x) => tf.stridedSlice(x, [1, 0], [7, 3], [2, 1])],
  ['every third element from the end', [8], (x) => tf.stridedSlice(x, [-1], [-9], [-3])],
  ['steps along all axes', [5, 6, 4], (x) => tf.stridedSlice(x, [4, 1, 0], [0, 6, 4], [-2, 3, 2])],
  ['a plane of a volume', [3, 4, 5], (x) => tf.stridedSlice(x, [0, 2, 1], [3, 3, 5], [1, 1, 1], 0, 0, 0, 0, 2)],
  ['steps of the last axis', [2, 3, 5], (x) => tf.stridedSlice(x, [1], [5], [2], 0, 0, 0, 0, 0)],
  ['images from right to left', [2, 3, 4, 2], (x) => tf.image.flipLeftRight(x as tf.Tensor4D)],
  ['a diagonal', [2, 3], (x) => tf.diag(x)],
  ['channels as pixels', [2, 3, 2, 8], (x) => tf.depthToSpace(x as tf.Tensor4D, 2)],
  [
    'a transposed convolution of volumes',
    [1, 3, 2, 2, 2],
    (x) => tf.conv3dTranspose(x as tf.Tensor5D, numbers([2, 2, 3, 3, 2], 1) as tf.Tensor5D, [1, 6, 4, 4, 3], 2, 'same'),
  ],
  [
    'a filter of a transposed convolution of volumes',
    [2, 2, 1, 2, 1],
    (x) =>
      tf.conv3dTranspose(numbers([1, 2, 3, 2, 1], 1) as tf.Tensor5D, x as tf.Tensor5D, [1, 3, 4, 2, 2], 1, 'valid'),
  ],
];

/** ∂/∂x by central differences in steps that float32 can tell apart. */
function centralDifferences(f: Map, x: tf.Tensor, step = 1e-2): number[] {
  return Array.from({ length: x.size }, (_, i) =>
    tf.tidy(() => {
      const unit = tf.oneHot(tf.scalar(i, 'int32'), x.size).toFloat().reshape(x.shape).mul(step);
      const [above, below] = [scored(f(x.add(unit))), scored(f(x.sub(unit)))];
      return (above.dataSync()[0]! - below.dataSync()[0]!) / (2 * step);
    }),
  );
}

const WITH_ZEROS = tf.tensor2d([
  [0.5, 0, -2, 1.5],
  [0, 1, 0, 3],
  [2, -1, 0.5, 0],
]);
const products = ([0, 1] as const).flatMap((axis) =>
  [false, true].flatMap((exclusive) =>
    [false, true].map((reverse): [string, Map] => [
      `axis ${axis}${exclusive ? ', exclusive' : ''}${reverse ? ', reversed' : ''}`,
      (x) => tf.cumprod(x, axis, exclusive, reverse),
    ]),
  ),
);

describe('the gradient', () => {
  it.each(LINEAR)('of %s is what each element changes', (_, shape, f) => {
    const gradient = tf.grad((x: tf.Tensor) => scored(f(x)))(numbers(shape));
    expect(gradient.shape).toEqual(shape);
    expectNear(gradient.dataSync(), differences(f, shape));
  });

  it.each(products)('of running products, %s, is what each factor changes, zeros among them', (_, f) => {
    const gradient = tf.grad((x: tf.Tensor) => scored(f(x)))(WITH_ZEROS);
    centralDifferences(f, WITH_ZEROS).forEach((expected, i) => {
      expect(Math.abs(gradient.dataSync()[i]! - expected)).toBeLessThan(1e-3);
    });
  });

  it('of both operands of an einsum is that of their product', () => {
    const operands = [numbers([2, 3, 4]), numbers([2, 4, 5], 1)];
    const found = tf.grads((a: tf.Tensor, b: tf.Tensor) => scored(tf.einsum('bij,bjk->bik', a, b)))(operands);
    const expected = tf.grads((a: tf.Tensor, b: tf.Tensor) => scored(tf.matMul(a, b)))(operands);
    found.forEach((gradient, i) => expectNear(gradient.dataSync(), expected[i]!.dataSync()));
  });

  it('of the largest elements goes to them alone', () => {
    const x = tf.tensor3d([[[3, 1, 2], [0, 5, 4]], [[9, 8, 7], [1, 1, 0]]]); // prettier-ignore
    const gradient = tf.grad((one: tf.Tensor) =>
      tf
        .topk(one, 2)
        .values.mul(tf.tensor1d([10, 1]))
        .sum(),
    )(x);
    expect(gradient.shape).toEqual(x.shape);
    expect([...gradient.dataSync()]).toEqual([10, 0, 1, 0, 10, 1, 10, 1, 0, 10, 1, 0]);
  });
});

describe('a step with such gradients', () => {
  const layers: Map[] = [
    (x) => tf.einsum('abcd,ce->abde', x, numbers([3, 2], 1)),
    (x) => tf.gatherND(x.reshape([4, 6]), places([[3, 1], [0, 5], [3, 1]])), // prettier-ignore
    (x) => tf.scatterND(places([[4], [0], [2], [4]]), x.reshape([4, 6]), [5, 6]), // prettier-ignore
    (x) => tf.topk(x.reshape([4, 6]), 3).values,
    (x) => tf.stridedSlice(x.reshape([4, 6]), [3, 0], [0, 6], [-2, 2]),
    (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
    (x) => tf.depthToSpace(x.reshape([1, 2, 3, 4]), 2),
    (x) => tf.cumprod(x.reshape([4, 6]), 0),
  ];
  const shape = [2, 2, 3, 2];

  it.each(RUNTIMES)('makes the same weights %s', async (_, trainingStep) => {
    const gradients = layers.map((f) =>
      tf
        .grad((x: tf.Tensor) => scored(f(x)))(numbers(shape))
        .dataSync(),
    );
    await expectStep(trainingStep, layers, shape, gradients);
  });
});
