import { BetaTCVAE, ConditionalVAE, FactorVAE, InfoVAE, VampPriorVAE } from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const shape = { input: 20, hidden: [12], latent: 3 };

describeTracedSteps({
  'β-TC-VAE': (common) => new BetaTCVAE({ ...common, ...shape, dataSize: 50 }),
  'β-TC-VAE, weighted sampling, Gaussian': (common) =>
    new BetaTCVAE({ ...common, ...shape, dataSize: 50, estimator: 'weighted', likelihood: 'gaussian' }),
  FactorVAE: (common) => new FactorVAE({ ...common, ...shape, discriminator: { hidden: [8, 8] } }),
  InfoVAE: (common) => new InfoVAE({ ...common, ...shape }),
  'InfoVAE, inverse multiquadratic kernel, biased': (common) =>
    new InfoVAE({ ...common, ...shape, kernel: 'inverseMultiquadratic', estimator: 'biased', likelihood: 'gaussian' }),
  'VampPrior VAE': (common) => new VampPriorVAE({ ...common, ...shape, components: 7 }),
  'conditional VAE': (common) => new ConditionalVAE({ ...common, ...shape, classes: 4 }),
});
