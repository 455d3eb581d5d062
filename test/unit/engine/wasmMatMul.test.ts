import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installFastMatMul } from '../../../kernel/engine/index';
import { alive, useWasm } from './backends';

beforeAll(useWasm);

const SHAPES: [string, number[], number[]][] = [
  ['matrices', [5, 7], [7, 3]],
  ['a row and a column', [1, 6], [6, 1]],
  ['a stack of one', [1, 5, 7], [1, 7, 3]],
  ['a stack of several', [4, 5, 7], [4, 7, 3]],
  ['a stack times one matrix', [4, 5, 7], [1, 7, 3]],
  ['stacks of stacks', [2, 3, 4, 5], [2, 3, 5, 6]],
];
const TRANSPOSES: [boolean, boolean][] = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

/** `f` of the same tensors on the plain JavaScript backend, which is the oracle here. */
async function onCpu(f: () => tf.Tensor): Promise<Float32Array> {
  await tf.setBackend('cpu');
  const result = f();
  const values = (await result.data()) as Float32Array;
  result.dispose();
  await tf.setBackend('wasm');
  return values;
}

async function valuesOf(result: tf.Tensor): Promise<Float32Array> {
  const values = (await result.data()) as Float32Array;
  result.dispose();
  return values;
}

function swapped(shape: number[]): number[] {
  return [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
}

function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
}

describe('fast matrix products on the wasm backend', () => {
  for (const [name, a, b] of SHAPES) {
    for (const [transposeA, transposeB] of TRANSPOSES) {
      it(`give the cpu backend's product of ${name}, transposed ${transposeA}/${transposeB}`, async () => {
        const x = tf.randomNormal(transposeA ? swapped(a) : a);
        const y = tf.randomNormal(transposeB ? swapped(b) : b);
        const product = () => tf.matMul(x, y, transposeA, transposeB);
        const before = alive();
        const found = await valuesOf(product());
        expect(alive()).toEqual(before);
        expectClose(found, await onCpu(product));
        tf.dispose([x, y]);
      });
    }
  }

  for (const [transposeA, transposeB] of TRANSPOSES) {
    it(`give the fused product with bias and rectifier, transposed ${transposeA}/${transposeB}`, async () => {
      const a = tf.randomNormal<tf.Rank.R2>(transposeA ? [7, 5] : [5, 7]);
      const b = tf.randomNormal<tf.Rank.R2>(transposeB ? [3, 7] : [7, 3]);
      const bias = tf.randomNormal([3]);
      const product = () => tf.fused.matMul({ a, b, transposeA, transposeB, bias, activation: 'relu' });
      const before = alive();
      const found = await valuesOf(product());
      expect(alive()).toEqual(before);
      expectClose(found, await onCpu(product));
      tf.dispose([a, b, bias]);
    });
  }

  it('give the gradient of a dense layer', async () => {
    const x = tf.randomNormal([6, 4]);
    const w = tf.randomNormal([4, 3]);
    const gradient = () => tf.grad((weights: tf.Tensor) => x.matMul(weights).square().sum())(w);
    expectClose(await valuesOf(gradient()), await onCpu(gradient));
    tf.dispose([x, w]);
  });

  it('see new values when a variable is assigned', async () => {
    const w = tf.variable(tf.ones([2, 2]));
    const x = tf.ones([1, 2]);
    expect(await valuesOf(x.matMul(w, false, true))).toEqual(Float32Array.of(2, 2));
    w.assign(tf.fill([2, 2], 3));
    expect(await valuesOf(x.matMul(w, false, true))).toEqual(Float32Array.of(6, 6));
    tf.dispose([w, x]);
  });

  it('are installed once', () => {
    const kernel = tf.getKernel('BatchMatMul', 'wasm');
    installFastMatMul();
    expect(tf.getKernel('BatchMatMul', 'wasm')).toBe(kernel);
  });
});
