import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { StepTerms } from '../../engine/index';
import type { Network } from '../networks/layers';
import { stopGradient as sg } from '../networks/stopGradient';
import { EMACodebook } from '../quantizers/emaCodebook';
import type { RandomStream } from '../random';
import { mapRows } from '../samples';
import type { SampleInput } from '../samples';
import type { TermWeight } from '../training/trainable';
import type { CheckedCommonConfig } from './commonConfig';
import type { Objective } from './explanation';
import { Model } from './model';

/** Fields of the codebook and its loss. */
export interface CodebookFields {
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

export const codebookFields = {
  codebookSize: z.int().min(2).default(512),
  codeDimension: z.int().min(1).default(64),
  commitment: z.number().min(0).default(0.25),
  decay: z.number().min(0).lt(1).default(0.99),
  epsilon: z.number().positive().default(1e-5),
  reviveBelow: z.number().min(0).lt(1).default(0.2),
};

type CheckedVectorQuantizedConfig = CheckedCommonConfig & Required<CodebookFields>;

/** What a model is made of beside its codebook. */
export interface Networks {
  /** P, codes of one sample. */
  positions: number;
  /** [n, d] → [n, P·D]. */
  encoder: Network;
  /** [n, P·D] → [n, d]. */
  decoder: Network;
}

/**
 * The vector-quantised variational autoencoder (van den Oord, Vinyals and Kavukcuoglu 2017), whatever its networks are.
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
export abstract class VectorQuantizedModel<Config extends CheckedVectorQuantizedConfig> extends Model<Config> {
  readonly name: string;
  /** P·D: the numbers that the decoder sees. */
  readonly latentDimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly state: Readonly<Record<string, tf.Variable>>;
  readonly termWeights: { commitment: TermWeight };
  readonly support = null;
  protected readonly termUnit = 'squared error';
  private readonly quantizer: EMACodebook;
  private readonly nearestCodes = this.compiledRows((x) =>
    this.quantizer.nearest(this.zE(x)).reshape([-1, this.networks.positions]),
  );
  private readonly decodingCodes = this.compiledRows((codes) =>
    this.xHat(this.quantizer.lookup(codes.cast('int32').flatten())),
  );

  constructor(
    architecture: string,
    config: Config,
    private readonly networks: Networks,
  ) {
    super(config);
    const { codebookSize, codeDimension, commitment } = config;
    const { positions, encoder, decoder } = networks;
    this.name = `${architecture}, ${positions} of ${codebookSize} codes`;
    this.latentDimensions = positions * codeDimension;
    this.termWeights = { commitment: { symbol: 'β', schedule: commitment } };
    this.quantizer = new EMACodebook(config);
    this.parameters = { ...encoder.parameters, ...decoder.parameters };
    const { vectors, counts, sums } = this.quantizer;
    this.state = { 'codebook.vectors': vectors, 'codebook.counts': counts, 'codebook.sums': sums };
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

  readonly objective: Objective = {
    formula: '\\|x - D(z_q)\\|^2 + \\beta\\,\\|z_e - \\mathrm{sg}[e_k]\\|^2',
    terms: {
      reconstruction: { formula: '\\|x - D(z_q)\\|^2', meaning: 'summed over the values of x, mean over the batch' },
      commitment: {
        formula: '\\|z_e - \\mathrm{sg}[e_k]\\|^2',
        meaning: 'summed over the dimensions of a code, mean over batch and positions',
      },
    },
    source:
      'van den Oord, Vinyals and Kavukcuoglu 2017, Neural Discrete Representation Learning, equation 3, appendix A.1',
  };

  override noise(stream: RandomStream): { picks: tf.Tensor1D } {
    return { picks: tf.tensor1d(stream.uniforms(this.config.codebookSize)) };
  }

  private zE(x: tf.Tensor2D): tf.Tensor2D {
    return this.networks.encoder.apply(x).reshape([-1, this.config.codeDimension]);
  }

  private xHat(zQ: tf.Tensor): tf.Tensor2D {
    return this.networks.decoder.apply(zQ.reshape([-1, this.latentDimensions]));
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
    return mapRows(x, this.expected(`${this.name}: codes`), this.nearestCodes);
  }

  /** The code vectors side by side: [n, d] → [n, P·D]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.quantizer.lookup(this.quantizer.nearest(this.zE(x))).reshape([-1, this.latentDimensions]);
  }

  /** With the latents also their codes, int32 [n, P]. */
  override encoderOutputs(x: tf.Tensor2D): { z: tf.Tensor; codes: tf.Tensor } {
    const k = this.quantizer.nearest(this.zE(x));
    const z = this.quantizer.lookup(k).reshape([-1, this.latentDimensions]);
    return { z, codes: k.reshape([-1, this.networks.positions]) };
  }

  /** x̂ for latents [n, P·D], which need not be codes: [n, d]. */
  protected override decodeRows(latents: tf.Tensor2D): tf.Tensor2D {
    return this.xHat(latents);
  }

  /** x̂ for code indices [n, P], each from 0 to K − 1: [n, d]. */
  decodeCodes(codes: tf.Tensor2D | number[][]): tf.Tensor2D {
    const { positions } = this.networks;
    const { codebookSize } = this.config;
    const expected = {
      caller: `${this.name}: decodeCodes`,
      width: positions,
      description: `rows of ${positions} codes from 0 to ${codebookSize - 1}`,
    };
    return mapRows(codes, expected, this.decodingCodes);
  }
}

type VQVAETerms = { reconstruction: tf.Tensor; commitment: tf.Tensor };
