import { expect, it } from 'vitest';
import {
  LatentDiffusionAutoencoder,
  linearWarmup,
  ProbeClassifier,
  VQLatentDiffusionAutoencoder,
} from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps, trained } from '../../../engine/tracedIsEager';
import type { Create } from '../../../engine/tracedIsEager';
import { ownInput, ownStages } from './ownNetworks';

const input = { kind: 'image', height: 6, width: 6, channels: 1 } as const;
const small = { input, channels: [4], latentChannels: 2, discriminatorChannels: [3], attention: false };
const probe = () => new ProbeClassifier({ input, classes: 2, channels: [3], features: 2, seed: 7 });

describeTracedSteps({
  'first stage with a divergence': (common) => new LatentDiffusionAutoencoder({ ...small, ...common }),
  'first stage of colour images, with a divergence that warms up': (common) =>
    new LatentDiffusionAutoencoder({
      ...small,
      ...common,
      input: { ...input, channels: 3 },
      klWeight: linearWarmup(3, 0, 0.1),
    }),
});

// λ divides two norms, and with a probe or codes rounding grows with each step: the steps after the first drift apart.
const first: Record<string, Create> = {
  'a divergence and a probe': (common) => new LatentDiffusionAutoencoder({ ...small, ...common }, probe()),
  'codes and a probe': (common) => new VQLatentDiffusionAutoencoder({ ...small, ...common, codebookSize: 5 }, probe()),
};

for (const [name, create] of Object.entries(ownStages)) {
  first[name] = (common) => new LatentDiffusionAutoencoder({ ...create(2).config, ...common, input: ownInput });
}

it.each(Object.keys(first))('the first traced step of a first stage with %s is the eager one', async (name) => {
  const optimizer = { name: 'adam' } as const;
  const [eager] = (await trained(first[name]!, 'eager', 8, optimizer)).reports;
  const [traced] = (await trained(first[name]!, 'cpu', 8, optimizer)).reports;
  expect(Object.keys(traced!.losses)).toEqual(Object.keys(eager!.losses));
  for (const [term, value] of Object.entries(eager!.losses)) {
    expect(Math.abs(traced!.losses[term]! - value), term).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
  }
  expect(traced!.gradientNorm / eager!.gradientNorm).toBeCloseTo(1, 5);
});
