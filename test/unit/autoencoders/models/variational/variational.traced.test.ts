import { IWAE, linearWarmup, VAE } from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const shape = { input: 12, hidden: [8], latent: 3 };

describeTracedSteps({
  'VAE, full posterior, two draws': (common) => new VAE({ ...common, ...shape, posterior: 'full', draws: 2 }),
  'VAE, continuous Bernoulli': (common) => new VAE({ ...common, ...shape, likelihood: 'continuousBernoulli' }),
  // Small activations, since plain gradient descent of so large a step leaves steep densities at once.
  'VAE, σ per pixel': (common) =>
    new VAE({ ...common, ...shape, hidden: [3], activation: 'sigmoid', likelihood: 'gaussian', sigma: 'perPixel' }),
  'VAE, capacity': (common) => new VAE({ ...common, ...shape, capacity: { max: 4, steps: 2, gamma: 10 } }),
  'VAE, free bits, mean over pixels': (common) =>
    new VAE({ ...common, ...shape, freeBits: 0.3, reduction: 'mean', beta: linearWarmup(2) }),
  IWAE: (common) => new IWAE({ ...common, ...shape, draws: 4 }),
  'CIWAE, full posterior, doubly reparameterised': (common) =>
    new IWAE({ ...common, ...shape, draws: 3, beta: 0.5, posterior: 'full', encoderGradient: 'doublyReparameterized' }),
});
