import {
  convolutional,
  HierarchicalVAE,
  LadderVAE,
  linearWarmup,
  MHVAE,
} from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const image = { kind: 'image', height: 6, width: 6, channels: 1 } as const;
const maps = { encoder: convolutional({ channels: [3] }), decoder: convolutional({ channels: [3] }) };
const small = { input: 12, hidden: [10], levelHidden: [8] };

describeTracedSteps({
  'hierarchical VAE inferred from the top': (common) =>
    new HierarchicalVAE({ ...common, ...small, latents: [3, 2], inference: 'topDown', likelihood: 'gaussian' }),
  'MHVAE of three levels': (common) => new MHVAE({ ...common, ...small, latents: [4, 3, 2] }),
  'MHVAE of one level, learned σ': (common) =>
    new MHVAE({ ...common, ...small, latents: [3], likelihood: 'gaussian', activation: 'tanh' }),
  'ladder VAE of three levels, warm-up': (common) =>
    new LadderVAE({
      ...common,
      ...small,
      latents: [4, 3, 2],
      features: [10, 8, 6],
      activation: 'tanh',
      beta: linearWarmup(3),
    }),
  'convolutional MHVAE': (common) => new MHVAE({ ...common, ...maps, input: image, latents: [3, 2] }),
  'convolutional ladder VAE': (common) =>
    new LadderVAE({ ...common, ...maps, input: image, latents: [3, 2], features: [8, 6] }),
});
