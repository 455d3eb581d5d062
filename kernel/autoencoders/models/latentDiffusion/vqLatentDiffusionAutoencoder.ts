import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import { commitmentDefault } from '../../quantizers/config';
import { EMACodebook } from '../../quantizers/emaCodebook';
import { startByKmeans } from '../../quantizers/kmeans';
import { meanReductions } from '../../quantizers/terms';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { codebookDiagnostics } from '../../training/diagnostics';
import type { TermWeight } from '../../training/loop/trainable';
import type { Objective } from '../explanation';
import { FirstStage, firstStageFields, restoring, withProbe } from './firstStage';
import type { FirstStageConfig } from './firstStage';
import type { ProbeClassifier } from '../classifiers/probeClassifier';

export interface VQLatentDiffusionAutoencoderConfig extends FirstStageConfig {
  /** K, the size of the codebook. Default 512. */
  codebookSize?: number;
  /**
   * β, the weight of the commitment loss. Default .25 · d/c, of means .25: {@link commitmentDefault}, at the scale eˢ = 1
   * that training starts from.
   */
  commitment?: number;
  /** Draws of N(0, I), or `kmeans` of encoded training data before the first step; see {@link VectorQuantizerConfig}. */
  initialization?: 'auto' | 'normal' | 'kmeans';
  /** γ of the codebook's moving averages. Default 0.99. */
  decay?: number;
  /** ε of their Laplace smoothing. Default 1e-5. */
  epsilon?: number;
  /** Codes used less than this share of the mean are moved to a vector of the batch. Default 0.2; 0: never. */
  reviveBelow?: number;
}

const schema = z
  .strictObject({
    ...firstStageFields,
    codebookSize: z.int().min(2).default(512),
    commitment: z.number().min(0).optional(),
    initialization: z.enum(['auto', 'normal', 'kmeans']).default('auto'),
    decay: z.number().min(0).lt(1).default(0.99),
    epsilon: z.number().positive().default(1e-5),
    reviveBelow: z.number().min(0).lt(1).default(0.2),
  })
  .transform((config) => ({
    ...config,
    commitment: config.commitment ?? commitmentDefault(widthOf(config.input), config.latentChannels),
  }));

type CheckedConfig = z.output<typeof schema>;

/**
 * The first stage of latent diffusion with vector quantisation (Rombach et al. 2022, “VQ-reg.”; the VQGAN of Esser et al.
 * 2021): the c numbers at each position of the latent map are replaced by the nearest of K codes, the gradient passes
 * straight through, the codebook follows by moving averages ({@link EMACodebook}), and
 *
 * $$\beta\,\|z_e - \mathrm{sg}[e_k]\|^2$$
 *
 * joins the losses of {@link FirstStage}. In the term `commitment` it is summed over c and averaged over batch and
 * positions. Diffusion runs on z_e, which `encode` gives; the quantiser is part of the decoder, so that `decode` takes any
 * latents to their nearest codes first.
 */
export class VQLatentDiffusionAutoencoder extends FirstStage<CheckedConfig> {
  readonly kind = 'VQLatentDiffusionAutoencoder';
  readonly name: string;
  override readonly state: Readonly<Record<string, tf.Variable>>;
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  private readonly quantizer: EMACodebook;
  private readonly nearestCodes = this.compiledRows((x) =>
    this.quantizer.nearest(this.zE(x)).reshape([x.shape[0], -1]),
  );

