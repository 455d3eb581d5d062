import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  activeUnits,
  codebookUsage,
  meanReconstructionError,
  perplexity,
  reconstructionErrors,
} from '../../../../kernel/autoencoders/index';
import type { SampleInput } from '../../../../kernel/autoencoders/index';
import { alive, useWasm } from '../../engine/backends';

beforeAll(useWasm);

const asTensor = (x: SampleInput) => tf.tensor2d(x as number[][]);

describe('perplexity', () => {
  it('is the number of codes that are used equally', () => {
    expect(perplexity([5, 5, 5, 5])).toBeCloseTo(4, 12);
    expect(perplexity([7, 0, 0])).toBe(1);
    expect(perplexity([3, 3, 0, 0])).toBeCloseTo(2, 12);
  });

  it('is exp of the entropy in nats', () => {
    const entropy = -(0.5 * Math.log(0.5) + 2 * 0.25 * Math.log(0.25));
    expect(perplexity([2, 1, 1])).toBeCloseTo(Math.exp(entropy), 12);
  });

  it('of nothing is 0', () => {
    expect(perplexity([0, 0])).toBe(0);
  });
});

describe('codebook usage', () => {
  it('counts every code of the data', async () => {
    const codes = tf.tensor2d([0, 2, 2, 2, 0, 3], [3, 2], 'int32');
    const coder = { codebookSize: 5, codes: () => codes.clone() };
    const before = alive();
    expect(await codebookUsage(coder, [[0], [0], [0]])).toEqual({
      counts: Int32Array.of(2, 0, 3, 1, 0),
      perplexity: perplexity([2, 3, 1]),
      deadCodes: 2,
      samples: 3,
      positions: 2,
    });
    expect(alive()).toEqual(before);
  });
});

describe('active units', () => {
  it('are those whose posterior mean varies with the data by more than the threshold', async () => {
    // Variances 1, 0.0025 and 0.
    const z = [
      [1, 0.05, 3],
      [-1, -0.05, 3],
    ];
    const units = await activeUnits({ encode: asTensor }, z);
    expect(units.count).toBe(1);
    [1, 0.0025, 0].forEach((variance, i) => expect(units.variances[i]).toBeCloseTo(variance, 6));
    expect((await activeUnits({ encode: asTensor }, z, 0.001)).count).toBe(2);
  });
});

describe('the reconstruction error', () => {
  const halving = { reconstruct: (x: SampleInput) => (x as tf.Tensor2D).mul<tf.Tensor2D>(0.5) };

  it('is the squared error of each sample, summed over its values', async () => {
    const errors = await reconstructionErrors(halving, [
      [2, 4],
      [0, 6],
    ]);
    expect([...errors]).toEqual([5, 9]);
  });

  it('has a mean over the data, of any size', async () => {
    const x = tf.ones<tf.Rank.R2>([3000, 4]);
    const before = alive();
    expect(await meanReconstructionError(halving, x)).toBe(1);
    expect(alive()).toEqual(before);
  });
});
