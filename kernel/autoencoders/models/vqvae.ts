import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { StepTerms } from '../../engine/index';
import { checkedConfig } from '../config';
import { MLP } from '../networks/mlp';
import { stopGradient as sg } from '../networks/stopGradient';
import { EMACodebook } from '../quantizers/emaCodebook';
import type { RandomStream } from '../random';
import { mapRows, widthOf } from '../samples';
import type { SampleInput } from '../samples';
import { loadCheckpoint } from '../training/checkpoint';
import type { TermWeight } from '../training/trainable';
import { commonFields } from './commonConfig';
import type { CheckedCommonConfig, CommonConfig } from './commonConfig';
import { Model } from './model';

export interface VQVAEConfig extends CommonConfig {
  /** Codes of one sample. Default 8. */
  positions?: number;
  /** K, the size of the codebook. Default 512. */
  codebookSize?: number;
  /** D, the dimensions of a code. Default 64. */
  codeDimension?: number;
  /** β, the weight of the commitment loss. Default 0.25. */
  commitment?: number;
  /** γ of the codebook's moving averages. Default 0.99. */
  decay?: number;
  /** ε of their Laplace smoothing. Default 1e-5. */
  epsilon?: number;
  /** Codes used less than this share of the mean are moved to a vector of the batch. Default 0.2; 0: never. */
  reviveBelow?: number;
}

const schema = z.strictObject({
  ...commonFields,
  positions: z.int().min(1).default(8),
  codebookSize: z.int().min(2).default(512),
  codeDimension: z.int().min(1).default(64),
  commitment: z.number().min(0).default(0.25),
  decay: z.number().min(0).lt(1).default(0.99),
  epsilon: z.number().positive().default(1e-5),
  reviveBelow: z.number().min(0).lt(1).default(0.2),
});

type CheckedConfig = CheckedCommonConfig & z.output<typeof schema>;

/**
 * The vector-quantised variational autoencoder (van den Oord, Vinyals and Kavukcuoglu 2017).
 *
 * The encoder gives P vectors $z_e$ of D dimensions; each is replaced by the nearest code $e_k$, $k = \arg\min_j
 * \|z_e - e_j\|$, and the decoder sees the codes. Training minimises, with sg the stop-gradient,
 *
 * $$\|x - D(z_q)\|^2 + \beta\,\|z_e - \mathrm{sg}[e_k]\|^2, \qquad z_q = z_e + \mathrm{sg}[e_k - z_e]$$
 *
 * so that the gradient passes straight through from $z_q$ to $z_e$; the codebook follows by moving averages
 * ({@link EMACodebook}), which take the place of $\|\mathrm{sg}[z_e] - e_k\|^2$.
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$, $\hat x = D(z_q)$ | `x`, `xHat` | [n, d] |
 * | $z_e$ | `zE` | [n·P, D] |
 * | $k$ | `k` | int32 [n·P] |
 * | $e_k$ | `e` | [n·P, D] |
 * | $z_q$ | `zQ` | [n·P, D] |
 * | $\|x - \hat x\|^2$ | `reconstruction`, summed over d, mean over the batch | scalar |
 * | $\|z_e - \mathrm{sg}[e_k]\|^2$ | `commitment`, summed over D, mean over batch and positions | scalar |
 */
export class VQVAE extends Model<CheckedConfig> {
  readonly kind = 'VQVAE';
  readonly name: string;
  /** P·D: the numbers that the decoder sees. */
  readonly latentDimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly state: Readonly<Record<string, tf.Variable>>;
  readonly termWeights: { commitment: TermWeight };
  readonly support = null;
  protected readonly termUnit = 'squared error';
  private readonly encoder: MLP;
  private readonly decoder: MLP;
  private readonly quantizer: EMACodebook;

