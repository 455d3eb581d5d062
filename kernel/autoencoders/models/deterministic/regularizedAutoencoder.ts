import type * as tf from '@tensorflow/tfjs';
import { object, takes } from '../../arguments';
import { labelled, labelsOfDraws } from '../../conditioning/labelledRows';
import type { Labelled } from '../../conditioning/labelledRows';
import { decoderDecay, squaredCodes } from '../../penalties/squares';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { DeterministicAutoencoder } from './deterministicAutoencoder';
import { preset } from './deterministicConfig';
import type { DeterministicConfig } from './deterministicConfig';

/** What {@link RegularizedAutoencoder} is made of. */
export interface RegularizedAutoencoderConfig extends DeterministicConfig {
  /** β, of ½‖z‖². Default 1e-2. */
  beta?: Schedule;
  /** λ, of the decoder's squared kernels. Default 1e-4. */
  decoderDecay?: Schedule;
}

const fields = { beta: scheduleSchema().default(1e-2), decoderDecay: scheduleSchema().default(1e-4) };

/** A density over latents that can be drawn from; a `GaussianMixture` is one. */
export interface LatentDensity {
  /** [count, k]. */
  sample(count: number, options: { seed?: number }): tf.Tensor2D;
}

/**
 * The regularised autoencoder (Ghosh et al. 2020, equation 11 and the L2 variant of section 4.1): a {@link
 * DeterministicAutoencoder} with the penalties {@link squaredCodes} and {@link decoderDecay}. In place of a variational
 * autoencoder's noise, the penalties keep the decoder smooth and the latents small.
 *
 * $$\|x - f(g(x))\|^2 + \beta \, \tfrac12 \|z\|^2 + \lambda \|\theta_f\|^2$$
 *
 * `reconstruction` and `latent` are summed over dimensions and averaged over the batch; `decoder` is the sum of the
 * squared kernels $\theta_f$ of the decoder, without its biases. There is no prior: to generate samples, fit a density
 * to the latents of the training data afterwards.
 */
export class RegularizedAutoencoder extends DeterministicAutoencoder<'latent' | 'decoder'> {
  override readonly title: string = 'regularised autoencoder';

  constructor(config: RegularizedAutoencoderConfig) {
    super(
      ...preset('RegularizedAutoencoder', fields, config, ({ beta, decoderDecay: weight }) => ({
        penalties: [squaredCodes({ weight: beta }), decoderDecay({ weight })],
      })),
    );
  }

  /**
   * Decoded draws of a density over the latents, [count, d]; for example of
   * `await GaussianMixture.fit(model.encode(data), { components: 10 })`, as the paper does.
   *
   * @param options.label the class of all, or one each, for a model of classes; by itself the classes take turns
   * @throws TypeError without such a density
   */
  sample(
    count: number,
    options: { from?: LatentDensity; seed?: number; label?: Labelled['labels'] } = {},
  ): tf.Tensor2D {
    takes(`${this.name}: sample`, ['options', options, object()]);
    const { from, seed = this.seed, label } = options;
    if (!from) {
      throw new TypeError(
        `${this.name} has no prior to sample from. Fit a density to its latents and pass it: sample(count, ` +
          '{ from: await GaussianMixture.fit(model.encode(data), { components: 10 }) }).',
      );
    }
    const z = from.sample(count, { seed });
    try {
      return this.decode(z, labelled(labelsOfDraws(this.conditioning, label, count, `${this.name}: sample`)));
    } finally {
      z.dispose();
    }
  }
}
