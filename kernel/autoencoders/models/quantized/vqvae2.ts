import * as tf from '@tensorflow/tfjs';
import type { Coder } from '../../metrics/index';
import { HierarchicalNetworks } from '../../networks/maps/hierarchicalResidual';
import { afterStep } from '../../networks/pass';
import type { CodeMap } from '../../networks/causal/codeContext';
import { uniform } from '../../noise';
import type { Draws } from '../../noise';
import type { Term, Terms } from '../../objectives/terms';
import { averagesNamed, EMACodebook } from '../../quantizers/emaCodebook';
import { startByKmeans } from '../../quantizers/kmeans';
import { nearestCodes } from '../../quantizers/nearest';
import type { NearestCodes } from '../../quantizers/nearest';
import { commitment, meanReductions } from '../../quantizers/terms';
import { randomStream } from '../../random';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import { Autoencoder } from '../autoencoder';
import { checkedCodes, codebookFigures } from './codes';
import type { QuantizedGiven } from './vqvae';
import { byLevel, checkedVQVAE2Config, levelsOf } from './vqvae2Config';
import type { ByLevel, CheckedVQVAE2Config, Level, VQVAE2Config } from './vqvae2Config';

export type { Level, VQVAE2Config } from './vqvae2Config';

/** Codes of each level, [n, P] each. */
export type LevelCodes<T = tf.Tensor2D> = ByLevel<T>;

/**
 * VQ-VAE-2 (Razavi, van den Oord and Vinyals 2019): a {@link ConvolutionalVQVAE} with a second map of codes above the
 * first, of half its height and width, or with two.
 *
 * The top's codes are chosen first; decoded, they take part in what the level below quantises, so that it holds what
 * the top leaves out. The decoder sees the codes of all levels. Training minimises, with sg the stop-gradient and
 * levels l,
 *
 * $$\|x - D(z_q^{(1)}, \dots, z_q^{(L)})\|^2 + \beta \sum_l \|z_e^{(l)} - \mathrm{sg}[e^{(l)}]\|^2, \qquad
 *   z_q = z_e + \mathrm{sg}[e - z_e]$$
 *
 * and each codebook follows its level by moving averages ({@link EMACodebook}).
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$, $\hat x = D(\dots)$ | `x`, `xHat` | [n, d] |
 * | $z_e^{(l)}$, $e^{(l)}$ | `zE`, `e` | [n·P, D] for the P positions of level l |
 * | $k^{(l)}$ | `k` | int32 [n·P] |
 * | $z_q^{(l)}$ | `quantized`, as maps | [n, h, w, D] |
 * | $\|x - \hat x\|^2$ | `reconstruction`, summed over d, mean over the batch | scalar |
 * | $\|z_e^{(l)} - \mathrm{sg}[e^{(l)}]\|^2$ | `topCommitment`, `bottomCommitment`, summed over D, mean over batch and positions | scalar |
 *
 * The paper trains with Adam at a learning rate of 3e-4.
 */
export class VQVAE2 extends Autoencoder<CheckedVQVAE2Config, QuantizedGiven> {
  /** From the top, whose codes are chosen first. */
  readonly levels: readonly Level[];
  /** Rows and columns of each level's map of codes, and K. */
  readonly maps: Readonly<LevelCodes<CodeMap>>;
  /** D times the codes of all levels. */
  readonly latentDimensions: number;
  protected override readonly termUnit = 'squared error';
  protected override readonly source =
    'Razavi, van den Oord and Vinyals 2019, Generating Diverse High-Fidelity Images with VQ-VAE-2, equation 2, section 3.1';
  private readonly networks: HierarchicalNetworks;
  private readonly codebooks: readonly EMACodebook[];
  /** P of each level. */
  private readonly positions: readonly number[];
  private readonly allCodes = this.compiledRows((x) =>
    tf.concat2d(
      this.quantized(x).map(({ k }, l) => k.reshape([-1, this.positions[l]!])),
      1,
    ),
  );
  private readonly decodingCodes = this.compiledRows((codes) => {
    const maps = tf.split(codes.cast('int32'), [...this.positions], 1) as tf.Tensor2D[];
    return this.networks.decode(maps.map((k, l) => this.map(l, this.codebooks[l]!.lookup(k.flatten()))));
  });

