import { TDVAE } from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const small = { input: 24, frames: 6, hidden: [8], belief: 5, gates: 6, latent: 2 };

describeTracedSteps({
  'TD-VAE of two layers': (common) => new TDVAE({ ...common, ...small }),
  'TD-VAE that takes its jumps, learned σ': (common) =>
    new TDVAE({ ...common, ...small, layers: 1, jumps: [1, 2], conditionOnJump: true, likelihood: 'gaussian' }),
});
