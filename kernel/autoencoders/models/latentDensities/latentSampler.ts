/** Priors that are fitted to the latents of a trained model, and sampled from in place of its own. */
import * as tf from '@tensorflow/tfjs';
import { modelWith, object, sampleInput, takes } from '../../arguments';
import { labelled, labelsOfDraws } from '../../conditioning/labelledRows';
import type { Labelled } from '../../conditioning/labelledRows';
import { GaussianMixture } from '../../classical/index';
import type { GaussianMixtureOptions } from '../../classical/index';
import type { LatentDraws } from '../autoencoder';
import { defaultSeed } from '../../random';
import type { SampleInput, SampleShape } from '../../samples';
import type { FitOptions } from '../../training/loop/options';
import { LatentFlow } from './latentFlow';
import type { LatentFlowConfig } from './latentFlow';

/** A distribution of latents. */
export interface LatentDistribution {
  /**
   * [count, k].
   *
   * @param options.values of a model with p(z|u): a draw of it, which is what a latent is, or its mean
   */
  sample(count: number, options?: { seed?: number; values?: 'mean' | 'draw' }): tf.Tensor2D;
}

/** A second stage that is yet to be fitted: a `VAE` with the first one's latents as data, for example. */
export interface TrainableDistribution extends LatentDistribution {
  readonly name: string;
  /** Fits it to rows of latents: [n, k]. */
  fit(latents: tf.Tensor2D, options: FitOptions): Promise<unknown>;
}

/** A model whose latents a sampler is fitted to. */
export interface SampledModel {
  readonly name: string;
  readonly seed?: number;
  readonly inputShape: SampleShape;
  readonly latentDimensions: number;
  /** C, if it has classes. */
  readonly classes?: number | null;
  /** [n, d] → [draws · n, k]: draws of q(z|x) where the model has such a distribution. */
  drawLatents?(x: SampleInput, options?: LatentDraws): tf.Tensor2D;
  /** [n, d] → [n, k]; asked only where a model has no `drawLatents`. */
  encode(x: SampleInput): tf.Tensor2D;
  /** [n, k] → [n, d]. */
  decode(z: tf.Tensor2D, options?: Labelled): tf.Tensor2D;
}

/** How many draws of q(z|x) for each sample a density is fitted to. */
export interface FittedDraws {
  /** Default 1; more help where samples are few. */
  draws?: number;
}