  /**
   * @param probe a trained classifier of such images, whose features perceptual distances are taken in. Its weights are
   *   copied and stay fixed; checkpoints hold them
   */
  constructor(config: VQLatentDiffusionAutoencoderConfig, probe: ProbeClassifier | null = null) {
    const checked = checkedConfig('VQLatentDiffusionAutoencoder', schema, withProbe(config, probe));
    super(checked, checked.latentChannels, probe);
    const [height, width, channels] = this.latentShape;
    this.name = `latent-diffusion autoencoder, ${height} × ${width} of ${checked.codebookSize} codes`;
    this.quantizer = new EMACodebook({ ...checked, codeDimension: channels });
    const { vectors, counts, sums } = this.quantizer;
    const perceptual = this.perceptualState;
    this.state = { ...perceptual, 'codebook.vectors': vectors, 'codebook.counts': counts, 'codebook.sums': sums };
    this.termWeights = { commitment: { symbol: 'β', schedule: checked.commitment }, ...this.adversarialWeights() };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<VQLatentDiffusionAutoencoder> {
    return loadCheckpoint(path, 'VQLatentDiffusionAutoencoder', (saved) => {
      const config = saved as VQLatentDiffusionAutoencoderConfig;
      return restoring(config, (probe) => new VQLatentDiffusionAutoencoder(config, probe));
    });
  }

  protected override regularized(x: tf.Tensor2D, tensors: Readonly<Record<string, tf.Tensor>>) {
    const zE = this.zE(x);
    const k = sg(() => this.quantizer.nearest(zE));
    const e = sg(() => this.quantizer.lookup(k));
    const zQ = zE.add(sg(() => e.sub(zE)));
    return {
      z: zQ.reshape([-1, this.latentDimensions]) as tf.Tensor2D,
      losses: { commitment: zE.sub(e).square().sum(1).mean() },
      updates: this.codebookUpdates(zE, k, tensors['picks'] as tf.Tensor1D),
    };
  }

  private codebookUpdates(zE: tf.Tensor2D, k: tf.Tensor1D, picks: tf.Tensor1D): Record<string, tf.Tensor> {
    const { vectors, counts, sums } = this.quantizer.update(zE, k, picks);
    return { 'codebook.vectors': vectors, 'codebook.counts': counts, 'codebook.sums': sums };
  }

  /**
   * Before the first step: starts the codes from encoded samples.
   *
   * @throws {DataError} for `kmeans` and fewer vectors than codes
   */
  prepare(samples: Samples): Promise<void> {
    const [height, width] = this.latentShape;
    return startByKmeans(this.quantizer, this.config, {
      samples,
      expected: this.expected(`${this.name}: fit`),
      positions: height * width,
      vectors: (x) => this.encodeRows(x),
      stream: randomStream(this.seed, 'codebook start'),
    });
  }

  get objective(): Objective {
    const commitment = {
      formula: '\\|z_e - \\mathrm{sg}[e_k]\\|^2',
      meaning: 'summed over the channels of the latent map, mean over batch and positions',
      unit: 'squared error',
    };
    const source = 'Esser et al. 2021, Taming Transformers, equations 4 to 7; Rombach et al. 2022, appendix G';
    const stated = this.statement('\\beta\\,\\|z_e - \\mathrm{sg}[e_k]\\|^2', { commitment }, source);
    const { input, latentChannels } = this.config;
    return { ...stated, meanReductions: { term: 'commitment', ...meanReductions(widthOf(input), latentChannels) } };
  }

  override noise(stream: RandomStream): { picks: tf.Tensor1D } {
    return { picks: tf.tensor1d(stream.uniforms(this.config.codebookSize)) };
  }

  /** The vector at each position: [n, d] → [n·h·w, c]. */
  private zE(x: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(x).reshape([-1, this.config.latentChannels]);
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** K. */
  get codebookSize(): number {
    return this.config.codebookSize;
  }

  /** The codebook e as it is now: [K, c]. */
  get codebook(): tf.Tensor2D {
    return this.quantizer.vectors.clone();
  }

  /** The codes of every row, position by position: [n, d] → int32 [n, h·w]. */
  codes(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: codes`), this.nearestCodes);
  }

  /** z_e side by side, before the quantiser: [n, d] → [n, k]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.zE(x).reshape([-1, this.latentDimensions]);
  }

  /** x̂ of the codes nearest to latents: [n, k] → [n, d]. */
  protected override decodeRows(latents: tf.Tensor2D): tf.Tensor2D {
    const nearest = this.quantizer.nearest(latents.reshape([-1, this.config.latentChannels]));
    return super.decodeRows(this.quantizer.lookup(nearest).reshape([-1, this.latentDimensions]));
  }

  /** With the latents also the codes, int32 [n, h·w]. */
  override encoderOutputs(x: tf.Tensor2D): { z: tf.Tensor; codes: tf.Tensor } {
    const z = this.zE(x);
    const codes = this.quantizer.nearest(z.reshape([-1, this.config.latentChannels]));
    return {
      z: z.reshape([-1, this.latentDimensions]),
      codes: codes.reshape([-1, this.latentShape[0] * this.latentShape[1]]),
    };
  }

  /** How the codebook is used. */
  async diagnostics(samples: Samples): Promise<Record<string, number | number[]>> {
    const codes = this.codes(samples);
    const all = await codes.data();
    codes.dispose();
    return codebookDiagnostics(all, this.codebookSize);
  }
}
