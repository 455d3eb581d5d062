import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { GaussianMixture, RegularizedAutoencoder } from '../../../../../kernel/autoencoders/index';
import { lowRankSamples } from '../../data';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a regularised autoencoder', () => {
  it('adds half the squared latents and the squared kernels of the decoder', async () => {
    const data = lowRankSamples(30, 5, 2);
    const model = new RegularizedAutoencoder({ input: 5, hidden: [4], latent: 2, beta: 0.5, decoderDecay: 0.25 });
    const squares = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value ** 2, 0);
    const latent = squares(model.encode(data).dataSync()) / 2 / data.length;
    const names = ['decoder.0.kernel', 'decoder.1.kernel'];
    const decoder = names.reduce((sum, name) => sum + squares(model.parameters[name]!.dataSync()), 0);
    const score = await model.score(data);
    expect(score['latent']).toBeCloseTo(latent, 4);
    expect(score['decoder']).toBeCloseTo(decoder, 4);
    expect(score['total']).toBeCloseTo(score['reconstruction']! + 0.5 * latent + 0.25 * decoder, 4);
    model.dispose();
  });

  it('samples by decoding draws of a density that was fitted to its latents', async () => {
    const data = lowRankSamples(100, 5, 2);
    const model = new RegularizedAutoencoder({ input: 5, hidden: [], latent: 2, seed: 1 });
    const mixture = await GaussianMixture.fit(model.encode(data), { components: 2, seed: 1 });
    const sample = model.sample(7, { from: mixture, seed: 3 });
    expect(sample.arraySync()).toEqual(model.decode(mixture.sample(7, { seed: 3 })).arraySync());
    model.dispose();
  });
});
