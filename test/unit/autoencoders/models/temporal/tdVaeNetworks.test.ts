import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { convolutional, randomStream, TDVAE } from '../../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a TD-VAE of image strips', () => {
  it('has convolutions between frames and beliefs, and between states and frames', async () => {
    const strip = { kind: 'image', height: 12, width: 4, channels: 1 } as const;
    const networks = { encoder: convolutional({ channels: [3] }), decoder: convolutional({ channels: [3] }) };
    const common = { frames: 3, jumps: [1, 2] as [number, number], belief: 5, gates: 6, latent: 2, seed: 2 };
    const own = new TDVAE({ ...common, input: strip, ...networks });
    expect(own.parameters['frame.0.kernel']!.shape).toEqual([3, 3, 1, 3]);
    const strips = tf.tensor2d(randomStream(3, 'x').uniforms(8 * 48), [8, 48]);
    const before = (await own.score(strips))['total']!;
    await own.fit(strips, { epochs: 30, batchSize: 8, learningRate: 0.01 });
    expect((await own.score(strips))['total']).toBeLessThan(before);
    expect(own.rollout(strips, { from: 2, steps: 1 }).shape).toEqual([8, 16]);
    own.dispose();
  });
});
