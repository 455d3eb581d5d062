import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACTIVATIONS } from '../../../../kernel/autoencoders/networks/layers/activations';
import { MLP } from '../../../../kernel/autoencoders/networks/mlp';
import { stopGradient } from '../../../../kernel/autoencoders/networks/gradients/stopGradient';
import { useWasm } from '../../engine/backends';
import { mean } from '../data';

beforeAll(useWasm);

describe('a multilayer perceptron', () => {
  it('applies each layer in turn, the last one linear', () => {
    const mlp = new MLP({ name: 'f', sizes: [2, 2, 1], activation: 'relu', seed: 0 });
    mlp.parameters['f.0.kernel']!.assign(tf.tensor2d([1, -1, 2, 1], [2, 2]));
    mlp.parameters['f.0.bias']!.assign(tf.tensor1d([0.5, 0]));
    mlp.parameters['f.1.kernel']!.assign(tf.tensor2d([3, -4], [2, 1]));
    mlp.parameters['f.1.bias']!.assign(tf.tensor1d([-10]));
    // [1, −1]: hidden (−0.5, −2) → (0, 0); [1, 2]: hidden (5.5, 1).
    expect([...mlp.apply(tf.tensor2d([1, -1, 1, 2], [2, 2])).dataSync()]).toEqual([-10, 2.5]);
  });

  it.each(ACTIVATIONS)('keeps the scale of its input through %s layers', (activation) => {
    const mlp = new MLP({ name: 'f', sizes: [200, 200, 200, 200], activation, seed: 1 });
    const variance = (tensor: tf.Tensor) => tf.moments(tensor).variance.dataSync()[0]!;
    const ratio = variance(mlp.apply(tf.randomNormal([50, 200]))) / 1;
    expect(ratio).toBeGreaterThan(['linear', 'relu', 'leaky', 'elu', 'gelu', 'silu'].includes(activation) ? 0.3 : 0.04);
    expect(ratio).toBeLessThan(2);
  });

  it('starts with the variances of He before a rectifier and of Glorot elsewhere, biases at 0', () => {
    const mlp = new MLP({ name: 'f', sizes: [300, 100, 50], activation: 'relu', seed: 1 });
    const variance = (name: string) => mean(mlp.parameters[name]!.dataSync().map((value) => value ** 2));
    expect(variance('f.0.kernel') / (2 / 300)).toBeCloseTo(1, 1);
    expect(variance('f.1.kernel') / (2 / 150)).toBeCloseTo(1, 1);
    expect(variance('f.0.bias')).toBe(0);
  });

  it('starts alike for the same seed and name', () => {
    const kernel = (name: string, seed: number) => [
      ...Object.values(new MLP({ name, sizes: [3, 2], activation: 'relu', seed }).parameters)[0]!.dataSync(),
    ];
    expect(kernel('f', 1)).toEqual(kernel('f', 1));
    expect(kernel('f', 1)).not.toEqual(kernel('f', 2));
    expect(kernel('f', 1)).not.toEqual(kernel('g', 1));
  });
});

describe('the stop-gradient', () => {
  it('passes values and no gradient', () => {
    const f = (x: tf.Tensor) => x.mul(stopGradient(() => x.square())).sum();
    const { value, grad } = tf.valueAndGrad(f)(tf.tensor1d([3]));
    expect([value.dataSync()[0], grad.dataSync()[0]]).toEqual([27, 9]);
  });

  it('lets operations without a gradient be used inside', () => {
    const f = (x: tf.Tensor) => x.mul(stopGradient(() => x.argMax().cast('float32'))).sum();
    expect([
      ...tf
        .grad(f)(tf.tensor1d([1, 5, 2]))
        .dataSync(),
    ]).toEqual([1, 1, 1]);
  });
});
