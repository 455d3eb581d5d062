import { describe, expect, it } from 'vitest';
import { Autoencoder, ConfigurationError, cyclical, VAE, VQVAE } from '../../../../kernel/autoencoders/index';
import type { VAEConfig } from '../../../../kernel/autoencoders/index';

const vae = (config: object) => () => new VAE({ input: 4, latent: 2, ...config } as VAEConfig);

describe('a configuration', () => {
  it('gets defaults and becomes plain JSON that makes the same model', () => {
    const model = new VAE({ input: 3, latent: 2, beta: cyclical(10), seed: 7 });
    expect(model.config).toEqual({
      input: { kind: 'vector', features: ['x1', 'x2', 'x3'] },
      latent: 2,
      hidden: [400, 200],
      activation: 'relu',
      likelihood: 'bernoulli',
      beta: cyclical(10),
      draws: 1,
      seed: 7,
    });
    const again = new VAE(JSON.parse(JSON.stringify(model.config)) as VAEConfig);
    expect(again.config).toEqual(model.config);
    expect(again.parameters['encoder.0.kernel']!.dataSync()).toEqual(model.parameters['encoder.0.kernel']!.dataSync());
    for (const one of [model, again]) one.dispose();
  });

  it.each([
    [{ latent: 0 }, 'VAE: "latent" is 0, allowed: at least 1.'],
    [{ latent: 1.5 }, 'VAE: "latent" is 1.5, expected a whole number.'],
    [{ latent: undefined }, 'VAE: "latent" is missing, expected a number.'],
    [{ likelihood: 'poisson' }, 'VAE: "likelihood" is "poisson", allowed: "bernoulli", "gaussian".'],
    [{ hidden: [400, -1] }, 'VAE: "hidden.1" is -1, allowed: at least 1.'],
    [{ hidden: 400 }, 'VAE: "hidden" is 400, expected an array.'],
    [{ activation: 'swish' }, 'VAE: "activation" is "swish", allowed: "relu", "tanh", "sigmoid", "linear".'],
    [{ beta: -1 }, 'VAE: "beta" is -1, allowed: at least 0.'],
    [
      { beta: 'high' },
      'VAE: "beta" is "high", expected a number ≥ 0 or a schedule: linearWarmup(steps, from, to), cyclical(',
    ],
    [{ sigma: 0.1 }, 'VAE: "sigma" is 0.1, allowed only beside likelihood "gaussian".'],
    [{ likelihood: 'gaussian', sigma: 0 }, 'VAE: "sigma" is 0, allowed: more than 0.'],
    [{ likelihood: 'gaussian', sigma: 'big' }, 'VAE: "sigma" is "big", allowed: a number > 0, "learned".'],
    [{ latents: 3 }, 'VAE: unknown field "latents" (allowed: input, hidden, activation, seed, latent, likelihood, '],
    [{ input: 0 }, 'VAE: "input" is 0, expected a number of features ≥ 1 or the shape of a data set (data.shape).'],
    [{ latent: 0, seed: 'x' }, 'VAE: "seed" is "x", expected a number; "latent" is 0, allowed: at least 1.'],
  ])('names what is wrong with %j', (config, message) => {
    expect(vae(config)).toThrow(ConfigurationError);
    expect(vae(config)).toThrow(message);
  });

  it('is checked by every model under its own name', () => {
    expect(() => new VQVAE({ input: 4, decay: 1 })).toThrow('VQVAE: "decay" is 1, allowed: less than 1.');
    const config = { input: 4, latent: 1, beta: 2 };
    expect(() => new Autoencoder(config)).toThrow('Autoencoder: unknown field "beta" (allowed: ');
  });
});