  constructor(config: VQVAEConfig) {
    super(checkedConfig('VQVAE', schema, config));
    const { positions, codebookSize, codeDimension, commitment, hidden, activation, seed, input } = this.config;
    const d = widthOf(input);
    this.latentDimensions = positions * codeDimension;
    this.name = `VQ-VAE, ${positions} of ${codebookSize} codes`;
    this.termWeights = { commitment: { symbol: 'β', schedule: commitment } };
    const latents = this.latentDimensions;
    this.encoder = new MLP({ name: 'encoder', sizes: [d, ...hidden, latents], activation, seed });
    this.decoder = new MLP({ name: 'decoder', sizes: [latents, ...hidden.toReversed(), d], activation, seed });
    this.quantizer = new EMACodebook(this.config);
    this.parameters = { ...this.encoder.parameters, ...this.decoder.parameters };
    const { vectors, counts, sums } = this.quantizer;
    this.state = { 'codebook.vectors': vectors, 'codebook.counts': counts, 'codebook.sums': sums };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<VQVAE> {
    return loadCheckpoint(path, 'VQVAE', (config) => new VQVAE(config as VQVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): VQVAETerms {
    return this.forward(tensors['x'] as tf.Tensor2D).losses;
  }

  protected override stepTerms(tensors: Readonly<Record<string, tf.Tensor>>): StepTerms {
    const { losses, zE, k } = this.forward(tensors['x'] as tf.Tensor2D);
    const { vectors, counts, sums } = this.quantizer.update(zE, k, tensors['picks'] as tf.Tensor1D);
    return {
      losses,
      updates: { 'codebook.vectors': vectors, 'codebook.counts': counts, 'codebook.sums': sums },
    };
  }

  private forward(x: tf.Tensor2D): { losses: VQVAETerms; zE: tf.Tensor2D; k: tf.Tensor1D } {
    const zE = this.zE(x);
    const k = sg(() => this.quantizer.nearest(zE));
    const e = sg(() => this.quantizer.lookup(k));
    const zQ = zE.add(sg(() => e.sub(zE)));
    const xHat = this.xHat(zQ);

    const reconstruction = x.sub(xHat).square().sum(1).mean();
    const commitment = zE.sub(e).square().sum(1).mean();
    return { losses: { reconstruction, commitment }, zE, k };
  }

  override noise(stream: RandomStream): { picks: tf.Tensor1D } {
    return { picks: tf.tensor1d(stream.uniforms(this.config.codebookSize)) };
  }

  private zE(x: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(x).reshape([-1, this.config.codeDimension]);
  }

  private xHat(zQ: tf.Tensor): tf.Tensor2D {
    return this.decoder.apply(zQ.reshape([-1, this.latentDimensions]));
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** K. */
  get codebookSize(): number {
    return this.config.codebookSize;
  }

  /** The codebook e as it is now: [K, D]. */
  get codebook(): tf.Tensor2D {
    return this.quantizer.vectors.clone();
  }

  /** The codes of every row: [n, d] → int32 [n, P]. */
  codes(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: codes`), (rows) =>
      this.quantizer.nearest(this.zE(rows)).reshape([-1, this.config.positions]),
    );
  }

  /** The code vectors of every row, side by side: [n, d] → [n, P·D]. */
  override encode(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: encode`), (rows) =>
      this.quantizer.lookup(this.quantizer.nearest(this.zE(rows))).reshape([-1, this.latentDimensions]),
    );
  }

  /** x̂ for latents [n, P·D], which need not be codes: [n, d]. */
  override decode(latents: tf.Tensor2D | number[][]): tf.Tensor2D {
    return mapRows(latents, this.expectedLatents(), (rows) => this.xHat(rows));
  }

  /** x̂ for code indices [n, P], each from 0 to K − 1: [n, d]. */
  decodeCodes(codes: tf.Tensor2D | number[][]): tf.Tensor2D {
    const { positions, codebookSize } = this.config;
    const expected = {
      caller: `${this.name}: decodeCodes`,
      width: positions,
      description: `rows of ${positions} codes from 0 to ${codebookSize - 1}`,
    };
    return mapRows(codes, expected, (rows) => this.xHat(this.quantizer.lookup(rows.cast('int32').flatten())));
  }
}

type VQVAETerms = { reconstruction: tf.Tensor; commitment: tf.Tensor };
