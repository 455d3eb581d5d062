import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { gaussianNoise, masking, randomStream, saltAndPepper } from '../../../../kernel/autoencoders/index';
import type { CorruptionPart } from '../../../../kernel/autoencoders/index';
import { drawn } from '../../../../kernel/autoencoders/noise';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const [N, D] = [200, 100];

/** What a corruption makes of N × D values of 0.5. */
function corrupted({ definition }: CorruptionPart): number[] {
  const noise = drawn(definition.noise(N, D), randomStream(3, 'noise'));
  return Array.from(definition.apply(tf.fill([N, D], 0.5) as tf.Tensor2D, noise).dataSync());
}

function share(values: number[], of: number): number {
  return values.filter((value) => value === of).length / values.length;
}

/** Four standard errors of a share among N·D values. */
const OFF = 4 * Math.sqrt(0.25 / (N * D));

describe('a corruption', () => {
  it('masks the share that it says and leaves the rest as it is', () => {
    const values = corrupted(masking({ rate: 0.3 }));
    expect(Math.abs(share(values, 0) - 0.3)).toBeLessThan(OFF);
    expect(share(values, 0) + share(values, 0.5)).toBe(1);
  });

  it('adds Gaussian noise of its deviation', () => {
    const values = corrupted(gaussianNoise({ deviation: 0.2 }));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan((4 * 0.2) / Math.sqrt(N * D));
    expect(Math.abs(variance / 0.04 - 1)).toBeLessThan(4 * Math.sqrt(2 / (N * D)));
  });

  it('sets values to salt and pepper in equal shares', () => {
    const values = corrupted(saltAndPepper({ rate: 0.4, low: -1, high: 2 }));
    expect(Math.abs(share(values, -1) - 0.2)).toBeLessThan(OFF);
    expect(Math.abs(share(values, 2) - 0.2)).toBeLessThan(OFF);
    expect(Math.abs(share(values, 0.5) - 0.6)).toBeLessThan(OFF);
  });

  it('leaves everything as it is at rate 0 and nothing at rate 1', () => {
    expect(share(corrupted(masking({ rate: 0 })), 0.5)).toBe(1);
    expect(share(corrupted(masking({ rate: 1 })), 0)).toBe(1);
  });
});
