import {
  AdversarialAutoencoder,
  convolutional,
  LatentDiffusionAutoencoder,
  ProbeClassifier,
  SoftmaxRegression,
  VQLatentDiffusionAutoencoder,
} from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;
const tiny = { kind: 'image', height: 6, width: 6, channels: 1 } as const;
const odd = { kind: 'image', height: 5, width: 6, channels: 3 } as const;
// Gentle weights: the comparison's steps are long, and ratios of gradients magnify what rounding does to them.
const small = {
  channels: [4, 4],
  latentChannels: 2,
  discriminatorChannels: [4],
  perceptualWeight: 0.02,
  discriminatorWeight: 0.05,
};
const probe = (input: typeof tiny) => new ProbeClassifier({ input, classes: 2, channels: [3, 4], seed: 9 });

describeTracedSteps({
  'adversarial autoencoder': (common) =>
    new AdversarialAutoencoder({ ...common, input: image, hidden: [16], latent: 3, discriminatorHidden: [8] }),
  'adversarial autoencoder, mixture, cross-entropy': (common) =>
    new AdversarialAutoencoder({
      ...common,
      input: image,
      hidden: [16],
      latent: 2,
      discriminatorHidden: [8, 8],
      loss: 'crossEntropy',
      prior: { prior: 'gaussianMixture' },
    }),
  'convolutional adversarial autoencoder': (common) =>
    new AdversarialAutoencoder({
      ...common,
      input: tiny,
      latent: 3,
      encoder: convolutional({ channels: [4] }),
      decoder: convolutional({ channels: [4] }),
      discriminatorHidden: [8],
      loss: 'crossEntropy',
    }),
  'probe of classes': (common) =>
    new ProbeClassifier({ ...common, input: odd, classes: 4, channels: [3, 4], features: 5 }),
  'probe of rotations': (common) =>
    new ProbeClassifier({ ...common, input: image, classes: 'rotations', channels: [3, 4], features: 5 }),
  'softmax regression': (common) => new SoftmaxRegression({ ...common, input: image, classes: 3 }),
  'latent-diffusion autoencoder with a probe': (common) =>
    new LatentDiffusionAutoencoder({ ...common, ...small, input: tiny }, probe(tiny)),
  'latent-diffusion autoencoder, odd colour images, no attention': (common) =>
    new LatentDiffusionAutoencoder({ ...common, ...small, input: odd, attention: false, blocks: 2 }),
  'latent-diffusion autoencoder with codes': (common) =>
    new VQLatentDiffusionAutoencoder(
      { ...common, ...small, input: tiny, codebookSize: 8, reviveBelow: 0 },
      probe(tiny),
    ),
});
