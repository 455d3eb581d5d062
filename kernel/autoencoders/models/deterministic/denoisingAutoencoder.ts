import type * as tf from '@tensorflow/tfjs';
import type { Labelled } from '../../conditioning/labelledRows';
import { corruptionSchema } from '../../corruption/corruption';
import type { CorruptionLike } from '../../corruption/corruption';
import type { SampleInput } from '../../samples';
import { DeterministicAutoencoder } from './deterministicAutoencoder';
import { preset } from './deterministicConfig';
import type { DeterministicConfig } from './deterministicConfig';

/** What {@link DenoisingAutoencoder} is made of. */
export interface DenoisingAutoencoderConfig extends DeterministicConfig {
  /** What x̃ is. Default `masking`, of a share of 0.3. */
  corruption?: CorruptionLike;
}

const fields = { corruption: corruptionSchema().prefault('masking') };

/**
 * The denoising autoencoder (Vincent et al. 2008; 2010): a {@link DeterministicAutoencoder} with a corruption, trained to
 * give back the clean x from $\tilde x \sim q(\tilde x \mid x)$, with one fresh corruption of each sample a step:
 *
 * $$\mathbb E_{q(\tilde x \mid x)} \|x - f(g(\tilde x))\|^2$$
 *
 * or the cross-entropy of x, in nats. Its minimum over all functions is the regression $\mathbb E[x \mid \tilde x]$; for
 * additive Gaussian noise that is $\tilde x + s^2 \nabla \log p(\tilde x)$ (Vincent 2011).
 */
export class DenoisingAutoencoder extends DeterministicAutoencoder {
  override readonly title: string = 'denoising autoencoder';

  constructor(config: DenoisingAutoencoderConfig) {
    super(...preset('DenoisingAutoencoder', fields, config, ({ corruption }) => ({ corruption })));
  }

  /** f(g(x̃)), the clean samples that corrupted ones are guessed to come from: [n, d] → [n, d]. */
  denoise(xTilde: SampleInput, options: Labelled = {}): tf.Tensor2D {
    return this.reconstruct(xTilde, options);
  }
}
