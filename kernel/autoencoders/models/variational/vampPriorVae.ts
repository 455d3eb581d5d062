import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { diagonalGaussian, DiagonalGaussian, logUniformMixture } from '../../distributions/index';
import { newVariable } from '../../networks/layers/layers';
import { randomStream } from '../../random';
import { checkCount, toSamples, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import { checkData, DataError } from '../../data/checkData';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { denseVariationalFields, DenseVariationalModel, sigmaNeedsGaussian } from './denseVariational';
import type { DenseVariationalConfig } from './denseVariational';
import type { Objective } from '../explanation';
import { nameWithLatents } from '../model';
import type { BoundTerms, DrawOptions } from './variational';

export interface VampPriorVAEConfig extends DenseVariationalConfig {
  /** K, components of the prior. Default 500. */
  components?: number;
  /** β, weight of the divergence: a number or a schedule. Default 1, where the loss estimates minus the bound. */
  beta?: Schedule;
}

const schema = z
  .strictObject({
    ...denseVariationalFields,
    components: z.int().min(1).default(500),
    beta: scheduleSchema().default(1),
  })
  .superRefine(sigmaNeedsGaussian);

type CheckedConfig = z.output<typeof schema>;

/**
 * A VAE with the VampPrior, a variational mixture of posteriors (Tomczak and Welling 2018, VAE with a VampPrior).
 *
 * The prior is a mixture of the encoder's own posteriors at K trained pseudo-inputs (equation 9),
 *
 * $$p(z) = \frac1K \sum_{k=1}^K q(z|u_k)$$
 *
 * and training minimises $-\mathbb E_q[\log p(x|z)] + \beta\,\mathbb E_q[\log q(z|x) - \log p(z)]$ in nats:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $z = \mu + \sigma\epsilon$ | `z` from `q` and `epsilon` | [n, k] |
 * | $u_k$ | `pseudoInputs`, kept in [0, 1] for a Bernoulli likelihood as the paper's hardtanh does | [K, d] |
 * | $\log p(z)$ | `logPrior`, by log-sum-exp over the K components | [n] |
 * | $\mathbb E_q[\log q(z\vert x) - \log p(z)]$ | `kl`, by one draw: a mixture has no closed form | scalar |
 *
 * One draw of `kl` may be negative; its mean is not. Pseudo-inputs start as noise around the middle of the values;
 * {@link startFrom} takes samples of the data, as the paper's VampPrior with data does.
 */
export class VampPriorVAE extends DenseVariationalModel<CheckedConfig> {
  readonly kind = 'VampPriorVAE';
  readonly name: string;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly pseudoInputs: tf.Variable;

  constructor(config: VampPriorVAEConfig) {
    super(checkedConfig('VampPriorVAE', schema, config));
    this.name = nameWithLatents('VampPrior VAE', this.latentDimensions);
    const { components, input, seed } = this.config;
    const shape = [components, widthOf(input)] as const;
    const [centre, deviation] = this.support ? [0.5, 0.1] : [0, 1];
    const draws = randomStream(seed, 'weights/pseudoInputs').normals(shape[0] * shape[1]);
    this.pseudoInputs = newVariable(
      draws.map((draw) => centre + deviation * draw),
      [...shape],
    );
    this.parameters = { ...this.coder.parameters, pseudoInputs: this.pseudoInputs };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<VampPriorVAE> {
    return loadCheckpoint(path, 'VampPriorVAE', (config) => new VampPriorVAE(config as VampPriorVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): BoundTerms {
    const x = tensors['x'] as tf.Tensor2D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;

    const q = this.q(x);
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.likelihood(z).logProb(x);
    const kl = q.logProbOfNoise(epsilon).sub(this.logPrior(z));

    return { reconstruction: logLikelihood.mean().neg(), kl: kl.mean() };
  }

  get objective(): Objective {
    const K = this.config.components;
    return {
      formula: `-\\mathbb E_{q(z|x)}[\\log p(x|z)] + \\beta\\,\\mathbb E_{q(z|x)}\\big[\\log q(z|x) - \\log \\tfrac1{${K}} \\textstyle\\sum_k q(z|u_k)\\big]`,
      terms: {
        reconstruction: {
          formula: '-\\mathbb E_{q(z|x)}[\\log p(x|z)]',
          meaning: 'by one draw of z, summed over the values of x, mean over the batch',
        },
        kl: {
          formula: '\\mathbb E_{q(z|x)}[\\log q(z|x) - \\log p(z)]',
          meaning: `from the mixture of ${K} posteriors, by one draw of z, summed over latents, mean over the batch`,
        },
      },
      source: 'Tomczak and Welling 2018, VAE with a VampPrior, equation 9',
    };
  }

  /** log p(z), the mixture's: [n, k] → [n]. */
  protected override logPrior(z: tf.Tensor2D): tf.Tensor1D {
    return logUniformMixture(z, this.components());
  }

  /** q(z|u_k): K components, [K, k]. */
  private components(): DiagonalGaussian {
    const u = this.support ? this.pseudoInputs.clipByValue(0, 1) : this.pseudoInputs;
    return diagonalGaussian(this.heads(u as tf.Tensor2D));
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /**
   * Sets the pseudo-inputs to K samples of the data, chosen by the seed, each at most once. They are trained on from
   * there; call it before `fit`.
   *
   * @throws {DataError} when the data hold fewer than K samples
   */
  async startFrom(data: SampleInput, { seed = this.seed }: { seed?: number } = {}): Promise<void> {
    const samples = await toSamples(data, this.expected(`${this.name}: startFrom`), this.inputShape);
    checkData(samples, this.support);
    const { components } = this.config;
    if (samples.length < components) {
      const found = `${components} pseudo-inputs cannot start from ${samples.length} samples`;
      throw new DataError(`${this.name}: ${found}; give more data, or take "components" ≤ ${samples.length}`);
    }
    const { values, width } = samples;
    const chosen = randomStream(seed, 'pseudo-inputs').permutation(samples.length).subarray(0, components);
    const start = new Float32Array(components * width);
    chosen.forEach((row, i) => start.set(values.subarray(row * width, (row + 1) * width), i * width));
    tf.tidy(() => this.pseudoInputs.assign(tf.tensor2d(start, [components, width])));
  }

  /** The prior's components q(z|u_k), [K, k], to be disposed by the caller. */
  prior(): DiagonalGaussian {
    const [mu, logVar] = tf.tidy(() => {
      const { mu, logVar } = this.components();
      return [mu, logVar as tf.Tensor2D];
    });
    return new DiagonalGaussian(mu, logVar);
  }

  /** As of a VAE, without the divergences of single dimensions: those from N(0, I) are not from this prior. */
  override async health(samples: Samples): Promise<Record<string, number | number[]>> {
    const { activeUnits, mutualInformation } = await super.health(samples);
    return { activeUnits: activeUnits!, mutualInformation: mutualInformation! };
  }

  /** `count` draws from the mixture, and of each the mean of p(x|z), or a draw of it: [count, d]. */
  override sample(count: number, options: DrawOptions = {}): tf.Tensor2D {
    checkCount(`${this.name}: sample`, count);
    const stream = randomStream(options.seed ?? this.seed, 'prior');
    const chosen = Int32Array.from({ length: count }, () => stream.integer(this.config.components));
    return tf.tidy(() => {
      const { mu, logVar } = this.components();
      const rows = tf.tensor1d(chosen, 'int32');
      const components = new DiagonalGaussian(tf.gather(mu, rows), tf.gather(logVar, rows));
      return this.shown(components.reparameterize(this.noise(stream, count).epsilon), options);
    });
  }
}
