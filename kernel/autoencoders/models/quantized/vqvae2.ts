import * as tf from '@tensorflow/tfjs';
import { object, oneOf, takes } from '../../arguments';
import { withClasses } from '../../conditioning/conditionedNetwork';
import { ofData } from '../../conditioning/formulas';
import type { GivenClass } from '../../conditioning/formulas';
import { samplesBeside } from '../../conditioning/labelledRows';
import type { Labelled } from '../../conditioning/labelledRows';
import { squaredErrorOf, valuesOfX } from '../../conditioning/missing';
import type { Coder } from '../../metrics/index';
import { HierarchicalNetworks } from '../../networks/maps/hierarchicalResidual';
import { afterStep } from '../../networks/pass';
import type { CodeMap } from '../../networks/causal/codeContext';
import type { Draws } from '../../noise';
import type { Terms } from '../../objectives/terms';
import { randomStream } from '../../random';
import { mapRows, rowShapeOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import { Autoencoder } from '../autoencoder';
import { checkedCodes, codebookFigures } from './codes';
import { levelCodebook } from './levelCodes';
import type { LevelCodebook, LevelQuantized } from './levelCodes';
import type { QuantizedGiven } from './vqvae';
import { byLevel, checkedVQVAE2Config, levelsOf } from './vqvae2Config';
import type { ByLevel, CheckedVQVAE2Config, Level, VQVAE2Config } from './vqvae2Config';

export type { Level, VQVAE2Config } from './vqvae2Config';

/** Codes of each level, [n, P] each. */
export type LevelCodes<T = tf.Tensor2D> = ByLevel<T>;

/**
 * VQ-VAE-2 (Razavi, van den Oord and Vinyals 2019): a {@link ConvolutionalVQVAE} with one or two more maps of codes
 * above the first, each with half the height and width.
 *
 * The top level chooses its codes first. Their decoding is an input of the level below, which then encodes what the top
 * leaves out. The decoder sees the codes of all levels. Training minimises, with sg the stop-gradient and levels l,
 *
 * $$\|x - D(z_q^{(1)}, \dots, z_q^{(L)})\|^2 + \beta \sum_l \|z_e^{(l)} - \mathrm{sg}[e^{(l)}]\|^2, \qquad
 *   z_q = z_e + \mathrm{sg}[e - z_e]$$
 *
 * Each codebook follows its level by moving averages ({@link EMACodebook}). Or each level has your own quantizer, whose
 * terms replace the commitment.
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
  protected override readonly givenClass: GivenClass = (name, argument) => name === 'D' || ofData(name, argument);
  private readonly networks: HierarchicalNetworks;
  private readonly codebooks: readonly LevelCodebook[];
  /** P of each level. */
  private readonly positions: readonly number[];
  private readonly allCodes = this.compiledSeen((x, y) =>
    tf.concat2d(
      this.quantized(x, y).map(({ k }, l) => k.reshape([-1, this.positions[l]!])),
      1,
    ),
  );
  private readonly decodingCodes = this.compiledRows((codesAndY) => {
    const [codes, y] = this.conditioning.apart(codesAndY);
    const maps = tf.split(codes.cast('int32'), [...this.positions], 1) as tf.Tensor2D[];
    return this.networks.decode(
      maps.map((k, l) => this.map(l, this.codebooks[l]!.lookup(k.flatten()))),
      y,
    );
  });

  /** @throws {ConfigurationError} naming every field that is wrong */
  constructor(config: VQVAE2Config) {
    super(checkedVQVAE2Config(config));
    const { input, codebookSize, codeDimension } = this.config;
    this.levels = levelsOf(this.config);
    this.networks = this.adopt(
      new HierarchicalNetworks({ ...this.config, image: input, levels: this.levels, classes: this.conditioning.width }),
    );
    this.maps = byLevel(this.levels, (l) => ({ ...this.networks.maps[l]!, codebookSize }));
    this.positions = this.networks.maps.map(({ height, width }) => height * width);
    this.latentDimensions = codeDimension * total(this.positions);
    this.codebooks = this.levels.map((level) => this.adopt(levelCodebook(level, this.config)));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: QuantizedGiven): Terms {
    const { x, y, there } = this.seen(given);
    const quantized = this.quantized(x, y);
    const xHat = this.networks.decode(quantized.map(({ quantized }, l) => this.map(l, quantized)), y); // prettier-ignore
    afterStep(() => Object.assign({}, ...quantized.map(({ updated }) => updated(given))) as Record<string, tf.Tensor>);
    const inputs = this.levels.map((level) => `z_q^{\\text{${level}}}`).join(', ');
    return {
      reconstruction: {
        value: squaredErrorOf(x, xHat, there).mean(),
        formula: `\\|x - D(${inputs})\\|^2`,
        meaning: `summed over ${valuesOfX(there)}, mean over the batch`,
      },
      ...(Object.assign({}, ...quantized.map(({ terms }) => terms)) as Terms),
    };
  }

  /** Each level from the top: what its encoder gives beside the codes above, and the codes nearest to that. */
  private quantized(x: tf.Tensor2D, y?: tf.Tensor2D): LevelQuantized[] {
    const features = this.networks.features(withClasses(x, y, rowShapeOf(this.inputShape)));
    let above: tf.Tensor4D | null = null;
    return features.map((h, l) => {
      const zE: tf.Tensor2D = this.networks.vectors(l, h, above).reshape([-1, this.config.codeDimension]);
      const codes = this.codebooks[l]!.quantize(zE);
      above = this.networks.downwards(l, this.map(l, codes.quantized));
      return codes;
    });
  }

  /** [n·P, D] → [n, h, w, D]. */
  private map(level: number, rows: tf.Tensor): tf.Tensor4D {
    const { height, width } = this.networks.maps[level]!;
    return rows.reshape([-1, height, width, this.config.codeDimension]);
  }

  /** What the dead codes of each level are moved to. */
  override noise(): Draws {
    return Object.assign({}, ...this.codebooks.map((codebook) => codebook.noise())) as Draws;
  }

  /**
   * Before the first step: starts the codes of each level from encoded samples, from the top, whose codes the next level
   * looks at.
   *
   * @throws {DataError} for `kmeans` and fewer vectors at a level than codes
   */
  async prepare(samples: Samples): Promise<void> {
    const stream = randomStream(this.seed, 'codebook start');
    const expected = this.expected(`${this.name}: fit`);
    const beside = samplesBeside(this.conditioning, samples, expected.caller);
    for (const [l, codebook] of this.codebooks.entries()) {
      await codebook.start({
        samples: beside,
        expected: { ...expected, width: beside.width },
        positions: this.positions[l]!,
        vectors: (xAndY) => {
          const { x, y } = this.conditioning.seenBeside(xAndY);
          return this.quantized(x, y)[l]!.zE.reshape<tf.Tensor2D>([x.shape[0], -1]);
        },
        stream,
      });
    }
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return `VQ-VAE-2, ${this.positions.join(' + ')} of ${this.config.codebookSize} codes`;
  }

  /** The codes of every row by level: [n, d] → int32 [n, P] each, row by row of their maps. */
  codes(x: SampleInput, options: Labelled = {}): LevelCodes {
    const all = this.mapped(x, options, 'codes', this.allCodes);
    const maps = tf.split(all, [...this.positions], 1) as tf.Tensor2D[];
    all.dispose();
    return byLevel(this.levels, (l) => maps[l]!);
  }

  /** x̂ for code indices by level, [n, P] each, from 0 to K − 1: [n, d]. */
  decodeCodes(codes: LevelCodes<tf.Tensor2D | number[][]>, options: Labelled = {}): tf.Tensor2D {
    const { codebookSize } = this.config;
    const caller = `${this.name}: decodeCodes`;
    takes(caller, ['codes', codes, object(...this.levels)]);
    return tf.tidy(() => {
      const maps = this.levels.map((level, l) => {
        const expected = { caller, width: this.positions[l]!, codebookSize, where: ` at the ${level}` };
        const given = codes[level] ?? [];
        return mapRows(given, checkedCodes(given, expected), (rows) => rows.toFloat() as tf.Tensor2D);
      });
      const width = total(this.positions);
      const expected = { caller, width, description: `rows of ${width} codes` };
      return this.mappedLatents(tf.concat2d(maps, 1), options, expected, this.decodingCodes);
    });
  }

  /** One level's codebook, for {@link codebookUsage}. */
  coder(level: Level): Coder & { readonly name: string } {
    takes(`${this.name}: coder`, ['level', level, oneOf(...this.levels)]);
    return {
      name: `${this.name}, ${level}`,
      codebookSize: this.config.codebookSize,
      codes: (x) => tf.tidy(() => this.codes(x)[level]!),
    };
  }

  /** {@link codebookDiagnostics} of the codes of these samples; each figure is a list, by level from the top. */
  async diagnostics(samples: Samples): Promise<Record<string, number[]>> {
    const codes = this.codes(samples, this.unlessLabelled(samples));
    const values = await Promise.all(this.levels.map((level) => codes[level]!.data()));
    tf.dispose(Object.values(codes));
    return codebookFigures(values, this.config.codebookSize);
  }

  /** The code vectors of all levels side by side, from the top: [n, d] → [n, latentDimensions]. */
  protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    const maps = this.quantized(x, y).map(({ e }, l) =>
      e.reshape([-1, this.positions[l]! * this.config.codeDimension]),
    );
    return tf.concat(maps, 1) as tf.Tensor2D;
  }

  /** x̂ for latents [n, latentDimensions], which need not be codes: [n, d]. */
  protected override decodeRows(latents: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    const sizes = this.positions.map((P) => P * this.config.codeDimension);
    const maps = tf.split(latents, sizes, 1);
    return this.networks.decode(maps.map((rows, l) => this.map(l, rows)), y); // prettier-ignore
  }
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
