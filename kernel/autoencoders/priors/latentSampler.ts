/** Priors that are fitted to the latents of a trained model, and sampled from in place of its own. */
import * as tf from '@tensorflow/tfjs';
import { GaussianMixture } from '../classical/index';
import type { GaussianMixtureOptions } from '../classical/index';
import type { SampleInput, SampleShape } from '../samples';
import type { FitOptions } from '../training/options';
import { LatentFlow } from './latentFlow';
import type { LatentFlowConfig } from './latentFlow';

/** A distribution of latents. */
export interface LatentDistribution {
  /** [count, k]. */
  sample(count: number, options?: { seed?: number }): tf.Tensor2D;
}

/** A model whose latents a sampler is fitted to. */
export interface SampledModel {
  readonly name: string;
  readonly seed: number;
  readonly inputShape: SampleShape;
  readonly latentDimensions: number;
  /** [n, d] → [n, k]. */
  encode(x: SampleInput): tf.Tensor2D;
  /** [n, k] → [n, d]. */
  decode(z: tf.Tensor2D): tf.Tensor2D;
}

/** A model that draws its latents from a distribution fitted to the latents of data. */
export class LatentSampler {
  readonly name: string;
  readonly inputShape: SampleShape;

  constructor(
    private readonly model: SampledModel,
    /** Over latents [k]. */
    readonly prior: LatentDistribution,
    how: string,
  ) {
    this.name = `${model.name}, ${how}`;
    this.inputShape = model.inputShape;
  }

  /**
   * A mixture of Gaussians over the latents (Ghosh et al. 2020, section 4.2).
   *
   * @param options.components default 10
   */
  static async mixture(
    model: SampledModel,
    data: SampleInput,
    options: Partial<GaussianMixtureOptions> = {},
  ): Promise<LatentSampler> {
    const latents = model.encode(data);
    try {
      const mixture = await GaussianMixture.fit(latents, { components: 10, seed: model.seed, ...options });
      return new LatentSampler(model, mixture, `mixture of ${mixture.components} Gaussians`);
    } finally {
      latents.dispose();
    }
  }

  /** A normalising flow over the latents; see {@link LatentFlow}. */
  static async flow(
    model: SampledModel,
    data: SampleInput,
    fit: FitOptions,
    config: Omit<LatentFlowConfig, 'input'> = {},
  ): Promise<LatentSampler> {
    const latents = model.encode(data);
    try {
      const flow = new LatentFlow({ seed: model.seed, ...config, input: model.latentDimensions });
      await flow.fit(latents, fit);
      return new LatentSampler(model, flow, 'normalising flow');
    } finally {
      latents.dispose();
    }
  }

  /**
   * A second model over the latents of the first, as two-stage VAEs have it (Dai and Wipf 2019): train it on
   * `model.encode(data)`, then draw from it.
   */
  static secondStage(model: SampledModel, second: LatentDistribution & { readonly name: string }): LatentSampler {
    return new LatentSampler(model, second, `second stage ${second.name}`);
  }

  /** Draws from the fitted distribution, decoded: [count, d]. */
  sample(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    return tf.tidy(() => this.model.decode(this.prior.sample(count, options)));
  }
}
