import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CausalNetwork } from '../../../../../kernel/autoencoders/networks/causal/causalNetwork';
import { GatedPixelCNN } from '../../../../../kernel/autoencoders/networks/causal/gatedPixelCnn';
import { MaskedConvolution } from '../../../../../kernel/autoencoders/networks/causal/maskedConvolution';
import { PixelSNAILNetwork } from '../../../../../kernel/autoencoders/networks/causal/pixelSnail';
import { randomStream } from '../../../../../kernel/autoencoders/random';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const map = { height: 3, width: 4 };
const P = 12;
const K = 3;
const shared = { map, codebookSize: K, channels: 4, contextChannels: 0, seed: 3 };
const NETWORKS: Record<string, () => CausalNetwork> = {
  'gated PixelCNN': () => new GatedPixelCNN({ ...shared, layers: 4, firstKernel: 3, kernel: 3 }),
  PixelSNAIL: () =>
    new PixelSNAILNetwork({
      ...shared,
      layers: 2,
      residualLayers: 1,
      kernel: 3,
      heads: 2,
      keyChannels: 3,
      valueChannels: 2,
    }),
};

/** [i][j]: the largest |∂ logits of position i / ∂ input at position j|, at a random input. */
function influences(network: CausalNetwork): number[][] {
  const x = tf.tensor4d(randomStream(1, 'input').normals(P * K), [1, map.height, map.width, K]);
  return Array.from({ length: P }, (_, i) => {
    const weights = tf.tensor2d(randomStream(2, 'weights', i).normals(K), [1, K]);
    const out = (input: tf.Tensor) =>
      network
        .apply(input as tf.Tensor4D, null)
        .reshape([P, K])
        .slice(i, 1)
        .mul(weights)
        .sum();
    return [...tf.grad(out)(x).abs().reshape([P, K]).max(1).dataSync()];
  });
}

describe.each(Object.entries(NETWORKS))('the logits of a %s', (_, create) => {
  it('depend on every code before, and on no other', () => {
    const network = create();
    influences(network).forEach((row, i) => {
      row.forEach((influence, j) => {
        if (j < i) expect(influence, `${j} → ${i}`).toBeGreaterThan(0);
        else expect(influence, `${j} → ${i}`).toBe(0);
      });
    });
    tf.dispose(Object.values(network.parameters));
  });
});

describe('a masked convolution', () => {
  const options = { name: 'f', in: 2, out: 3, seed: 1 } as const;
  const x = tf.tensor4d(randomStream(1, 'x').normals(4 * 5 * 2), [1, 4, 5, 2]);

  it.each([
    ['raster', 'A', 3, (dy: number, dx: number) => dy < 0 || (dy === 0 && dx < 0)],
    ['raster', 'B', 5, (dy: number, dx: number) => dy < 0 || (dy === 0 && dx <= 0)],
    ['above', 'A', 3, (dy: number) => dy < 0],
    ['above', 'B', 3, (dy: number) => dy <= 0],
    ['left', 'A', 5, (dy: number, dx: number) => dy === 0 && dx < 0],
    ['left', 'B', 3, (dy: number, dx: number) => dy === 0 && dx <= 0],
  ] as const)('of shape %s and type %s, %i wide, sums over the places that are shown', (shape, type, size, shows) => {
    const convolution = new MaskedConvolution({ ...options, shape, type, size });
    const kernel = convolution.parameters['f.kernel']!.arraySync() as number[][][][];
    const pixels = x.arraySync()[0]!;
    const [up, left] = [(kernel.length - 1) / 2, (size - 1) / 2];
    const found = (convolution.apply(x) as tf.Tensor4D).arraySync()[0]!;
    found.forEach((row, r) =>
      row.forEach((values, c) =>
        values.forEach((value, o) => {
          let sum = 0;
          for (let dy = -up; dy <= up; dy++) {
            for (let dx = -left; dx <= left; dx++) {
              if (!shows(dy, dx)) continue;
              const pixel = pixels[r + dy]?.[c + dx] ?? [0, 0];
              pixel.forEach((p, channel) => (sum += p * kernel[dy + up]![dx + left]![channel]![o]!));
            }
          }
          expect(value).toBeCloseTo(sum, 5);
        }),
      ),
    );
  });
});
