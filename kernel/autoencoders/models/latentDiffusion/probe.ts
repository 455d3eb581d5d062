/** The probe in whose features a first stage takes perceptual distances. */
import { ConfigurationError } from '../../config';
import { PerceptualDistance } from '../../networks/adversarial/perceptual';
import type { ProbeClassifier } from '../classifiers/probeClassifier';
import type { CheckedFirstStageConfig, FirstStageConfig } from './firstStageConfig';

/** The configuration with the channels of the probe that is given. */
export function withProbe<C extends FirstStageConfig>(config: C, probe: ProbeClassifier | null): C {
  return probe ? { ...config, probeChannels: probe.config.channels } : config;
}

/**
 * The distance in the features of a probe, whose weights are copied; null without one.
 *
 * @throws {ConfigurationError} when it judges other images
 */
export function perceptualDistance(
  { input: image, probeChannels, seed }: CheckedFirstStageConfig,
  probe: ProbeClassifier | null,
): PerceptualDistance | null {
  if (!probeChannels) return null;
  const options = { name: 'perceptual', image, channels: probeChannels, seed };
  if (!probe) return new PerceptualDistance(options);
  const theirs = probe.config.input;
  const found = [theirs.height, theirs.width, theirs.channels].join(' × ');
  const expected = [image.height, image.width, image.channels].join(' × ');
  if (found !== expected) {
    throw new ConfigurationError('the probe', [`it judges images of ${found}; the model has images of ${expected}`]);
  }
  return new PerceptualDistance(options, probe.trunk.parameters);
}
