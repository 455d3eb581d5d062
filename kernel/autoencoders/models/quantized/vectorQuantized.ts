import * as tf from '@tensorflow/tfjs';
import type { StepTerms } from '../../../engine/index';
import type { Network } from '../../networks/layers/layers';
import { comparedDimensionOf, meanReductions } from '../../quantizers/config';
import type { CheckedQuantized } from '../../quantizers/config';
import { createQuantizer } from '../../quantizers/create';
import type { Quantization, Quantizer } from '../../quantizers/index';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { gatherRows, mapRows, widthOf } from '../../samples';
import type { Expected, SampleInput, Samples } from '../../samples';
import { codebookDiagnostics } from '../../training/diagnostics';
import type { TermWeight } from '../../training/loop/trainable';
import type { CheckedCommonConfig } from '../commonConfig';
import type { Objective } from '../explanation';
import { LatentModel } from '../latentModel';

export type CheckedVectorQuantizedConfig = CheckedCommonConfig & CheckedQuantized;

/** What a model is made of beside its quantizer. */
export interface Networks {
  /** P, vectors of one sample that are quantised. */
  positions: number;
  /** [n, d] → [n, P·D]. */
  encoder: Network;
  /** [n, P·D] → [n, d]. */
  decoder: Network;
}

/**
 * The vector-quantised variational autoencoder (van den Oord, Vinyals and Kavukcuoglu 2017), whatever its networks and
 * its codes are.
 *
 * The encoder gives P vectors $z_e$ of D dimensions; a quantizer replaces each by a code, by default the nearest vector
 * $e_k$ of a codebook, $k = \arg\min_j \|z_e - e_j\|$, and the decoder sees the codes. Training minimises, with sg the
 * stop-gradient,
 *
 * $$\|x - D(z_q)\|^2 + \|\mathrm{sg}[z_e] - e_k\|^2 + \beta\,\|z_e - \mathrm{sg}[e_k]\|^2,
 *   \qquad z_q = z_e + \mathrm{sg}[e_k - z_e]$$
 *
 * so that the gradient passes straight through from $z_q$ to $z_e$. By default the codebook follows by moving averages,
 * and the term $\|\mathrm{sg}[z_e] - e_k\|^2$ is absent. Other ways to learn the codes, to pass the gradient and to make
 * codes at all are options of the configuration's `quantizer`.
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$, $\hat x = D(z_q)$ | `x`, `xHat` | [n, d] |
 * | $z_e$ | `zE` | [n·P, D] |
 * | $z_q$ | `quantized` | [n·P, D] |
 * | $k$ | `indices` | int32 [n·P, S], S = 1 but for residual quantisation |
 * | $\|x - \hat x\|^2$ | `reconstruction`, summed over d, mean over the batch | scalar |
 * | $\|z_e - \mathrm{sg}[e_k]\|^2$ | `commitment`, summed over D, mean over batch and positions | scalar |
 * | $\|\mathrm{sg}[z_e] - e_k\|^2$ | `codebook`, as `commitment`; where the gradient learns the codes | scalar |
 *
 * β is .25 · d/D by default, which is the paper's .25 of means over the values of a sample and of a code; see
 * {@link commitmentDefault}. The paper leaves open how `commitment` is reduced over positions. Here it is their mean: its weight beside the
 * reconstruction then does not depend on how many codes a sample has.
 */
export abstract class VectorQuantizedModel<Config extends CheckedVectorQuantizedConfig> extends LatentModel<Config> {
  readonly name: string;
  /** P·D: the numbers that the decoder sees. */
  readonly latentDimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly state: Readonly<Record<string, tf.Variable>>;
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  readonly objective: Objective;
  readonly support = null;
  protected readonly termUnit = 'squared error';
  private readonly quantizer: Quantizer;
  private readonly encodedVectors = this.compiledRows((x) => this.networks.encoder.apply(x));
  private readonly nearestCodes = this.compiledRows((x) => this.inRows(this.quantizer.indices(this.zE(x))));
  private readonly decodingCodes = this.compiledRows((codes) => this.xHat(this.lookup(codes.cast('int32'))));

  constructor(
    architecture: string,
    config: Config,
    private readonly networks: Networks,
  ) {
    super(config);
    const { positions, encoder, decoder } = networks;
    this.quantizer = createQuantizer(config);
    const { codebookSize, dimensions, stages, parameters, state, termWeights } = this.quantizer;
    const codes = stages === 1 ? `${codebookSize} codes` : `${codebookSize} codes in ${stages} stages`;
    this.name = `${architecture}, ${positions} of ${codes}`;
    this.latentDimensions = positions * dimensions;
    this.termWeights = termWeights;
    this.parameters = { ...encoder.parameters, ...decoder.parameters, ...parameters };
    this.state = state;
    this.objective = {
      ...objectiveWith(this.quantizer.objective),
      meanReductions: meanReductions(widthOf(config.input), comparedDimensionOf(config)),
    };
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): VQVAETerms {
    return this.forward(tensors['x'] as tf.Tensor2D).losses;
  }

  protected override stepTerms(tensors: Readonly<Record<string, tf.Tensor>>): StepTerms {
    const { losses, updates } = this.forward(tensors['x'] as tf.Tensor2D);
    return { losses, updates: updates(tensors) };
  }

  private forward(x: tf.Tensor2D): { losses: VQVAETerms; updates: Quantization['updates'] } {
    const { quantized, losses, updates } = this.quantizer.quantize(this.zE(x));
    const xHat = this.xHat(quantized);
    const reconstruction = x.sub(xHat).square().sum(1).mean();
    return { losses: { reconstruction, ...losses }, updates };
  }

