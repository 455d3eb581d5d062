import * as tf from '@tensorflow/tfjs';
import type { ConditionedNetwork } from '../../conditioning/conditionedNetwork';
import { ofData } from '../../conditioning/formulas';
import type { GivenClass } from '../../conditioning/formulas';
import { samplesBeside } from '../../conditioning/labelledRows';
import type { Labelled } from '../../conditioning/labelledRows';
import { squaredErrorOf, valuesOfX } from '../../conditioning/missing';
import { afterStep } from '../../networks/pass';
import type { Draws } from '../../noise';
import type { Terms } from '../../objectives/terms';
import { codeDimensionOf, comparedDimensionOf, product } from '../../quantizers/config';
import { createQuantizer } from '../../quantizers/create';
import type { Quantizer } from '../../quantizers/index';
import { meanReductions } from '../../quantizers/terms';
import { randomStream } from '../../random';
import { gatherRows, mapRows, rowShapeOf, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import { Autoencoder } from '../autoencoder';
import type { Given } from '../model';
import { checkedCodes, codebookFigures, countsOf, MOST_COUNTED } from './codes';
import { checkedVQVAE } from './vqvaeConfig';
import type { CheckedVQVAEConfig, VQVAEConfig } from './vqvaeConfig';

export type { VQVAEConfig } from './vqvaeConfig';

/** The batch, and the random numbers of the quantizer and of the networks. */
export interface QuantizedGiven extends Given {
  [name: string]: tf.Tensor;
}

/**
 * The vector-quantised variational autoencoder (van den Oord, Vinyals and Kavukcuoglu 2017), composed of an encoder, a
 * quantizer and a decoder; by default the networks are multilayer perceptrons, for samples of any kind.
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
 * {@link commitmentDefault}. The paper leaves open how `commitment` is reduced over positions. Here it is their mean: its
 * weight beside the reconstruction then does not depend on how many codes a sample has.
 */
export class VQVAE extends Autoencoder<CheckedVQVAEConfig, QuantizedGiven> {
  /** P·D: the numbers that the decoder sees. */
  readonly latentDimensions: number;
  /** Codes along each axis of their map, or [P]; `codes` gives them with the last axis fastest. */
  readonly codeGrid: readonly number[];
  /** The name in captions. */
  readonly title: string = 'VQ-VAE';
  protected override readonly source: string;
  protected override readonly termUnit = 'squared error';
  protected override readonly givenClass: GivenClass = (name, argument) => name === 'D' || ofData(name, argument);
  private readonly encoder: ConditionedNetwork;
  private readonly quantizer: Quantizer;
  private readonly decoder: ConditionedNetwork;
  private readonly encodedVectors = this.compiledSeen((x, y) => this.encoder.apply(x, y));
  private readonly nearestCodes = this.compiledSeen((x, y) => this.inRows(this.quantizer.indices(this.zE(x, y))));
  private readonly codeErrors = this.compiledSeen((x, y) => {
    const zE = this.zE(x, y);
    const zQ = this.quantizer.lookup(this.quantizer.indices(zE));
    return zE.sub(zQ).square().sum(1).reshape<tf.Tensor2D>([-1, this.positions]);
  });
  private readonly decodingCodes = this.compiledRows((codesAndY) => {
    const [codes, y] = this.conditioning.apart(codesAndY);
    return this.xHat(this.vectorsOf(codes.cast('int32')), y);
  });

  /**
   * @param saved what a checkpoint holds in place of the configuration: that of a preset
   * @throws {ConfigurationError} naming every field that is wrong
   */
  constructor(given: VQVAEConfig, saved: object = {}) {
    const { config, codeGrid, encoder, decoder } = checkedVQVAE(new.target.name, given);
    super('input' in saved ? (saved as CheckedVQVAEConfig) : config);
    const sample = rowShapeOf(config.input);
    this.codeGrid = codeGrid;
    this.latentDimensions = this.positions * codeDimensionOf(config);
    this.encoder = this.conditioned('encoder', encoder, { from: sample, to: [this.latentDimensions] });
    this.decoder = this.conditioned('decoder', decoder, { from: [this.latentDimensions], to: sample });
    this.quantizer = this.adopt(createQuantizer(config));
    this.source = this.quantizer.source;
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: QuantizedGiven): Terms {
    const { x, y, there } = this.seen(given);
    const { quantized, terms, updates } = this.quantizer.quantize(this.zE(x, y));
    const xHat = this.xHat(quantized, y);
    afterStep(() => updates(given));
    return {
      reconstruction: {
        value: squaredErrorOf(x, xHat, there).mean(),
        formula: '\\|x - D(z_q)\\|^2',
        meaning: `summed over ${valuesOfX(there)}, mean over the batch`,
      },
      ...terms,
      ...(terms['commitment'] && { commitment: { ...terms['commitment'], meanReductions: this.means } }),
    };
  }

  override losses(
    given: Readonly<Record<string, tf.Tensor>>,
  ): { reconstruction: tf.Tensor } & Record<string, tf.Tensor> {
    return super.losses(given) as { reconstruction: tf.Tensor } & Record<string, tf.Tensor>;
  }

  override noise(): Draws {
    return this.quantizer.noise();
  }

  /** How papers give β. */
  private get means() {
    return meanReductions(widthOf(this.inputShape), comparedDimensionOf(this.config));
  }

  private zE(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(x, y).reshape([-1, this.quantizer.dimensions]);
  }

  private xHat(zQ: tf.Tensor, y?: tf.Tensor2D): tf.Tensor2D {
    return this.decoder.apply(zQ.reshape([-1, this.latentDimensions]), y);
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
    const wanted = Math.min(samples.length, Math.ceil(startsFrom / this.positions));
    const chosen = stream.permutation(samples.length).subarray(0, wanted);
    const expected = this.expected(`${this.name}: fit`);
    const all = samplesBeside(this.conditioning, samples, expected.caller);
    const z = tf.tidy(() => {
      const rows = mapRows(gatherRows(all, chosen), { ...expected, width: all.width }, this.encodedVectors);
      return rows.reshape<tf.Tensor2D>([-1, this.quantizer.dimensions]);
    });
    try {
      await this.quantizer.start(z, stream);
    } finally {
      z.dispose();
    }
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    const { codebookSize, stages, positions } = this;
    const codes = stages === 1 ? `${codebookSize} codes` : `${codebookSize} codes in ${stages} stages`;
    return `${this.title}, ${positions} of ${codes}`;
  }

  /** P. */
  get positions(): number {
    return product(this.codeGrid);
  }

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
  codes(x: SampleInput, options: Labelled = {}): tf.Tensor2D {
    return this.mapped(x, options, 'codes', this.nearestCodes);
  }

  /** ‖z_e − z_q‖² at each position: how far a vector is from the code that it is given, [n, d] → [n, P]. */
  quantizationErrors(x: SampleInput, options: Labelled = {}): tf.Tensor2D {
    return this.mapped(x, options, 'quantizationErrors', this.codeErrors);
  }

  /** x̂ for code indices as {@link codes} gives them, each from 0 to K − 1: [n, P·S] → [n, d]. */
  decodeCodes(codes: tf.Tensor2D | number[][], options: Labelled = {}): tf.Tensor2D {
    const width = this.positions * this.stages;
    const { codebookSize } = this;
    const expected = checkedCodes(codes, { caller: `${this.name}: decodeCodes`, width, codebookSize });
    return this.mappedLatents(codes, options, expected, this.decodingCodes);
  }

  /**
   * {@link codebookDiagnostics} of the codes of these samples. With several stages, each figure is a list, by stage.
   * For one stage with at most {@link MOST_COUNTED} codes there is also `codeCounts`, how often each code occurs: [K].
   */
  async diagnostics(samples: Samples): Promise<Record<string, number | number[]>> {
    const codes = this.codes(samples, this.unlessLabelled(samples));
    const values = await codes.data();
    codes.dispose();
    const { stages } = this;
    const byStage = Array.from({ length: stages }, (_, stage) => values.filter((_, i) => i % stages === stage));
    const figures = codebookFigures<Record<string, number | number[]>>(byStage, this.codebookSize);
    if (stages > 1 || this.codebookSize > MOST_COUNTED) return figures;
    return { ...figures, codeCounts: countsOf(values, this.codebookSize) };
  }

  /** The vectors that the decoder sees, side by side: [n, d] → [n, P·D]. */
  protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.vectorsOf(this.inRows(this.quantizer.indices(this.zE(x, y))));
  }

  /** x̂ for latents [n, P·D], which need not be codes: [n, d]. */
  protected override decodeRows(latents: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.xHat(latents, y);
  }

  /** With the latents also their codes, int32 [n, P·S]. */
  override encoderOutputs(x: tf.Tensor2D, y?: tf.Tensor2D): { z: tf.Tensor; codes: tf.Tensor } {
    const codes = this.inRows(this.quantizer.indices(this.zE(x, y)));
    return { z: this.vectorsOf(codes), codes };
  }

  /** int32 [n·P, S] → [n, P·S]. */
  private inRows(indices: tf.Tensor2D): tf.Tensor2D {
    return indices.reshape([-1, this.positions * this.stages]);
  }

  /** int32 [n, P·S] → [n, P·D]. */
  private vectorsOf(codes: tf.Tensor2D): tf.Tensor2D {
    return this.quantizer.lookup(codes.reshape([-1, this.stages])).reshape([-1, this.latentDimensions]);
  }
}
