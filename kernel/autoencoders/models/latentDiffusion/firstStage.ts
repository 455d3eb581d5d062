import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { StepTerms } from '../../../engine/index';
import { hinge } from '../../networks/adversarial/discriminator';
import { FeatureMapDecoder, FeatureMapEncoder, latentMapSize } from '../../networks/maps/featureMaps';
import { frozen } from '../../networks/gradients/frozen';
import { newVariable } from '../../networks/layers/layers';
import { PatchDiscriminator } from '../../networks/adversarial/patchDiscriminator';
import { PerceptualDistance } from '../../networks/adversarial/perceptual';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import type { Schedule } from '../../training/schedules/schedules';
import type { TermWeight } from '../../training/loop/trainable';
import { imageFields } from '../commonConfig';
import type { CheckedCommonConfig, ImageConfig } from '../commonConfig';
import type { ObjectiveTerm } from '../explanation';
import { ConfigurationError } from '../../config';
import { LatentModel } from '../latentModel';
import { ProbeClassifier } from '../classifiers/probeClassifier';

/** The fields that both first stages of latent diffusion have. */
export interface FirstStageConfig extends ImageConfig {
  /** c, numbers at each position of the latent map. Default 4. */
  latentChannels?: number;
  /** Channels of the maps at each level; height and width halve from one level to the next. Default [32, 64]. */
  channels?: number[];
  /** Residual blocks at each level. Default 1. */
  blocks?: number;
  /** Whether the positions of the smallest maps attend to each other. Default true. */
  attention?: boolean;
  /**
   * w, the weight of the perceptual distance beside the absolute error of a pixel; used where a probe is given.
   * Default 1.
   */
  perceptualWeight?: number;
  /** ω, the factor in λ that multiplies the ratio of gradients. Default 0.5. */
  discriminatorWeight?: number;
  /** Updates before the discriminator and its loss set in; 50,001 in the paper's trainings. Default 1,000. */
  discriminatorStart?: number;
  /** Channels of the discriminator's 4 × 4 convolutions of stride 2. Default [32, 64]. */
  discriminatorChannels?: number[];
  /** Channels of the probe that perceptual distances are taken in: set by the constructor, kept for checkpoints. */
  probeChannels?: number[] | null;
}

const size = z.int().min(1);

export const firstStageFields = {
  ...imageFields,
  latentChannels: size.default(4),
  channels: z.array(size).min(1).default([32, 64]),
  blocks: size.default(1),
  attention: z.boolean().default(true),
  perceptualWeight: z.number().min(0).default(1),
  discriminatorWeight: z.number().min(0).default(0.5),
  discriminatorStart: z.int().min(0).default(1000),
  discriminatorChannels: z.array(size).min(1).default([32, 64]),
  probeChannels: z.array(size).min(1).nullable().default(null),
};

type Image = z.output<(typeof imageFields)['input']>;
type CheckedFirstStageConfig = CheckedCommonConfig & {
  [Field in Exclude<keyof FirstStageConfig, 'input' | 'seed' | 'optimizer' | 'probeChannels'>]-?: NonNullable<
    FirstStageConfig[Field]
  >;
} & { input: Image; probeChannels: number[] | null };

/** Draws latents, for {@link FirstStage.sample}: a model that was fitted to them. */
export interface LatentSource {
  /** [count, k]. */
  sample(count: number, options?: { seed?: number }): tf.Tensor2D;
}

/** What a kind of regularisation makes of a batch. */
interface Regularized {
  /** The decoder's input: [n, k]. */
  z: tf.Tensor2D;
  losses: Record<string, tf.Tensor>;
  updates?: Record<string, tf.Tensor>;
}

/** Added to the norm that λ divides by, and the greatest value of the ratio. */
const [LEAST_NORM, GREATEST_RATIO] = [1e-4, 1e4];

