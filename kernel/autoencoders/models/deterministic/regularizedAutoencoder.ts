import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/scheduleSchema';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import { DeterministicFamily, deterministicFields } from './deterministicAutoencoder';
import type { DeterministicConfig } from './deterministicAutoencoder';
import type { Objective } from '../explanation';

export interface RegularizedAutoencoderConfig extends DeterministicConfig {
  /** β, of ½‖z‖². Default 1e-2. */
  beta?: Schedule;
  /** λ, of the decoder's squared kernels. Default 1e-4. */
  decoderDecay?: Schedule;
}

const schema = z.strictObject({
  ...deterministicFields,
  beta: scheduleSchema().default(1e-2),
  decoderDecay: scheduleSchema().default(1e-4),
});

type CheckedConfig = z.output<typeof schema>;

/** A density over latents that can be drawn from; a `GaussianMixture` is one. */
export interface LatentDensity {
  /** [count, k]. */
  sample(count: number, options: { seed?: number }): tf.Tensor2D;
}

type RegularizedTerms = { reconstruction: tf.Tensor; latent: tf.Tensor; decoder: tf.Tensor };

/**
 * The regularised autoencoder (Ghosh et al. 2020, equation 11 and the L2 variant of section 4.1): in place of a variational
 * autoencoder's noise, a decoder that is kept smooth and latents that are kept small.
 *
 * $$\|x - f(g(x))\|^2 + \beta \, \tfrac12 \|z\|^2 + \lambda \|\theta_f\|^2$$
 *
 * `reconstruction` and `latent` are summed over dimensions and averaged over the batch; `decoder` is the sum of the squared
 * kernels $\theta_f$ of the decoder, without its biases. There is no prior: to generate, a density is fitted to the
 * latents of the training data afterwards.
 */
export class RegularizedAutoencoder extends DeterministicFamily<CheckedConfig> {
  readonly kind = 'RegularizedAutoencoder';
  readonly termWeights: Readonly<Record<string, TermWeight>>;

  constructor(config: RegularizedAutoencoderConfig) {
    const checked = checkedConfig('RegularizedAutoencoder', schema, config);
    super(checked, { ...checked, name: 'regularised autoencoder' });
    this.termWeights = {
      latent: { symbol: 'β', schedule: checked.beta },
      decoder: { symbol: 'λ', schedule: checked.decoderDecay },
    };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<RegularizedAutoencoder> {
    const create = (config: unknown) => new RegularizedAutoencoder(config as RegularizedAutoencoderConfig);
    return loadCheckpoint(path, 'RegularizedAutoencoder', create);
  }

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): RegularizedTerms {
    const x = tensors['x'] as tf.Tensor2D;
    const z = this.encodeRows(x);
    const kernels = this.decoder.map((_, i) => this.parameters[`decoder.${i}.kernel`] as tf.Tensor);
    return {
      reconstruction: this.reconstructionOf(x, this.outputOf(z)),
      latent: z.square().sum(1).mean().mul(0.5),
      decoder: kernels.map((kernel) => kernel.square().sum()).reduce((sum, square) => sum.add(square)),
    };
  }

  override noise(): Record<string, never> {
    return {};
  }

  get objective(): Objective {
    const reconstruction = this.reconstructionTerm();
    const latent = '\\tfrac12 \\|z\\|^2';
    const decoder = '\\|\\theta_f\\|^2';
    return {
      formula: `${reconstruction.formula} + \\beta \\, ${latent} + \\lambda ${decoder}`,
      terms: {
        reconstruction,
        latent: {
          formula: latent,
          meaning: 'half the squared length of the latents, mean over the batch',
          unit: 'squared code',
        },
        decoder: { formula: decoder, meaning: 'sum of the squared kernels of the decoder', unit: 'squared weight' },
      },
      source: 'Ghosh et al. 2020, From variational to deterministic autoencoders',
    };
  }

  /**
   * Decoded draws of a density over the latents, [count, d]; for example of
   * `await GaussianMixture.fit(model.encode(data), { components: 10 })`, as the paper does.
   *
   * @throws TypeError without such a density
   */
  sample(count: number, { from, seed = this.seed }: { from?: LatentDensity; seed?: number } = {}): tf.Tensor2D {
    if (!from) {
      throw new TypeError(
        `${this.name} has no prior to sample from. Fit a density to its latents and hand it over: sample(count, ` +
          '{ from: await GaussianMixture.fit(model.encode(data), { components: 10 }) }).',
      );
    }
    const z = from.sample(count, { seed });
    try {
      return this.decode(z);
    } finally {
      z.dispose();
    }
  }
}
