import { describe, expect, it } from 'vitest';
import { Dataset, VAE, VQVAE } from '../../../../kernel/autoencoders/index';

const data = Dataset.from(Array.from({ length: 20 }, (_, i) => [i / 20, 1 - i / 20]));
const config = { input: data.shape, latent: 1, hidden: [4], seed: 1 };

describe('a model that has been disposed of', () => {
  it.each([
    ['VAE', new VAE(config)],
    ['VAE with another weight', new VAE({ ...config, beta: 4 })],
    ['VQVAE', new VQVAE({ input: data.shape, seed: 1 })],
  ])('says so when it is used: %s', async (_, model) => {
    model.dispose();
    const message = `${model.name} has been disposed of: create it again, or call dispose() after its last use.`;
    expect(() => model.reconstruct(data)).toThrow(message);
    await expect(model.fit(data, { epochs: 1 })).rejects.toThrow(message);
    model.dispose();
  });

  it('ends the training that is under way', async () => {
    const model = new VAE(config);
    const training = model.fit(data, { epochs: 100_000, callbacks: { stepEnded: () => model.dispose() } });
    await expect(training).rejects.toThrow(/has been disposed of/);
  });
});
