import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConvolutionalVAE, ConvolutionalVQVAE, VAE } from '../../../kernel/autoencoders/index';
import { operations, WORKLOADS } from '../../../kernel/bench/workloads';

const input = { kind: 'image', height: 28, width: 28, channels: 1 } as const;

describe('the matrix products of a workload', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each([
    ['a', () => new VAE({ input, hidden: [400], latent: 20 })],
    ['b', () => new ConvolutionalVAE({ input })],
    ['c', () => new ConvolutionalVQVAE({ input })],
  ] as const)('%s hold one with each kernel of the model, and one with its gradient', (workload, create) => {
    const model = create();
    const { products } = WORKLOADS[workload];
    const kernels = Object.entries(model.parameters).filter(([name]) => name.endsWith('.kernel'));
    for (const [, { size }] of kernels) {
      const alike = kernels.filter(([, other]) => other.size === size).length;
      expect(products.filter(({ k, n }) => k * n === size).length).toBeGreaterThanOrEqual(alike);
      expect(products.filter(({ m, n }) => m * n === size).length).toBeGreaterThanOrEqual(alike);
    }
    model.dispose();
  });

  it('of a dense VAE are three a layer, and two for the first', () => {
    const layers = 784 * 400 + 400 * 40 + 20 * 400 + 400 * 784;
    expect(operations(WORKLOADS.a)).toBe(2 * 128 * (3 * layers - 784 * 400));
  });

  it('of a stride’s convolution are those of its patches', () => {
    // 14 × 14 positions of 3 × 3 × 1 values for each of 128 images, and 32 filters.
    expect(WORKLOADS.b.products[0]).toEqual({ m: 128 * 14 * 14, k: 9, n: 32 });
  });
});
