import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig, ConfigurationError } from '../../config';
import { corruptionSchema, createCorruption } from '../../corruption/corruption';
import type { BuiltInCorruption, Corruption } from '../../corruption/corruption';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { DeterministicFamily, deterministicFields } from './deterministicAutoencoder';
import type { DeterministicConfig } from './deterministicAutoencoder';
import type { Objective } from '../explanation';

export interface DenoisingAutoencoderConfig extends DeterministicConfig {
  /** What x̃ is; `own` says that the constructor is handed one. Default masking of a share of 0.3. */
  corruption?: BuiltInCorruption | { corruption: 'own' };
}

const own = z.strictObject({ corruption: z.literal('own') });

const schema = z.strictObject({
  ...deterministicFields,
  corruption: z
    .union([corruptionSchema, own], {
      error:
        'expected { corruption: "masking" | "gaussian" | "saltAndPepper", … }, with a rate in [0, 1] or a deviation ≥ 0',
    })
    .prefault({ corruption: 'masking' }),
});

type CheckedConfig = z.output<typeof schema>;

/**
 * The denoising autoencoder (Vincent et al. 2008; 2010): trained to give back the clean x from a corrupted
 * $\tilde x \sim q(\tilde x \mid x)$. The only term, `reconstruction`, is summed over the d values of x and averaged over
 * the batch, with one fresh corruption of each sample a step:
 *
 * $$\mathbb E_{q(\tilde x \mid x)} \|x - f(g(\tilde x))\|^2$$
 *
 * or the cross-entropy of x, in nats. Its minimum over all functions is the regression $\mathbb E[x \mid \tilde x]$; for
 * additive Gaussian noise that is $\tilde x + s^2 \nabla \log p(\tilde x)$ (Vincent 2011).
 */
export class DenoisingAutoencoder extends DeterministicFamily<CheckedConfig> {
  readonly kind = 'DenoisingAutoencoder';
  readonly termWeights = {};
  private readonly corruption: Corruption;

  /**
   * @param corruption one's own, in place of the configuration's
   * @throws {ConfigurationError} when one is given beside a built-in one, or missing where the configuration says `own`
   */
  constructor(config: DenoisingAutoencoderConfig, corruption?: Corruption) {
    const named =
      corruption && config.corruption === undefined ? { ...config, corruption: { corruption: 'own' } } : config;
    const checked = checkedConfig('DenoisingAutoencoder', schema, named);
    super(checked, { ...checked, name: 'denoising autoencoder' });
    this.corruption = chosen(checked.corruption, corruption);
  }

  /**
   * Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was.
   *
   * @param corruption for a model that was made with one's own: functions are not saved
   */
  static load(path: string, corruption?: Corruption): Promise<DenoisingAutoencoder> {
    const create = (config: unknown) => new DenoisingAutoencoder(config as DenoisingAutoencoderConfig, corruption);
    return loadCheckpoint(path, 'DenoisingAutoencoder', create);
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): { reconstruction: tf.Tensor } {
    const x = tensors['x'] as tf.Tensor2D;
    const xTilde = this.corruption.apply(x, tensors);
    const z = this.encodeRows(xTilde);
    return { reconstruction: this.reconstructionOf(x, this.outputOf(z)) };
  }

  get objective(): Objective {
    const reconstruction = this.reconstructionTerm('\\tilde x');
    return {
      formula: `\\mathbb E_{q(\\tilde x \\mid x)} \\left[ ${reconstruction.formula} \\right]`,
      terms: { reconstruction: { ...reconstruction, meaning: `${reconstruction.meaning}; of the clean x` } },
      source: 'Vincent et al. 2010, Stacked denoising autoencoders',
    };
  }

  override noise(stream: RandomStream, count: number): Record<string, tf.Tensor> {
    return this.corruption.noise(stream, count, widthOf(this.inputShape));
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** f(g(x̃)), the clean samples that corrupted ones are guessed to come from: [n, d] → [n, d]. */
  denoise(xTilde: SampleInput): tf.Tensor2D {
    return this.reconstruct(xTilde);
  }

  /** x̃ as the training sees it: [n, d] → [n, d]. */
  corrupt(x: SampleInput, { seed = this.seed }: { seed?: number } = {}): tf.Tensor2D {
    const stream = randomStream(seed, 'corruption');
    return mapRows(x, this.expected(`${this.name}: corrupt`), (rows) =>
      this.corruption.apply(rows, this.noise(stream, rows.shape[0])),
    );
  }
}

function chosen(config: CheckedConfig['corruption'], given: Corruption | undefined): Corruption {
  if (config.corruption !== 'own') {
    if (!given) return createCorruption(config);
    const problem = `"corruption" is ${config.corruption} and one of your own is given too; leave one of the two out`;
    throw new ConfigurationError('DenoisingAutoencoder', [problem]);
  }
  if (given) return given;
  const problem = '"corruption" is one of your own, which is not saved; give it as the second argument';
  throw new ConfigurationError('DenoisingAutoencoder', [problem]);
}
