import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { DiagonalGaussian } from '../../distributions/index';
import type { RandomStream } from '../../random';
import { mapRows } from '../../samples';
import type { SampleInput } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import type { Objective } from '../explanation';
import { FirstStage, firstStageFields, restoring, withProbe } from './firstStage';
import type { FirstStageConfig } from './firstStage';
import type { LatentDraws } from '../latentModel';
import type { ProbeClassifier } from '../classifiers/probeClassifier';
import { drawsOf } from '../variational/draws';

export interface LatentDiffusionAutoencoderConfig extends FirstStageConfig {
  /** Weight of the KL divergence: a number or a schedule. Default 1e-6. */
  klWeight?: Schedule;
}

const schema = z.strictObject({ ...firstStageFields, klWeight: scheduleSchema().default(1e-6) });

type CheckedConfig = z.output<typeof schema>;

/** log σ² stays between them. */
const [LEAST_LOG_VARIANCE, GREATEST_LOG_VARIANCE] = [-30, 20];

/**
 * The first stage of latent diffusion with a KL divergence of small weight (Rombach et al. 2022, “KL-reg.”): at each
 * number of the latent map $q(z|x)$ is a Gaussian, and
 *
 * $$10^{-6}\,\mathrm{KL}(q(z|x) \,\|\, \mathcal N(0, I))$$
 *
 * joins the losses of {@link FirstStage}. In the term `kl`, in nats, the divergence is summed over all positions and
 * channels and averaged over the batch; its weight is so small that latents stay far from N(0, I).
 */
export class LatentDiffusionAutoencoder extends FirstStage<CheckedConfig> {
  readonly kind = 'LatentDiffusionAutoencoder';
  readonly name: string;
  override readonly state = this.perceptualState;
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  private readonly bothHeads = this.compiledRows((x) => this.encoder.apply(x));

  /**
   * @param probe a trained classifier of such images, whose features perceptual distances are taken in. Its weights are
   *   copied and stay fixed; checkpoints hold them
   */
  constructor(config: LatentDiffusionAutoencoderConfig, probe: ProbeClassifier | null = null) {
    const checked = checkedConfig('LatentDiffusionAutoencoder', schema, withProbe(config, probe));
    super(checked, 2 * checked.latentChannels, probe);
    this.name = `latent-diffusion autoencoder, ${this.latentShape.join(' × ')} latents`;
    this.termWeights = { kl: { symbol: 'β', schedule: checked.klWeight }, ...this.adversarialWeights() };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<LatentDiffusionAutoencoder> {
    return loadCheckpoint(path, 'LatentDiffusionAutoencoder', (saved) => {
      const config = saved as LatentDiffusionAutoencoderConfig;
      return restoring(config, (probe) => new LatentDiffusionAutoencoder(config, probe));
    });
  }

  protected override regularized(x: tf.Tensor2D, tensors: Readonly<Record<string, tf.Tensor>>) {
    const q = this.q(this.encoder.apply(x));
    return { z: q.reparameterize(tensors['epsilon']!), losses: { kl: q.kl().mean() } };
  }

  get objective(): Objective {
    const kl = {
      formula: '\\mathrm{KL}(q(z|x) \\,\\|\\, \\mathcal N(0, I))',
      meaning: 'in closed form, summed over positions and channels of the latent map, mean over the batch',
    };
    const source = 'Rombach et al. 2022, High-Resolution Image Synthesis with Latent Diffusion Models, equation 25';
    return this.statement('\\beta\\,\\mathrm{KL}(q(z|x) \\,\\|\\, \\mathcal N(0, I))', { kl }, source);
  }

  /** One draw of ε for each latent. */
  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D } {
    const k = this.latentDimensions;
    return { epsilon: tf.tensor2d(stream.normals(count * k), [count, k]) };
  }

  /** q(z|x) of the encoder's rows, which hold 2c numbers at each position: first the means, then log σ². */
  private q(rows: tf.Tensor2D): DiagonalGaussian {
    const [height, width, channels] = this.latentShape;
    const [mu, logVar] = tf.split(rows.reshape([-1, height * width, 2 * channels]), 2, 2) as [tf.Tensor, tf.Tensor];
    const k = this.latentDimensions;
    const bounded = logVar.clipByValue(LEAST_LOG_VARIANCE, GREATEST_LOG_VARIANCE);
    return new DiagonalGaussian(mu.reshape([-1, k]), bounded.reshape([-1, k]));
  }

  /** q(z|x) of every row, of k dimensions, to be disposed by the caller. */
  posterior(x: SampleInput): DiagonalGaussian {
    const { mu, logVar } = tf.tidy(() => {
      const q = this.q(mapRows(x, this.expected(`${this.name}: posterior`), this.bothHeads));
      return { mu: q.mu, logVar: q.logVar };
    });
    return new DiagonalGaussian(mu, logVar);
  }

  /** Draws of q(z|x): [n, d] → [draws · n, k], all rows once, then all again. */
  override drawLatents(x: SampleInput, options: LatentDraws = {}): tf.Tensor2D {
    return drawsOf(() => this.posterior(x), `${this.name}: drawLatents`, { seed: this.seed, ...options });
  }

  /** The posterior mean: [n, d] → [n, k]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.q(this.encoder.apply(x)).mu;
  }

  /** With the latents, μ, also log σ² of the posterior. */
  override encoderOutputs(x: tf.Tensor2D): { z: tf.Tensor; logVar: tf.Tensor } {
    const { mu, logVar } = this.q(this.encoder.apply(x));
    return { z: mu, logVar };
  }
}
