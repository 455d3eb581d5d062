import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { StepTerms } from '../../../engine/index';
import { checkedConfig } from '../../config';
import type { Coder } from '../../metrics/index';
import { HierarchicalNetworks } from '../../networks/maps/hierarchicalResidual';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import type { CodeMap } from '../../networks/causal/codeContext';
import { commitmentDefault, meanReductions } from '../../quantizers/config';
import { EMACodebook } from '../../quantizers/emaCodebook';
import { startByKmeans } from '../../quantizers/kmeans';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { mapRows, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import { codebookDiagnostics } from '../../training/diagnostics';
import type { TermWeight } from '../../training/loop/trainable';
import { imageFields, tooSmall } from '../commonConfig';
import type { ImageConfig } from '../commonConfig';
import type { Objective } from '../explanation';
import { LatentModel } from '../latentModel';

export interface VQVAE2Config extends ImageConfig {
  /** 2, `top` and `bottom`, or 3, with `middle` between them. Default 2. */
  levels?: 2 | 3;
  /** C, of the maps that the residual blocks work on; even. Default 128. */
  channels?: number;
  /** In each network. Default 2. */
  residualBlocks?: number;
  /** Channels inside a block. Default 32. */
  residualChannels?: number;
  /** K, of each level. Default 512. */
  codebookSize?: number;
  /** D, the dimensions of a code. Default 64. */
  codeDimension?: number;
  /** β, the weight of the commitment loss of each level. Default .25 · d/D: {@link commitmentDefault}. */
  commitment?: number;
  /** Draws of N(0, I), or `kmeans` of encoded training data before the first step; see {@link VectorQuantizerConfig}. */
  initialization?: 'auto' | 'normal' | 'kmeans';
  /** γ of the codebooks' moving averages. Default 0.99. */
  decay?: number;
  /** ε of their Laplace smoothing. Default 1e-5. */
  epsilon?: number;
  /** Codes used less than this share of the mean are moved to a vector of the batch. Default 0.2; 0: never. */
  reviveBelow?: number;
}

export type Level = 'top' | 'middle' | 'bottom';

/** Codes of each level, [n, P] each. */
export type LevelCodes<T = tf.Tensor2D> = Partial<Record<Level, T>> & { top: T; bottom: T };

const schema = z
  .strictObject({
    ...imageFields,
    levels: z.union([z.literal(2), z.literal(3)], { error: 'allowed: 2, 3' }).default(2),
    channels: z.int().min(2).multipleOf(2, 'expected an even number').default(128),
    residualBlocks: z.int().min(0).default(2),
    residualChannels: z.int().min(1).default(32),
    codebookSize: z.int().min(2).default(512),
    codeDimension: z.int().min(1).default(64),
    commitment: z.number().min(0).optional(),
    initialization: z.enum(['auto', 'normal', 'kmeans']).default('auto'),
    decay: z.number().min(0).lt(1).default(0.99),
    epsilon: z.number().positive().default(1e-5),
    reviveBelow: z.number().min(0).lt(1).default(0.2),
  })
  .superRefine(({ input, levels }, context) => tooSmall(input, levels + 1, context))
  .transform((config) => ({
    ...config,
    commitment: config.commitment ?? commitmentDefault(widthOf(config.input), config.codeDimension),
  }));

/** What a level makes of images. */
interface Quantized {
  /** [n·P, D]. */
  zE: tf.Tensor2D;
  /** int32 [n·P]. */
  k: tf.Tensor1D;
  /** [n·P, D]. */
  e: tf.Tensor2D;
  /** [n, h, w, D]. */
  zQ: tf.Tensor4D;
}

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
 * | $z_q^{(l)}$ | `zQ` | [n, h, w, D] |
 * | $\|x - \hat x\|^2$ | `reconstruction`, summed over d, mean over the batch | scalar |
 * | $\|z_e^{(l)} - \mathrm{sg}[e^{(l)}]\|^2$ | `topCommitment`, `bottomCommitment`, summed over D, mean over batch and positions | scalar |
 *
 * The paper trains with Adam at a learning rate of 3e-4.
 */
export class VQVAE2 extends LatentModel<z.output<typeof schema>> {
  readonly kind = 'VQVAE2';
  readonly name: string;
  /** From the top, whose codes are chosen first. */
  readonly levels: readonly Level[];
  /** Rows and columns of each level's map of codes, and K. */
  readonly maps: Readonly<LevelCodes<CodeMap>>;
  /** D times the codes of all levels. */
  readonly latentDimensions: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  override readonly state: Readonly<Record<string, tf.Variable>>;
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  readonly objective: Objective;
  readonly support = null;
  protected readonly termUnit = 'squared error';
  private readonly networks: HierarchicalNetworks;
  private readonly codebooks: EMACodebook[];
  /** P of each level. */
  private readonly positions: number[];
  private readonly allCodes = this.compiledRows((x) => {
    return tf.concat2d(this.quantized(x).map(({ k }, l) => k.reshape([-1, this.positions[l]!])), 1); // prettier-ignore
  });
  private readonly decodingCodes = this.compiledRows((codes) => {
    const maps = tf.split(codes.cast('int32'), this.positions, 1) as tf.Tensor2D[];
    return this.networks.decode(maps.map((k, l) => this.map(l, this.codebooks[l]!.lookup(k.flatten()))));
  });

  constructor(config: VQVAE2Config) {
    super(checkedConfig('VQVAE2', schema, config));
    const { input, codebookSize, codeDimension, commitment, seed } = this.config;
    this.levels = this.config.levels === 2 ? ['top', 'bottom'] : ['top', 'middle', 'bottom'];
    this.networks = new HierarchicalNetworks({ ...this.config, image: input, levels: this.levels });
    this.maps = byLevel(this.levels, (l) => ({ ...this.networks.maps[l]!, codebookSize }));
    this.positions = this.networks.maps.map(({ height, width }) => height * width);
    this.name = `VQ-VAE-2, ${this.positions.join(' + ')} of ${codebookSize} codes`;
    this.latentDimensions = codeDimension * this.positions.reduce((sum, P) => sum + P, 0);
    this.codebooks = this.levels.map((level) => new EMACodebook({ ...this.config, seed, name: `codebook.${level}` }));
    this.parameters = this.networks.parameters;
    this.state = Object.assign(
      {},
      ...this.levels.map((level, l) => codebookState<tf.Variable>(level, this.codebooks[l]!)),
    );
    this.termWeights = Object.fromEntries(
      this.levels.map((level) => [`${level}Commitment`, { symbol: 'β', schedule: commitment }]),
    );
    this.objective = {
      ...objectiveOf(this.levels),
      meanReductions: meanReductions(widthOf(input), codeDimension),
    };
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<VQVAE2> {
    return loadCheckpoint(path, 'VQVAE2', (config) => new VQVAE2(config as VQVAE2Config));
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
      const vectors = (x: tf.Tensor2D) => this.quantized(x)[l]!.zE.reshape<tf.Tensor2D>([x.shape[0], -1]);
      await startByKmeans(codebook, this.config, {
        samples,
        expected: this.expected(`${this.name}: fit`),
        positions: this.positions[l]!,
        vectors,
        stream,
      });
    }
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
    return this.forward(tensors['x'] as tf.Tensor2D).losses;
  }

  protected override stepTerms(tensors: Readonly<Record<string, tf.Tensor>>): StepTerms {
    const { losses, quantized } = this.forward(tensors['x'] as tf.Tensor2D);
    const updates = this.levels.map((level, l) => {
      const { zE, k } = quantized[l]!;
      return codebookState(level, this.codebooks[l]!.update(zE, k, tensors[`${level}Picks`] as tf.Tensor1D));
    });
    return { losses, updates: Object.assign({}, ...updates) as Record<string, tf.Tensor> };
  }

  private forward(x: tf.Tensor2D): { losses: Record<string, tf.Tensor>; quantized: Quantized[] } {
    const quantized = this.quantized(x);
    const xHat = this.networks.decode(quantized.map(({ zQ }) => zQ));
    const reconstruction = x.sub(xHat).square().sum(1).mean();
    const commitments = this.levels.map((level, l) => {
      const { zE, e } = quantized[l]!;
      return [`${level}Commitment`, zE.sub(e).square().sum(1).mean()];
    });
    return { losses: { reconstruction, ...(Object.fromEntries(commitments) as object) }, quantized };
  }

  /** Each level from the top: what its encoder gives beside the codes above, and the codes nearest to that. */
  private quantized(x: tf.Tensor2D): Quantized[] {
    const features = this.networks.features(x);
    let above: tf.Tensor4D | null = null;
    return features.map((h, l) => {
      const zE: tf.Tensor2D = this.networks.vectors(l, h, above).reshape([-1, this.config.codeDimension]);
      const k = sg(() => this.codebooks[l]!.nearest(zE));
      const e = sg(() => this.codebooks[l]!.lookup(k));
      const zQ = this.map(l, zE.add(sg(() => e.sub(zE))));
      above = this.networks.downwards(l, zQ);
      return { zE, k, e, zQ };
    });
  }

  /** [n·P, D] → [n, h, w, D]. */
  private map(level: number, rows: tf.Tensor): tf.Tensor4D {
    const { height, width } = this.networks.maps[level]!;
    return rows.reshape([-1, height, width, this.config.codeDimension]);
  }

  override noise(stream: RandomStream): Record<string, tf.Tensor> {
    const { codebookSize } = this.config;
    return Object.fromEntries(
      this.levels.map((level) => [`${level}Picks`, tf.tensor1d(stream.uniforms(codebookSize))]),
    );
  }

  /** {@link codebookDiagnostics} of the codes of these samples; each figure is a list, by level from the top. */
  async diagnostics(samples: Samples): Promise<Record<string, number[]>> {
    const codes = this.codes(samples);
    const values = await Promise.all(this.levels.map((level) => codes[level]!.data()));
    tf.dispose(Object.values(codes));
    const levels = values.map((indices) => codebookDiagnostics(indices, this.config.codebookSize));
    return {
      codebookUsage: levels.map(({ codebookUsage }) => codebookUsage),
      codebookPerplexity: levels.map(({ codebookPerplexity }) => codebookPerplexity),
      deadCodes: levels.map(({ deadCodes }) => deadCodes),
    };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  /** The codes of every row by level: [n, d] → int32 [n, P] each, row by row of their maps. */
  codes(x: SampleInput): LevelCodes {
    const all = mapRows(x, this.expected(`${this.name}: codes`), this.allCodes);
    const maps = tf.split(all, this.positions, 1) as tf.Tensor2D[];
    all.dispose();
    return byLevel(this.levels, (l) => maps[l]!);
  }

  /** x̂ for code indices by level, [n, P] each, from 0 to K − 1: [n, d]. */
  decodeCodes(codes: LevelCodes<tf.Tensor2D | number[][]>): tf.Tensor2D {
    return tf.tidy(() => {
      const maps = this.levels.map((level, l) => this.checkedCodes(level, this.positions[l]!, codes[level] ?? []));
      const width = this.positions.reduce((sum, P) => sum + P, 0);
      const expected = { caller: `${this.name}: decodeCodes`, width, description: `rows of ${width} codes` };
      return mapRows(tf.concat2d(maps, 1), expected, this.decodingCodes);
    });
  }

  private checkedCodes(level: Level, P: number, codes: tf.Tensor2D | number[][]): tf.Tensor2D {
    const { codebookSize } = this.config;
    const description = `rows of ${P} codes from 0 to ${codebookSize - 1} at the ${level}`;
    const caller = `${this.name}: decodeCodes`;
    const wrong = Array.isArray(codes)
      ? codes.flat().find((code) => !(Number.isInteger(code) && code >= 0 && code < codebookSize))
      : undefined;
    if (wrong !== undefined) throw new RangeError(`${caller} expects ${description}; found ${wrong}.`);
    return mapRows(codes, { caller, width: P, description }, (rows) => rows.toFloat() as tf.Tensor2D);
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

function byLevel<T>(levels: readonly Level[], f: (index: number) => T): LevelCodes<T> {
  return Object.fromEntries(levels.map((level, l) => [level, f(l)])) as LevelCodes<T>;
}

/** A codebook's variables, or new values of them, by their names in the model. */
function codebookState<T>(level: Level, { vectors, counts, sums }: Record<'vectors' | 'counts' | 'sums', T>) {
  const name = `codebook.${level}`;
  return { [`${name}.vectors`]: vectors, [`${name}.counts`]: counts, [`${name}.sums`]: sums };
}

function objectiveOf(levels: readonly Level[]): Objective {
  const commitment = (level: Level) => ({
    formula: `\\|z_e^{\\text{${level}}} - \\mathrm{sg}[e^{\\text{${level}}}]\\|^2`,
    meaning: `of the ${level}'s codes: summed over the dimensions of a code, mean over batch and positions`,
  });
  const inputs = levels.map((level) => `z_q^{\\text{${level}}}`).join(', ');
  const reconstruction = `\\|x - D(${inputs})\\|^2`;
  return {
    formula: `${reconstruction} + \\beta \\sum_l \\|z_e^{(l)} - \\mathrm{sg}[e^{(l)}]\\|^2`,
    terms: {
      reconstruction: { formula: reconstruction, meaning: 'summed over the values of x, mean over the batch' },
      ...Object.fromEntries(levels.map((level) => [`${level}Commitment`, commitment(level)])),
    },
    source:
      'Razavi, van den Oord and Vinyals 2019, Generating Diverse High-Fidelity Images with VQ-VAE-2, equation 2, section 3.1',
  };
}
