import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { lendKernels } from '../../../kernel/engine/runtimes/onnx/lentKernels';
import { alive, useWasm } from './backends';
import { expectNear, numbers } from './gradients/numbers';

beforeAll(useWasm);

describe('the wasm backend', () => {
  it('takes every number but zero for true', () => {
    const before = alive();
    const found = tf.tidy(() => {
      const floats = tf.tensor1d([-1.7, 0, 0.2, -0, NaN, 256]).toBool();
      const whole = tf.tensor1d([-7, 0, 256], 'int32').toBool();
      return [floats, whole, floats.sum(), floats.toFloat()].map((x) => [...x.dataSync()].map(Number));
    });
    expect(found).toEqual([[1, 0, 1, 0, 1, 1], [1, 0, 1], [4], [1, 0, 1, 0, 1, 1]]);
    expect(alive()).toEqual(before);
  });

  it('clips whole numbers', () => {
    const before = alive();
    const clipped = tf.tidy(() => tf.tensor1d([-7, -3, 0, 4, 9], 'int32').clipByValue(-3, 5));
    expect(clipped.dtype).toBe('int32');
    expect([...clipped.dataSync()]).toEqual([-3, -3, 0, 4, 5]);
    clipped.dispose();
    expect(alive()).toEqual(before);
  });

  it.each([
    [[3, 0], [0, 2], false, false],
    [[0, 3], [2, 0], true, true],
    [[2, 3, 0], [1, 0, 2], false, false],
  ] as const)('makes zeros of products over nothing: %j by %j', (a, b, transposeA, transposeB) => {
    // So that the memory is not zero.
    tf.ones([64]).dispose();
    const product = tf.matMul(tf.zeros([...a]), tf.zeros([...b]), transposeA, transposeB);
    expect(product.shape.slice(-2)).toEqual([3, 2]);
    expect(product.dataSync().every((number) => number === 0)).toBe(true);
  });

  it.each([
    [[3, 0], [0, 2], false, false],
    [[0, 3], [2, 0], true, true],
  ] as const)('leaves bias and activation of fused products over nothing: %j by %j', (a, b, transposeA, transposeB) => {
    tf.ones([64]).dispose();
    const [bias, activation] = [tf.tensor1d([-1, 2]), 'relu' as const];
    const before = alive();
    const product = tf.fused.matMul({ a: tf.zeros([...a]), b: tf.zeros([...b]), transposeA, transposeB, bias, activation }); // prettier-ignore
    expect([...product.dataSync()]).toEqual([0, 2, 0, 2, 0, 2]);
    product.dispose();
    expect(alive().tensors).toBe(before.tensors + 2);
  });
});

describe('kernels of volumes that the wasm backend has wrong', () => {
  it('are lent by ONNX Runtime', async () => {
    const [w, dy] = [numbers([2, 2, 2, 2, 3], 1), numbers([1, 2, 2, 3, 3], 2)] as [tf.Tensor5D, tf.Tensor5D];
    const x = numbers([1, 4, 4, 6, 2]).sub(3) as tf.Tensor5D;
    const run = () => [
      tf.maxPool3d(x, [2, 1, 3], 1, 'same'),
      tf.conv3dTranspose(dy, w, [1, 4, 4, 6, 2], 2, 'same'),
      tf.grad((filter: tf.Tensor) =>
        tf
          .conv3d(x, filter as tf.Tensor5D, 2, 'same')
          .mul(dy)
          .sum(),
      )(w),
    ];
    await tf.setBackend('cpu');
    const expected = run();
    await tf.setBackend('wasm');
    expect(run).toThrow('not registered for backend');
    lendKernels('wasm');
    run().forEach((found, i) => {
      const scale = expected[i]!.abs().max().dataSync()[0]!;
      expectNear(found.div(scale).dataSync(), expected[i]!.div(scale).dataSync());
    });
  });
});
