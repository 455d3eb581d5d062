import { z } from 'zod';
import { convolutional } from '../../networks/convolutional';
import { evidenceLowerBound } from '../../objectives/index';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { imageFields } from '../commonConfig';
import type { ImageConfig } from '../commonConfig';
import { preset } from './preset';
import { VAE } from './vae';
import type { VariationalConfig } from './vaeConfig';

/** What {@link ConvolutionalVAE} is made of. */
export interface ConvolutionalVAEConfig
  extends
    ImageConfig,
    Omit<VariationalConfig, 'input' | 'latent' | 'encoder' | 'decoder' | 'hidden' | 'activation' | 'initializer'> {
  /** k, the dimensions of z. Default 2. */
  latent?: number;
  /**
   * Channels of the maps after the encoder's layers, each of stride 2; the decoder has them in reverse. Default
   * [32, 64].
   */
  channels?: readonly number[];
  /** β, the weight of `kl`: a number or a schedule. Default 1, where the loss is minus the bound. */
  beta?: Schedule;
}

const fields = {
  input: imageFields.input,
  latent: z.int().min(1).default(2),
  channels: z.array(z.int().min(1)).min(1).readonly().default([32, 64]),
  beta: scheduleSchema().default(1),
};

const WITHOUT = ['encoder', 'decoder', 'hidden', 'activation', 'initializer'] as const;

/**
 * The convolutional variational autoencoder of TensorFlow's tutorial "Convolutional Variational Autoencoder": a
 * {@link VAE} with {@link convolutional} networks, whose divergence is taken by the same single draw
 * $z = \mu + \sigma\epsilon$ as the likelihood,
 *
 * $$\log p(x|z) + \log p(z) - \log q(z|x), \qquad z \sim q(z|x)$$
 *
 * A single `kl` may be negative; its expectation is the divergence. The likelihood is Bernoulli by default, whose formula
 * also serves values between 0 and 1, as the cross-entropy and not as a density; the tutorial has `binarize: 0.5` and
 * Adam at a learning rate of 1e-4. Unlike the tutorial's, the encoder pads with zeros, so that its maps have the sizes of
 * the decoder's.
 */
export class ConvolutionalVAE extends VAE {
  override readonly title: string = 'convolutional VAE';

  constructor(config: ConvolutionalVAEConfig) {
    super(
      ...preset('ConvolutionalVAE', { own: fields, without: WITHOUT }, config, ({ latent, channels, beta }) => ({
        latent,
        encoder: convolutional({ channels }),
        decoder: convolutional({ channels: channels.toReversed() }),
        objective: evidenceLowerBound({ beta, divergence: 'sampled' }),
      })),
    );
  }
}