/**
 * The autoencoder in front of latent diffusion (Rombach et al. 2022, section 3.1 and appendix G; losses of Esser et al.
 * 2021, equations 5 to 7), whatever regularises its latents, which are a map of h × w positions with c numbers each.
 * Encoder, decoder and s minimise the first of these, the discriminator D the second:
 *
 * $$\frac{\|x - \hat x\|_1 + w\,d\,p(x, \hat x)}{e^s} + d\,(s + \log 2) + \text{regularisation} - \lambda\,\mathbb E[D(\hat x)]
 *   \quad\text{and}\quad
 *   \tfrac12 \mathbb E[\max(0, 1 - D(x))] + \tfrac12 \mathbb E[\max(0, 1 + D(\hat x))]$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$, $\hat x$ | `x`, `xHat` | [n, d] |
 * | z, k = h·w·c | `z` | [n, k] |
 * | s | `logScale`, trained | scalar |
 * | $p(x, \hat x)$ | {@link PerceptualDistance} in a probe network; 0 without one | [n] |
 * | the first two summands | `reconstruction`, in nats, summed over d, mean over the batch | scalar |
 * | $-\mathbb E[D(\hat x)]$ times λ | `adversarial`, mean over patches and batch | scalar |
 * | D's loss | `discriminator`, mean over patches and batch; 1 at D = 0 | scalar |
 * | λ; mean D(x); mean D(x̂) | `adaptiveWeight`; `logitOfData`; `logitOfReconstruction`, reported alone | scalars |
 *
 * With w = 0, `reconstruction` is $-\log p(x|z)$ of a Laplace distribution of scale $e^s$ about $\hat x$, constants kept,
 * and the minimum over s is at $e^s$ = the mean absolute error of a value. The perceptual distance counts as an error of
 * every value, as in the reference, so that its share does not depend on d; with it the term is no log-density.
 *
 * $\lambda = \omega \min(10^4, \|\nabla_K \text{reconstruction}\| / (\|\nabla_K \mathbb E[D(\hat x)]\| + 10^{-4}))$ is a
 * constant for the gradient; K is the kernel of the decoder's last layer and ω the `discriminatorWeight`. Both players
 * move at once ({@link frozen}), after `discriminatorStart` updates; the adversarial losses weigh 0 before.
 */
export abstract class FirstStage<Config extends CheckedFirstStageConfig> extends LatentModel<Config> {
  readonly latentDimensions: number;
  /** h, w and c of the latent map. */
  readonly latentShape: readonly [height: number, width: number, channels: number];
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** The variables of the probe, which trains nothing. */
  protected readonly perceptualState: Readonly<Record<string, tf.Variable>>;
  readonly support = null;
  protected readonly termUnit = 'nats';
  protected readonly encoder: FeatureMapEncoder;
  private readonly decoder: FeatureMapDecoder;
  private readonly discriminator: PatchDiscriminator;
  private readonly perceptual: PerceptualDistance | null;
  private readonly logScale: tf.Variable;

  /**
   * @param headChannels the number of values that the encoder gives at each position
   * @param probe the probe in whose features perceptual distances are taken; its weights are copied and stay fixed
   */
  constructor(config: Config, headChannels: number, probe: ProbeClassifier | null) {
    super(config);
    const { input: image, latentChannels, channels, blocks, attention, seed, discriminatorChannels } = config;
    const { height, width } = latentMapSize(image, channels.length);
    this.latentShape = [height, width, latentChannels];
    this.latentDimensions = height * width * latentChannels;
    const common = { image, channels, blocks, attention, seed };
    this.encoder = new FeatureMapEncoder({ ...common, name: 'encoder', mapChannels: headChannels });
    this.decoder = new FeatureMapDecoder({ ...common, name: 'decoder', mapChannels: latentChannels });
    this.discriminator = new PatchDiscriminator({
      name: 'discriminator',
      image,
      channels: discriminatorChannels,
      seed,
    });
    this.logScale = newVariable(new Float32Array(1), []);
    this.perceptual = probe && perceptualDistance(probe, config);
    this.parameters = {
      ...this.encoder.parameters,
      ...this.decoder.parameters,
      ...this.discriminator.parameters,
      logScale: this.logScale,
    };
    this.perceptualState = this.perceptual?.state ?? {};
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  /** z, and what keeps latents in bounds. */
  protected abstract regularized(x: tf.Tensor2D, tensors: Readonly<Record<string, tf.Tensor>>): Regularized;

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    return this.stepTerms(tensors).losses;
  }

  protected override stepTerms(tensors: Readonly<Record<string, tf.Tensor>>): StepTerms {
    const x = tensors['x'] as tf.Tensor2D;
    const D = (image: tf.Tensor2D) => this.discriminator.logits(image);

    const { z, losses: regularization, updates = {} } = this.regularized(x, tensors);
    const h = this.decoder.beforeLast(z);
    const xHat = this.decoder.last(h);
    const lambda = this.adaptiveWeight(x, h);
    const [ofData, ofReconstruction] = [D(x), D(sg(() => xHat.clone()))];

    const losses = {
      reconstruction: this.reconstructionLoss(x, xHat),
      ...regularization,
      adversarial: hinge.generator(frozen(D)(xHat)).mul(lambda),
      discriminator: hinge.discriminator(ofData, ofReconstruction),
      adaptiveWeight: lambda,
      logitOfData: sg(() => ofData.mean()),
      logitOfReconstruction: sg(() => ofReconstruction.mean()),
    };
    return { losses, updates };
  }

