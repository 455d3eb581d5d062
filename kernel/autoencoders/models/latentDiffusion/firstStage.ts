import * as tf from '@tensorflow/tfjs';
import { object, takes } from '../../arguments';
import { hinge } from '../../networks/adversarial/discriminator';
import type { PerceptualDistance } from '../../networks/adversarial/perceptual';
import { initial } from '../../networks/initial';
import type { Network } from '../../networks/network';
import type { Term, Terms } from '../../objectives/terms';
import { mapRows, rowShapeOf, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import { Autoencoder } from '../autoencoder';
import type { ProbeClassifier } from '../classifiers/probeClassifier';
import type { Given } from '../model';
import { adversarialTerms, lambdaBy } from './adversary';
import type { Lambda } from './adversary';
import { partsOf } from './firstStageConfig';
import type { CheckedFirstStageConfig } from './firstStageConfig';
import { perceptualDistance } from './probe';

/** Draws latents, for {@link FirstStage.sample}: a model that was fitted to them. */
export interface LatentSource {
  /** [count, k]. */
  sample(count: number, options?: { seed?: number }): tf.Tensor2D;
}

/**
 * The base class of latent diffusion's autoencoders (Rombach et al. 2022, section 3.1 and appendix G; losses of Esser
 * et al. 2021, equations 5 to 7). The latents are a map of h × w positions with c numbers each; a subclass chooses
 * their regularisation. Encoder, decoder and s minimise $L$, the discriminator D minimises $L_D$:
 *
 * $$L = \frac{\|x - \hat x\|_1 + w\,d\,p(x, \hat x)}{e^s} + d\,(s + \log 2) + \text{regularisation}
 *   - \lambda\,\mathbb E[D(\hat x)]
 *   \quad\text{and}\quad
 *   L_D = \tfrac12 \mathbb E[\max(0, 1 - D(x))] + \tfrac12 \mathbb E[\max(0, 1 + D(\hat x))]$$
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
 * | λ; mean D(x); mean D(x̂) | `adaptiveWeight`; `logitOfData`; `logitOfReconstruction`, only reported | scalars |
 *
 * With w = 0, `reconstruction` is $-\log p(x|z)$ of a Laplace distribution with scale $e^s$ around $\hat x$, including
 * constants. The minimum over s is at $e^s$ = the mean absolute error of a value. The perceptual distance counts as an
 * error of every value, as in the reference, so its share does not depend on d. With it, the term is not a log-density.
 *
 * λ is either the {@link adaptiveWeight}, a constant for the gradient, or a number, and then there is no term
 * `adaptiveWeight`. K is the kernel of the decoder's last layer and ω the `discriminatorWeight`. Both players move at
 * once ({@link frozen}). The adversarial losses have weight 0 for the first `discriminatorStart` updates.
 */
export abstract class FirstStage<Config extends CheckedFirstStageConfig, G extends Given> extends Autoencoder<
  Config,
  G
> {
  readonly latentDimensions: number;
  /** h, w and c of the latent map. */
  readonly latentShape: readonly [height: number, width: number, channels: number];
  protected readonly encoder: Network;
  private readonly decoder: Network;
  private readonly discriminator: Network;
  private readonly lambda: Lambda;
  /** In the features of a probe, which trains nothing. */
  private readonly perceptual: PerceptualDistance | null;
  private readonly logScale: tf.Variable;

  /**
   * @param perValue numbers that the encoder gives for each one of the latent map
   * @param probe the probe in whose features perceptual distances are taken; its weights are copied and stay fixed
   */
  constructor(config: Config, perValue: number, probe: ProbeClassifier | null) {
    super(config);
    const { encoder, decoder, discriminator, latentShape, logits } = partsOf(config);
    const image = rowShapeOf(config.input);
    this.latentShape = latentShape;
    this.latentDimensions = latentShape[0] * latentShape[1] * latentShape[2];
    this.encoder = this.network('encoder', encoder, { from: image, to: latentShape, image: 'from', perValue });
    this.decoder = this.network('decoder', decoder, { from: latentShape, to: image, image: 'to' });
    this.discriminator = this.network('discriminator', discriminator, { from: image, to: logits, image: 'from' });
    this.lambda = lambdaBy(this.kind, this.decoder, config);
    this.logScale = this.parameter('logScale', initial.zeros([]));
    this.perceptual = perceptualDistance(config, probe);
    if (this.perceptual) this.adopt(this.perceptual);
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  /** z, the decoder's input [n, k], and the terms that keep latents in bounds. */
  protected abstract regularized(given: G): { z: tf.Tensor2D; terms: Readonly<Record<string, Term>> };

  override terms(given: G): Terms {
    const { x } = given;
    const D = (image: tf.Tensor2D) => this.discriminator.apply(image);

    const { z, terms } = this.regularized(given);
    const { xHat, lambda } = this.lambda(z, {
      reconstruction: (xHat) => this.reconstructionLoss(x, xHat),
      adversary: (xHat) => hinge.generator(D(xHat)),
    });
    return {
      reconstruction: this.reconstruction(x, xHat),
      ...terms,
      ...adversarialTerms(D, { x, xHat, lambda, start: this.config.discriminatorStart }),
    };
  }

  private reconstruction(x: tf.Tensor2D, xHat: tf.Tensor2D): Term {
    const perceptual = this.perceptual === null ? '' : ' + w\\,d\\,p(x, \\hat x)';
    return {
      value: this.reconstructionLoss(x, xHat),
      formula: `\\frac{\\|x - \\hat x\\|_1${perceptual}}{e^s} + d\\,(s + \\log 2)`,
      meaning: 'summed over the values of x, mean over the batch',
    };
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
    return mapRows(x, expected, (rows) => this.discriminator.apply(rows));
  }

  /**
   * Decodes draws of `source`, which must be fitted to latents of this model: [count, d]. The model has no prior to
   * draw from, since its latents are hardly regularised and far from N(0, I).
   *
   * @throws TypeError without a source
   */
  sample(count: number, options: { source?: LatentSource; seed?: number } = {}): tf.Tensor2D {
    takes(`${this.name}: sample`, ['options', options, object()]);
    const { source, seed } = options;
    if (typeof source?.sample !== 'function') {
      throw new TypeError(
        `${this.name} has no prior to sample from: its latents are far from N(0, I). Fit a sampler to them, a Gaussian ` +
          `mixture or a diffusion model of model.drawLatents(data), and pass it: sample(count, { source }).`,
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