  override noise(stream: RandomStream): Record<string, tf.Tensor> {
    return this.quantizer.noise(stream);
  }

  /**
   * Before the first step: starts the codes from encoded samples, where the configuration says so.
   *
   * @throws {DataError} for fewer vectors in all samples than codes
   */
  async prepare(samples: Samples): Promise<void> {
    const { startsFrom } = this.quantizer;
    if (startsFrom === 0) return;
    const stream = randomStream(this.seed, 'codebook start');
    const wanted = Math.min(samples.length, Math.ceil(startsFrom / this.networks.positions));
    const chosen = stream.permutation(samples.length).subarray(0, wanted);
    const z = tf.tidy(() => {
      const rows = mapRows(gatherRows(samples, chosen), this.expected(`${this.name}: fit`), this.encodedVectors);
      return rows.reshape<tf.Tensor2D>([-1, this.quantizer.dimensions]);
    });
    try {
      await this.quantizer.start(z, stream);
    } finally {
      z.dispose();
    }
  }

  /** {@link codebookDiagnostics} of the codes of these samples; with several stages each figure is a list, by stage. */
  async diagnostics(samples: Samples): Promise<Record<string, number | number[]>> {
    const codes = this.codes(samples);
    const values = await codes.data();
    codes.dispose();
    const stages = Array.from({ length: this.stages }, (_, stage) =>
      codebookDiagnostics(
        values.filter((_, i) => i % this.stages === stage),
        this.codebookSize,
      ),
    );
    const [first] = stages;
    if (stages.length === 1) return { ...first };
    return {
      codebookUsage: stages.map(({ codebookUsage }) => codebookUsage),
      codebookPerplexity: stages.map(({ codebookPerplexity }) => codebookPerplexity),
      deadCodes: stages.map(({ deadCodes }) => deadCodes),
    };
  }

  private zE(x: tf.Tensor2D): tf.Tensor2D {
    return this.networks.encoder.apply(x).reshape([-1, this.quantizer.dimensions]);
  }

  private xHat(zQ: tf.Tensor): tf.Tensor2D {
    return this.networks.decoder.apply(zQ.reshape([-1, this.latentDimensions]));
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** K, of every stage. */
  get codebookSize(): number {
    return this.quantizer.codebookSize;
  }

  /** S: indices of one position; 1 but for residual quantisation. */
  get stages(): number {
    return this.quantizer.stages;
  }

  /** The codes as they are now: [K, D] of a codebook, [S·K, D] of several, stage after stage. */
  get codebook(): tf.Tensor2D {
    return this.quantizer.codes();
  }

  /** The codes of every row: [n, d] → int32 [n, P]; with S stages [n, P·S], the stages of a position side by side. */
  codes(x: SampleInput): tf.Tensor2D {
    return mapRows(x, this.expected(`${this.name}: codes`), this.nearestCodes);
  }

  /** The vectors that the decoder sees, side by side: [n, d] → [n, P·D]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.lookup(this.inRows(this.quantizer.indices(this.zE(x))));
  }

  /** With the latents also their codes, int32 [n, P·S]. */
  override encoderOutputs(x: tf.Tensor2D): { z: tf.Tensor; codes: tf.Tensor } {
    const codes = this.inRows(this.quantizer.indices(this.zE(x)));
    return { z: this.lookup(codes), codes };
  }

  /** x̂ for latents [n, P·D], which need not be codes: [n, d]. */
  protected override decodeRows(latents: tf.Tensor2D): tf.Tensor2D {
    return this.xHat(latents);
  }

  /** x̂ for code indices as {@link codes} gives them, each from 0 to K − 1: [n, P·S] → [n, d]. */
  decodeCodes(codes: tf.Tensor2D | number[][]): tf.Tensor2D {
    const width = this.networks.positions * this.stages;
    const expected = {
      caller: `${this.name}: decodeCodes`,
      width,
      description: `rows of ${width} codes from 0 to ${this.codebookSize - 1}`,
    };
    if (Array.isArray(codes)) this.checkRange(codes, expected);
    return mapRows(codes, expected, this.decodingCodes);
  }

  private checkRange(codes: number[][], { caller, description }: Expected): void {
    const wrong = codes.flat().find((code) => !Number.isInteger(code) || code < 0 || code >= this.codebookSize);
    if (wrong !== undefined) throw new RangeError(`${caller} expects ${description}; found ${wrong}.`);
  }

  /** int32 [n·P, S] → [n, P·S]. */
  private inRows(indices: tf.Tensor2D): tf.Tensor2D {
    return indices.reshape([-1, this.networks.positions * this.stages]);
  }

  /** int32 [n, P·S] → [n, P·D]. */
  private lookup(codes: tf.Tensor2D): tf.Tensor2D {
    return this.quantizer.lookup(codes.reshape([-1, this.stages])).reshape([-1, this.latentDimensions]);
  }
}

type VQVAETerms = { reconstruction: tf.Tensor } & Record<string, tf.Tensor>;

function objectiveWith({ formula, terms, source }: Objective): Objective {
  const reconstruction = {
    formula: '\\|x - D(z_q)\\|^2',
    meaning: 'summed over the values of x, mean over the batch',
  };
  return { formula: `${reconstruction.formula}${formula}`, terms: { reconstruction, ...terms }, source };
}