  /** (‖x − x̂‖₁ + w d p) / eˢ + d (s + log 2), mean over the batch. */
  private reconstructionLoss(x: tf.Tensor2D, xHat: tf.Tensor2D): tf.Tensor {
    const d = widthOf(this.config.input);
    const s = this.logScale;
    return this.absoluteAndPerceptual(x, xHat)
      .mean()
      .mul(s.neg().exp())
      .add(s.add(Math.log(2)).mul(d));
  }

  /** ‖x − x̂‖₁ + w d p of each row: [n]. */
  private absoluteAndPerceptual(x: tf.Tensor2D, xHat: tf.Tensor2D): tf.Tensor1D {
    const absolute = x.sub(xHat).abs().sum<tf.Tensor1D>(1);
    if (this.perceptual === null) return absolute;
    return absolute.add(this.perceptual.between(x, xHat).mul(this.config.perceptualWeight * x.shape[1]));
  }

  /** λ, from the input h of the last layer. */
  private adaptiveWeight(x: tf.Tensor2D, h: tf.Tensor4D): tf.Tensor {
    const xHat = (kernel: tf.Tensor) => this.decoder.last(h, kernel);
    // Not inside the stop-gradient, where nothing is recorded that an inner gradient could follow.
    const byKernel = (loss: (kernel: tf.Tensor) => tf.Tensor) => tf.grad(loss)(this.decoder.lastKernel);
    const ofReconstruction = byKernel((kernel) => this.reconstructionLoss(x, xHat(kernel)));
    const ofAdversary = byKernel((kernel) => hinge.generator(this.discriminator.logits(xHat(kernel))));
    return sg(() => {
      const ratio = norm(ofReconstruction).div(norm(ofAdversary).add(LEAST_NORM));
      return ratio.minimum(GREATEST_RATIO).mul(this.config.discriminatorWeight);
    });
  }

  /** Weights of the terms that both kinds have. */
  protected adversarialWeights(): Record<string, TermWeight> {
    const { discriminatorStart: start } = this.config;
    const begun: Schedule = start === 0 ? 1 : { schedule: 'piecewise', points: [[0, 0], [start, 1]] }; // prettier-ignore
    const reported = { symbol: '', schedule: 0 };
    return {
      adversarial: { symbol: '1[t ≥ start]', schedule: begun },
      discriminator: { symbol: '1[t ≥ start]', schedule: begun },
      adaptiveWeight: reported,
      logitOfData: reported,
      logitOfReconstruction: reported,
    };
  }

