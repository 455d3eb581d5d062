import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainingOf } from '../../../kernel/bench/trainings';
import { operations, TRAINING_NAMES, WORKLOADS } from '../../../kernel/bench/workloads';

/** A look-up, and products with one part of a kernel that masks leave. */
const OTHERWISE = /^(embedding|start|block\d\.residual\d\.\d)\.kernel$/;

describe('the matrix products of a workload', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each(TRAINING_NAMES)('%s hold one with each kernel of the model, and one with its gradient', async (workload) => {
    const { model } = await trainingOf(workload);
    const { products } = WORKLOADS[workload];
    const kernels = Object.entries(model.parameters).filter(([name]) => /kernel$/i.test(name) && !OTHERWISE.test(name));
    expect(kernels.length).toBeGreaterThan(3);
    for (const [, { size }] of kernels) {
      const alike = kernels.filter(([, other]) => other.size === size).length;
      expect(products.filter(({ k, n }) => k * n === size).length).toBeGreaterThanOrEqual(alike);
      expect(products.filter(({ m, n }) => m * n === size).length).toBeGreaterThanOrEqual(alike);
    }
    tf.dispose([Object.values(model.parameters), Object.values(model.state)]);
  });

  it('of masked convolutions count the places that are seen: four of nine at the start, then five', () => {
    const seen = WORKLOADS.f.products
      .filter(({ m, k }) => m === 32 * 64 && k % 64 === 0 && k > 128)
      .map(({ k, n }) => `${k} ${n}`);
    expect(seen.filter((sizes) => sizes === '256 64')).toHaveLength(1);
    expect(seen.filter((sizes) => sizes === '320 64')).toHaveLength(4);
    expect(seen.filter((sizes) => sizes === '320 128')).toHaveLength(4);
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