  /** @throws {ConfigurationError} naming every field that is wrong */
  constructor(config: VQVAE2Config) {
    super(checkedVQVAE2Config(config));
    const { input, codebookSize, codeDimension, seed } = this.config;
    this.levels = levelsOf(this.config);
    this.networks = this.adopt(new HierarchicalNetworks({ ...this.config, image: input, levels: this.levels }));
    this.maps = byLevel(this.levels, (l) => ({ ...this.networks.maps[l]!, codebookSize }));
    this.positions = this.networks.maps.map(({ height, width }) => height * width);
    this.latentDimensions = codeDimension * total(this.positions);
    this.codebooks = this.levels.map((level) => {
      const codebook = new EMACodebook({ ...this.config, seed, name: `codebook.${level}` });
      this.adopt({ state: averagesNamed<tf.Variable>(`codebook.${level}`, codebook) });
      return codebook;
    });
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms({ x, ...noise }: QuantizedGiven): Terms {
    const quantized = this.quantized(x);
    const xHat = this.networks.decode(quantized.map(({ quantized }, l) => this.map(l, quantized)));
    afterStep(() => this.updated(quantized, noise));
    const inputs = this.levels.map((level) => `z_q^{\\text{${level}}}`).join(', ');
    return {
      reconstruction: {
        value: x.sub(xHat).square().sum(1).mean(),
        formula: `\\|x - D(${inputs})\\|^2`,
        meaning: 'summed over the values of x, mean over the batch',
      },
      ...Object.fromEntries(this.levels.map((level, l) => [`${level}Commitment`, this.commitment(l, quantized[l]!)])),
    };
  }

  /** Each level from the top: what its encoder gives beside the codes above, and the codes nearest to that. */
  private quantized(x: tf.Tensor2D): NearestCodes[] {
    const features = this.networks.features(x);
    let above: tf.Tensor4D | null = null;
    return features.map((h, l) => {
      const zE: tf.Tensor2D = this.networks.vectors(l, h, above).reshape([-1, this.config.codeDimension]);
      const codes = nearestCodes(this.codebooks[l]!, zE);
      above = this.networks.downwards(l, this.map(l, codes.quantized));
      return codes;
    });
  }

  /** β‖z_e − sg[e]‖² of a level. */
  private commitment(l: number, { distance }: NearestCodes): Term {
    const level = this.levels[l]!;
    const symbols = { vector: `z_e^{\\text{${level}}}`, code: `e^{\\text{${level}}}` };
    const term = commitment(distance, this.config.commitment, symbols);
    return {
      ...term,
      meaning: `for the ${level}'s codes: ${term.meaning}`,
      meanReductions: meanReductions(widthOf(this.inputShape), this.config.codeDimension),
    };
  }

  private updated(quantized: readonly NearestCodes[], noise: Readonly<Record<string, tf.Tensor>>) {
    const updates = this.levels.map((level, l) =>
      averagesNamed(`codebook.${level}`, quantized[l]!.updated(noise[`${level}Picks`] as tf.Tensor1D)),
    );
    return Object.assign({}, ...updates) as Record<string, tf.Tensor>;
  }

  /** [n·P, D] → [n, h, w, D]. */
  private map(level: number, rows: tf.Tensor): tf.Tensor4D {
    const { height, width } = this.networks.maps[level]!;
    return rows.reshape([-1, height, width, this.config.codeDimension]);
  }

  /** What the dead codes of each level are moved to. */
  override noise(): Draws {
    return Object.fromEntries(this.levels.map((level) => [`${level}Picks`, uniform([this.config.codebookSize])]));
  }

  /**
   * Before the first step: starts the codes of each level from encoded samples, from the top, whose codes the next level
   * looks at.
   *
   * @throws {DataError} for `kmeans` and fewer vectors at a level than codes
   */
  async prepare(samples: Samples): Promise<void> {
    const stream = randomStream(this.seed, 'codebook start');
    for (const [l, codebook] of this.codebooks.entries()) {
      await startByKmeans(codebook, this.config, {
        samples,
        expected: this.expected(`${this.name}: fit`),
        positions: this.positions[l]!,
        vectors: (x) => this.quantized(x)[l]!.zE.reshape<tf.Tensor2D>([x.shape[0], -1]),
        stream,
      });
    }
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return `VQ-VAE-2, ${this.positions.join(' + ')} of ${this.config.codebookSize} codes`;
  }

  /** The codes of every row by level: [n, d] → int32 [n, P] each, row by row of their maps. */
  codes(x: SampleInput): LevelCodes {
    const all = mapRows(x, this.expected(`${this.name}: codes`), this.allCodes);
    const maps = tf.split(all, [...this.positions], 1) as tf.Tensor2D[];
    all.dispose();
    return byLevel(this.levels, (l) => maps[l]!);
  }

  /** x̂ for code indices by level, [n, P] each, from 0 to K − 1: [n, d]. */
  decodeCodes(codes: LevelCodes<tf.Tensor2D | number[][]>): tf.Tensor2D {
    const { codebookSize } = this.config;
    const caller = `${this.name}: decodeCodes`;
    return tf.tidy(() => {
      const maps = this.levels.map((level, l) => {
        const expected = { caller, width: this.positions[l]!, codebookSize, where: ` at the ${level}` };
        return checkedCodes(codes[level] ?? [], expected, (rows) => rows.toFloat() as tf.Tensor2D);
      });
      const width = total(this.positions);
      const expected = { caller, width, description: `rows of ${width} codes` };
      return mapRows(tf.concat2d(maps, 1), expected, this.decodingCodes);
    });
  }

  /** One level's codebook, for {@link codebookUsage}. */
  coder(level: Level): Coder & { readonly name: string } {
    const known = this.levels.includes(level);
    if (!known) throw new RangeError(`${this.name} has no level "${level}"; its levels are ${this.levels.join(', ')}.`);
    return {
      name: `${this.name}, ${level}`,
      codebookSize: this.config.codebookSize,
      codes: (x) => tf.tidy(() => this.codes(x)[level]!),
    };
  }

  /** {@link codebookDiagnostics} of the codes of these samples; each figure is a list, by level from the top. */
  async diagnostics(samples: Samples): Promise<Record<string, number[]>> {
    const codes = this.codes(samples);
    const values = await Promise.all(this.levels.map((level) => codes[level]!.data()));
    tf.dispose(Object.values(codes));
    return codebookFigures(values, this.config.codebookSize);
  }

  /** The code vectors of all levels side by side, from the top: [n, d] → [n, latentDimensions]. */
  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    const maps = this.quantized(x).map(({ e }, l) => e.reshape([-1, this.positions[l]! * this.config.codeDimension]));
    return tf.concat(maps, 1) as tf.Tensor2D;
  }

  /** x̂ for latents [n, latentDimensions], which need not be codes: [n, d]. */
  protected override decodeRows(latents: tf.Tensor2D): tf.Tensor2D {
    const sizes = this.positions.map((P) => P * this.config.codeDimension);
    const maps = tf.split(latents, sizes, 1);
    return this.networks.decode(maps.map((rows, l) => this.map(l, rows)));
  }
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
