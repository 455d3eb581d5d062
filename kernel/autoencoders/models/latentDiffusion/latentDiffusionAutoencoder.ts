import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { DiagonalGaussian } from '../../distributions/index';
import { normal } from '../../noise';
import { KL } from '../../objectives/bound';
import { STANDARD_NORMAL } from '../../priors/standardNormal';
import type { RandomStream } from '../../random';
import { mapRows } from '../../samples';
import type { SampleInput } from '../../samples';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { LatentDraws } from '../autoencoder';
import type { ProbeClassifier } from '../classifiers/probeClassifier';
import type { Given } from '../model';
import { drawsOf } from '../variational/draws';
import { FirstStage } from './firstStage';
import { firstStageFields, fitsTogether, withDefaults } from './firstStageConfig';
import type { FirstStageConfig } from './firstStageConfig';
import { withProbe } from './probe';

/** What {@link LatentDiffusionAutoencoder} is made of. */
export interface LatentDiffusionAutoencoderConfig extends FirstStageConfig {
  /** Weight of the KL divergence: a number or a schedule. Default 1e-6. */
  klWeight?: Schedule;
}

const schema = z
  .strictObject({ ...firstStageFields, klWeight: scheduleSchema().default(1e-6) })
  .superRefine(fitsTogether)
  .transform(withDefaults);

type CheckedConfig = z.output<typeof schema>;

/** The batch, and ε: [n, k]. */
interface GaussianGiven extends Given {
  epsilon: tf.Tensor2D;
}

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
export class LatentDiffusionAutoencoder extends FirstStage<CheckedConfig, GaussianGiven> {
  protected override readonly source =
    'Rombach et al. 2022, High-Resolution Image Synthesis with Latent Diffusion Models, equation 25';
  private readonly bothHeads = this.compiledRows((x) => this.encoder.apply(x));

  /**
   * @param probe a trained classifier of such images, whose features perceptual distances are taken in. Its weights are
   *   copied and stay fixed; checkpoints hold them
   */
  constructor(config: LatentDiffusionAutoencoderConfig, probe: ProbeClassifier | null = null) {
    const checked = checkedConfig('LatentDiffusionAutoencoder', schema, withProbe(config, probe));
    super(checked, 2, probe);
  }

  protected override regularized({ x, epsilon }: GaussianGiven) {
    const q = this.q(this.encoder.apply(x));
    const z = q.reparameterize(epsilon);
    const kl = {
      value: STANDARD_NORMAL.klPerDimension!(q)!.sum(1).mean(),
      weight: { symbol: 'β', schedule: this.config.klWeight },
      formula: KL.replace('p(z)', '\\mathcal N(0, I)'),
      meaning: 'in closed form, summed over positions and channels of the latent map, mean over the batch',
    };
    return { z, terms: { kl } };
  }

  /** One draw of ε for each latent. */
  override noise(n: number) {
    return { epsilon: normal([n, this.latentDimensions]) };
  }

  /** q(z|x) of the encoder's rows: first all means, then all log σ². */
  private q(rows: tf.Tensor2D): DiagonalGaussian {
    const [mu, logVar] = tf.split(rows, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return new DiagonalGaussian(mu, logVar.clipByValue(LEAST_LOG_VARIANCE, GREATEST_LOG_VARIANCE));
  }

  override get name(): string {
    return `latent-diffusion autoencoder, ${this.latentShape.join(' × ')} latents`;
  }

  override inputs(stream: RandomStream, n: number, step = 0): Record<string, tf.Tensor> & { epsilon: tf.Tensor2D } {
    return super.inputs(stream, n, step) as Record<string, tf.Tensor> & { epsilon: tf.Tensor2D };
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