/**
 * A model that draws its latents from a distribution fitted to the latents of data.
 *
 * It is fitted to draws of the aggregated posterior, $q(z) = \frac1n \sum_i q(z|x_i)$, since that is what the decoder was
 * trained on. The posterior means are narrower: by the law of total variance they lack $\mathbb E_x[\mathrm{Var}(z|x)]$,
 * which for a VAE's weak dimensions is nearly all of the variance.
 */
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
   * A mixture of Gaussians over draws of q(z|x) (Ghosh et al. 2020, section 4.2, where codes are deterministic).
   *
   * @param given.components default 10
   * @param given.draws for each sample, default 1
   */
  static async mixture(
    model: SampledModel,
    data: SampleInput,
    given: Partial<GaussianMixtureOptions> & FittedDraws = {},
  ): Promise<LatentSampler> {
    takes('LatentSampler.mixture', ['model', model, modelWith('encode', 'decode')], ['data', data, sampleInput]);
    takes('LatentSampler.mixture', ['options', given, object()]);
    const { draws = 1, ...options } = given;
    const seed = options.seed ?? model.seed ?? defaultSeed();
    const latents = drawnLatents(model, data, { draws, seed });
    try {
      const mixture = await GaussianMixture.fit(latents, { components: 10, ...options, seed });
      return new LatentSampler(model, mixture, `mixture of ${mixture.components} Gaussians`);
    } finally {
      latents.dispose();
    }
  }

  /**
   * A normalising flow over draws of q(z|x); see {@link LatentFlow}.
   *
   * @param given.draws for each sample, default 1
   */
  static async flow(
    model: SampledModel,
    data: SampleInput,
    fit: FitOptions,
    given: Omit<LatentFlowConfig, 'input'> & FittedDraws = {},
  ): Promise<LatentSampler> {
    takes('LatentSampler.flow', ['model', model, modelWith('encode', 'decode')], ['data', data, sampleInput]);
    takes('LatentSampler.flow', ['fit', fit, object()], ['config', given, object()]);
    const { draws = 1, ...config } = given;
    const seed = config.seed ?? model.seed ?? defaultSeed();
    const latents = drawnLatents(model, data, { draws, seed });
    try {
      const flow = new LatentFlow({ ...config, seed, input: model.latentDimensions });
      await flow.fit(latents, fit);
      return new LatentSampler(model, flow, 'normalising flow');
    } finally {
      latents.dispose();
    }
  }

  /**
   * A second model over the latents of the first, as two-stage VAEs have it (Dai and Wipf 2019, section 4): its data are
   * draws z ~ q(z|x), and samples are draws u ~ p(u), z ~ p(z|u), decoded by the first. Give data and how to fit, and the
   * second model is fitted here; without, it has to be fitted already, to `model.drawLatents(data)`.
   */
  static secondStage(model: SampledModel, second: LatentDistribution & { readonly name: string }): LatentSampler;
  static secondStage(
    model: SampledModel,
    second: TrainableDistribution,
    data: SampleInput,
    fit: FitOptions & FittedDraws,
  ): Promise<LatentSampler>;
  static secondStage(
    model: SampledModel,
    second: (LatentDistribution & { readonly name: string }) | TrainableDistribution,
    data?: SampleInput,
    given: Partial<FitOptions> & FittedDraws = {},
  ): LatentSampler | Promise<LatentSampler> {
    takes(
      'LatentSampler.secondStage',
      ['model', model, modelWith('encode', 'decode')],
      ['second', second, modelWith('sample')],
    );
    takes('LatentSampler.secondStage', ['fit', given, object()]);
    const { draws = 1, ...fit } = given;
    // A draw of p(z|u) and not its mean: the means lack the variance that p(z|u) has.
    const prior: LatentDistribution = {
      sample: (count, options) => second.sample(count, { values: 'draw', ...options }),
    };
    const sampler = new LatentSampler(model, prior, `second stage ${second.name}`);
    if (data === undefined) return sampler;
    return fitted(second as TrainableDistribution, sampler, fit as FitOptions, () =>
      drawnLatents(model, data, { draws, seed: model.seed ?? defaultSeed() }),
    );
  }

  /**
   * Decodes draws from the fitted distribution: [count, d].
   *
   * @param options.label one class for all draws, or one for each, if the model has classes. Default: the classes take
   *   turns
   */
  sample(count: number, options: { seed?: number; label?: Labelled['labels'] } = {}): tf.Tensor2D {
    takes(`${this.name}: sample`, ['options', options, object()]);
    const { label, ...draws } = options;
    const labels = labelsOfDraws({ classes: this.model.classes ?? null }, label, count, `${this.name}: sample`);
    return tf.tidy(() => this.model.decode(this.prior.sample(count, draws), labelled(labels)));
  }
}

/** What a density of the model's latents is fitted to: [draws · n, k]. */
function drawnLatents(model: SampledModel, data: SampleInput, options: LatentDraws): tf.Tensor2D {
  return model.drawLatents ? model.drawLatents(data, options) : model.encode(data);
}

async function fitted(
  second: TrainableDistribution,
  sampler: LatentSampler,
  fit: FitOptions,
  draw: () => tf.Tensor2D,
): Promise<LatentSampler> {
  const latents = draw();
  try {
    await second.fit(latents, fit);
    return sampler;
  } finally {
    latents.dispose();
  }
}
