import type * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { afterStep } from '../../networks/pass';
import { uniform } from '../../noise';
import { averagedCodebookFields, commitmentDefault } from '../../quantizers/config';
import type { AveragedCodebookFields } from '../../quantizers/config';
import { averagesNamed, EMACodebook } from '../../quantizers/emaCodebook';
import { startByKmeans } from '../../quantizers/kmeans';
import { nearestCodes } from '../../quantizers/nearest';
import { commitment, meanReductions } from '../../quantizers/terms';
import { randomStream } from '../../random';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import { codebookDiagnostics } from '../../training/diagnostics';
import type { ProbeClassifier } from '../classifiers/probeClassifier';
import type { Given } from '../model';
import { FirstStage } from './firstStage';
import { firstStageFields, fitsTogether, withDefaults } from './firstStageConfig';
import type { FirstStageConfig } from './firstStageConfig';
import { withProbe } from './probe';

/**
 * The dimensions of a code are the `latentChannels` c, and β is .25 · d/c by default, of means .25:
 * {@link commitmentDefault}, at the scale eˢ = 1 that training starts from.
 */
export interface VQLatentDiffusionAutoencoderConfig
  extends FirstStageConfig, Omit<AveragedCodebookFields, 'codeDimension' | 'commitment'> {
  /** β, the weight of the commitment loss. Default .25 · d/c. */
  commitment?: number;
}

const schema = z
  .strictObject({ ...firstStageFields, ...averagedCodebookFields })
  .omit({ codeDimension: true })
  .superRefine(fitsTogether)
  .transform((config) => ({
    ...withDefaults(config),
    commitment: config.commitment ?? commitmentDefault(widthOf(config.input), config.latentChannels),
  }));

type CheckedConfig = z.output<typeof schema>;

/** The batch, and what dead codes are moved to: [K]. */
interface QuantizedGiven extends Given {
  picks: tf.Tensor1D;
}

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
export class VQLatentDiffusionAutoencoder extends FirstStage<CheckedConfig, QuantizedGiven> {
  protected override readonly source =
    'Esser et al. 2021, Taming Transformers, equations 4 to 7; Rombach et al. 2022, appendix G';
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
    super(checked, 1, probe);
    this.quantizer = new EMACodebook({ ...checked, codeDimension: checked.latentChannels });
    this.adopt({ state: averagesNamed<tf.Variable>('codebook', this.quantizer) });
  }

  protected override regularized({ x, picks }: QuantizedGiven) {
    const { input, latentChannels, commitment: beta } = this.config;
    const codes = nearestCodes(this.quantizer, this.zE(x));
    afterStep(() => averagesNamed('codebook', codes.updated(picks)));
    return {
      z: codes.quantized.reshape<tf.Tensor2D>([-1, this.latentDimensions]),
      terms: {
        commitment: {
          ...commitment(codes.distance, beta, { vector: 'z_e', code: 'e_k' }),
          meanReductions: meanReductions(widthOf(input), latentChannels),
        },
      },
    };
  }

  override noise() {
    return { picks: uniform([this.config.codebookSize]) };
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

  /** The vector at each position: [n, d] → [n·h·w, c]. */
  private zE(x: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(x).reshape([-1, this.config.latentChannels]);
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    const [height, width] = this.latentShape;
    return `latent-diffusion autoencoder, ${height} × ${width} of ${this.codebookSize} codes`;
  }

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