  /** The objective with a kind's own terms. */
  protected statement(symbol: string, own: Record<string, ObjectiveTerm>, source: string) {
    const perceptual = this.perceptual === null ? '' : ' + w\\,d\\,p(x, \\hat x)';
    const reconstruction = `\\frac{\\|x - \\hat x\\|_1${perceptual}}{e^s} + d\\,(s + \\log 2)`;
    const critic = '\\tfrac12 \\mathbb E[\\max(0, 1 - D(x))] + \\tfrac12 \\mathbb E[\\max(0, 1 + D(\\hat x))]';
    const alone = 'reported, trains nothing';
    return {
      formula: `${reconstruction} + ${symbol} - \\lambda\\,\\mathbb E[D(\\hat x)], \\qquad \\min_D\\; ${critic}`,
      terms: {
        reconstruction: { formula: reconstruction, meaning: 'summed over the values of x, mean over the batch' },
        ...own,
        adversarial: {
          formula: '-\\lambda\\,\\mathbb E[D(\\hat x)]',
          meaning: 'mean over patches and batch, trains encoder and decoder',
          unit: 'λ · logit',
        },
        discriminator: {
          formula: critic,
          meaning: 'mean over patches and batch, trains the discriminator; 1 at D = 0',
          unit: 'hinge',
        },
        adaptiveWeight: { formula: '\\lambda', meaning: alone, unit: 'ratio' },
        logitOfData: { formula: '\\mathbb E[D(x)]', meaning: alone, unit: 'logit' },
        logitOfReconstruction: { formula: '\\mathbb E[D(\\hat x)]', meaning: alone, unit: 'logit' },
      },
      source,
    };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /**
   * Latents as maps, as a diffusion model takes them: [n, d] → [n, h, w, c]; `encode` gives them as rows.
   *
   * @param options.drawn a draw of q(z|x) for each row, which the decoder was trained on and a diffusion model is to be
   *   fitted to, instead of its mean
   */
  latentMap(x: SampleInput, options: { drawn?: boolean; seed?: number } = {}): tf.Tensor4D {
    const { drawn = false, seed = this.seed } = options;
    return tf.tidy(() => (drawn ? this.drawLatents(x, { seed }) : this.encode(x)).reshape([-1, ...this.latentShape]));
  }

  /**
   * 1 over the standard deviation of all latents of the data, about their common mean (Rombach et al. 2022, appendix G):
   * latents times it have unit variance, as the noise of a diffusion process expects. They are draws of q(z|x), one for
   * each row, as in the paper's own code, so that the spread of q counts.
   *
   * @throws RangeError when latents do not vary
   */
  async scaleFactor(data: SampleInput, options: { seed?: number } = {}): Promise<number> {
    const latents = this.drawLatents(data, options);
    const values = Float64Array.from(await latents.data());
    latents.dispose();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    if (variance > 0) return 1 / Math.sqrt(variance);
    throw new RangeError(`${this.name}: scaleFactor: all latents are ${mean}; train the model first.`);
  }

  /** eˢ, the scale of the Laplace distribution of a pixel. */
  async scale(): Promise<number> {
    return Math.exp((await this.logScale.data())[0]!);
  }

  /** D's logit of each patch: [n, d] → [n, patches]. Above 0: taken for data. */
  patchLogits(x: SampleInput): tf.Tensor2D {
    const expected = this.expected(`${this.name}: patchLogits`);
    return mapRows(x, expected, (rows) => this.discriminator.logits(rows).reshape([rows.shape[0], -1]));
  }

  /**
   * Decoded draws of `source`, which has to be fitted to latents of this model: [count, d]. The model has no prior of its
   * own to draw from, since its latents are hardly regularised and far from N(0, I).
   *
   * @throws TypeError without a source
   */
  sample(count: number, { source, seed }: { source?: LatentSource; seed?: number } = {}): tf.Tensor2D {
    if (typeof source?.sample !== 'function') {
      throw new TypeError(
        `${this.name} has no prior to sample from: its latents are far from N(0, I). Fit a sampler to them, a Gaussian ` +
          `mixture or a diffusion model of model.drawLatents(data), and hand it over: sample(count, { source }).`,
      );
    }
    return tf.tidy(() => this.decode(source.sample(count, { seed: seed ?? this.seed })));
  }

  /** With x̂ also s, the logarithm of the scale of the Laplace distribution of a pixel: [n, d]. */
  override decoderOutputs(latents: tf.Tensor2D): { xHat: tf.Tensor; logScale: tf.Tensor } {
    const xHat = this.decodeRows(latents);
    return { xHat, logScale: xHat.mul(0).add(this.logScale) };
  }

  /** x̂: [n, k] → [n, d]. */
  protected override decodeRows(latents: tf.Tensor2D): tf.Tensor2D {
    return this.decoder.apply(latents);
  }
}

function norm(gradient: tf.Tensor): tf.Tensor {
  return gradient.square().sum().sqrt();
}

/** The configuration with the probe's channels, or with none. */
export function withProbe<C extends object>(
  config: C,
  probe: ProbeClassifier | null,
): C & { probeChannels: number[] | null } {
  return { ...config, probeChannels: probe?.config.channels ?? null };
}

/** The model that a checkpoint is restored into. The checkpoint holds the weights of the probe, too. */
export function restoring<M>(config: FirstStageConfig, create: (probe: ProbeClassifier | null) => M): M {
  const { input, probeChannels } = config;
  if (!probeChannels) return create(null);
  const probe = new ProbeClassifier({ input, classes: 2, channels: probeChannels, features: 1 });
  try {
    return create(probe);
  } finally {
    probe.dispose();
  }
}

function perceptualDistance(
  probe: ProbeClassifier,
  { input: image, seed }: CheckedFirstStageConfig,
): PerceptualDistance {
  const theirs = probe.config.input;
  const found = [theirs.height, theirs.width, theirs.channels].join(' × ');
  const expected = [image.height, image.width, image.channels].join(' × ');
  if (found !== expected) {
    throw new ConfigurationError('the probe', [`it judges images of ${found}; the model has images of ${expected}`]);
  }
  const options = { name: 'perceptual', image, channels: probe.config.channels, seed };
  return new PerceptualDistance(options, probe.trunk.parameters);
}
