import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { diagonalGaussian } from '../../distributions/index';
import type { DiagonalGaussian, Likelihood } from '../../distributions/index';
import { bitsPerDimension, importanceWeightedBound } from '../../estimators/likelihood';
import type { LikelihoodEstimate } from '../../estimators/likelihood';
import { randomStream } from '../../random';
import { checkCount, labelsOf, rowRanges, rowsOf, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { Support } from '../../training/loop/trainable';
import { DenseCoder, denseVariationalFields, sigmaNeedsGaussian } from './denseVariational';
import type { DenseVariationalConfig } from './denseVariational';
import type { Objective } from '../explanation';
import { likelihoodOutputs } from './likelihoodHead';
import { nameWithLatents } from '../model';
import type { LatentDraws } from '../model';
import { drawsOf, VariationalModel } from './variational';
import type { BoundTerms, DrawOptions } from './variational';

export interface ConditionalVAEConfig extends DenseVariationalConfig {
  /** C, how many classes the labels name: 0 … C − 1. */
  classes: number;
  /** β, weight of the KL divergence: a number or a schedule. Default 1. */
  beta?: Schedule;
}

const schema = z
  .strictObject({ ...denseVariationalFields, classes: z.int().min(1), beta: scheduleSchema().default(1) })
  .superRefine(sigmaNeedsGaussian);

type CheckedConfig = z.output<typeof schema>;

/** The classes of samples that come without: one for all, or one each. */
export interface Labelled {
  labels?: number | ArrayLike<number>;
}

/**
 * The conditional VAE (Sohn, Lee and Yan 2015, equation 4, with the prior that does not look at the class).
 *
 * $$\log p(x|y) \ge \mathbb E_{q(z|x, y)}[\log p(x|z, y)] - \mathrm{KL}(q(z|x, y) \,\|\, p(z))$$
 *
 * and training minimises minus the bound, the divergence weighted by β, averaged over the batch, in nats:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x,\ y$ | `x`, `y` | [n, d], int32 [n] |
 * | $y$ as C zeros and ones | `oneHot` | [n, C] |
 * | $q(z\vert x, y)$ | `q`, from x and y side by side | [n, k] |
 * | $z = \mu + \sigma\epsilon$ | `z` | [n, k] |
 * | $p(x\vert z, y)$ | `likelihood`, of z and y side by side | over [n, d] |
 *
 * The prior $p(z) = \mathcal N(0, I)$ is the same for every class, so z has to carry what y does not say. The bound is on
 * log p(x|y): a bound on log p(x, y) is this and log p(y).
 */
export class ConditionalVAE extends VariationalModel<CheckedConfig> {
  readonly kind = 'ConditionalVAE';
  readonly name: string;
  override readonly classes: number;
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  private readonly coder: DenseCoder;
  private readonly headsOf = this.compiledRows((xAndY) => this.heads(xAndY));
  private readonly meanOf = this.compiledRows((zAndY) => this.decodeRows(zAndY));

  constructor(config: ConditionalVAEConfig) {
    super(checkedConfig('ConditionalVAE', schema, config));
    const { latent, classes } = this.config;
    this.name = nameWithLatents('conditional VAE', latent);
    this.classes = classes;
    this.coder = new DenseCoder(this.config, classes);
    this.parameters = this.coder.parameters;
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<ConditionalVAE> {
    return loadCheckpoint(path, 'ConditionalVAE', (config) => new ConditionalVAE(config as ConditionalVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>): BoundTerms {
    const x = tensors['x'] as tf.Tensor2D;
    const y = tensors['y'] as tf.Tensor1D;
    const epsilon = tensors['epsilon'] as tf.Tensor2D;

    const q = this.q(this.beside(x, y));
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.likelihood(z, y).logProb(x);

    return { reconstruction: logLikelihood.mean().neg(), kl: q.kl().mean() };
  }

  get objective(): Objective {
    return {
      formula: '-\\mathbb E_{q(z|x,y)}[\\log p(x|z,y)] + \\beta\\,\\mathrm{KL}(q(z|x,y) \\,\\|\\, p(z))',
      terms: {
        reconstruction: {
          formula: '-\\mathbb E_{q(z|x,y)}[\\log p(x|z,y)]',
          meaning: 'by one draw of z, summed over the values of x, mean over the batch',
        },
        kl: {
          formula: '\\mathrm{KL}(q(z|x,y) \\,\\|\\, p(z))',
          meaning: 'in closed form, summed over the latent dimensions, mean over the batch',
        },
      },
      source:
        'Sohn, Lee and Yan 2015, Learning structured output representation using deep conditional generative models',
    };
  }

  /** μ and log σ² from x and y side by side: [n, d + C] → [n, 2k]. */
  protected override heads(xAndY: tf.Tensor2D): tf.Tensor2D {
    return this.coder.heads(xAndY);
  }

  /**
   * p(x|z, y) for latents [n, k] and classes int32 [n]: a distribution over [n, d], to be disposed by the caller.
   *
   * @throws TypeError without classes
   */
  override likelihood(z: tf.Tensor2D, y?: tf.Tensor1D): Likelihood {
    if (!y) throw new TypeError(`${this.name}: likelihood needs the class of each row: likelihood(z, y).`);
    const zAndY = this.beside(z, y);
    const likelihood = this.coder.likelihood(zAndY);
    zAndY.dispose();
    return likelihood;
  }

  /** Rows, and y as zeros and ones beside them: [n, m] → [n, m + C]. */
  private beside(rows: tf.Tensor2D, y: tf.Tensor1D): tf.Tensor2D {
    return tf.tidy(() => {
      // tf.oneHot wants two classes at least.
      const classes = tf.range(0, this.classes, 1, 'int32').expandDims(0);
      const oneHot = y.expandDims(1).equal(classes).cast<tf.Tensor2D>('float32');
      return tf.concat2d([rows, oneHot], 1);
    });
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  get support(): Support | null {
    return this.coder.support;
  }

  /**
   * q(z|x, y) of every row, to be disposed by the caller.
   *
   * @throws TypeError when neither the data nor `labels` name the classes
   */
  override posterior(x: SampleInput, { labels }: Labelled = {}): DiagonalGaussian {
    const heads = this.mapLabelled(x, labels, 'posterior', this.headsOf);
    const q = diagonalGaussian(heads);
    heads.dispose();
    return q;
  }

  /**
   * The posterior mean: [n, d] → [n, k].
   *
   * @throws TypeError when neither the data nor `labels` name the classes
   */
  override encode(x: SampleInput, { labels }: Labelled = {}): tf.Tensor2D {
    const k = this.latentDimensions;
    return this.mapLabelled(x, labels, 'encode', (rows) => this.headsOf(rows).slice([0, 0], [-1, k]));
  }

  /**
   * The mean of p(x|z, y): [n, k] → [n, d].
   *
   * @param labels.labels the class of every row, or one for all
   * @throws TypeError without them
   */
  override decode(z: tf.Tensor2D | number[][], { labels }: Labelled = {}): tf.Tensor2D {
    const expected = this.expectedLatents();
    const ranges = rowRanges(z, expected);
    const given = this.givenLabels(labels, ranges.at(-1)![1], 'decode');
    return tf.tidy(() => {
      const part = ([start, end]: [number, number]) =>
        this.meanOf(this.beside(rowsOf(z, start, end), this.classesOf(given, start, end, expected.caller)));
      return tf.concat(ranges.map(part), 0);
    });
  }

  /** Every row encoded and decoded again with its own class: [n, d] → [n, d]. */
  override reconstruct(x: SampleInput, { labels }: Labelled = {}): tf.Tensor2D {
    const [d, k] = [widthOf(this.inputShape), this.latentDimensions];
    return this.mapLabelled(x, labels, 'reconstruct', (rows) => {
      const mu = this.headsOf(rows).slice([0, 0], [-1, k]);
      return this.meanOf(tf.concat2d([mu, rows.slice([0, d], [-1, this.classes])], 1));
    });
  }

  /** Draws of q(z|x, y): [n, d] → [draws · n, k], all rows once, then all again. */
  override drawLatents(x: SampleInput, { labels, ...options }: LatentDraws & Labelled = {}): tf.Tensor2D {
    const posterior = () => this.posterior(x, labels === undefined ? {} : { labels });
    return drawsOf(posterior, `${this.name}: drawLatents`, { seed: this.seed, ...options });
  }

  /**
   * `count` draws z ~ N(0, I), and of each the mean of p(x|z, y), or a draw of it: [count, d].
   *
   * @param options.label the class of all, or one each; without it the classes take turns: 0, 1, …, C − 1, 0, …
   */
  override sample(count: number, options: DrawOptions & { label?: number | ArrayLike<number> } = {}): tf.Tensor2D {
    checkCount(`${this.name}: sample`, count);
    const { seed = this.seed, label = Int32Array.from({ length: count }, (_, i) => i % this.classes) } = options;
    return tf.tidy(() => {
      const z = this.noise(randomStream(seed, 'prior'), count).epsilon;
      if (options.values !== 'draw') return this.decode(z, { labels: label });
      const y = tf.tensor1d(this.givenLabels(label, count, 'sample').labels, 'int32');
      return this.likelihood(z, y).sample({ seed });
    });
  }

  /**
   * The importance-weighted bound of log p(x|y), in nats per sample; see {@link importanceWeightedBound}.
   *
   * @throws TypeError when neither the data nor `labels` name the classes
   */
  override async logLikelihood(
    x: SampleInput,
    { draws = 100, labels, ...options }: { draws?: number; seed?: number } & Labelled = {},
  ): Promise<LikelihoodEstimate> {
    const d = widthOf(this.inputShape);
    const xAndY = this.mapLabelled(x, labels, 'logLikelihood', (rows) => rows.clone());
    const { name, seed, support, latentDimensions } = this;
    const width = d + this.classes;
    const found = await importanceWeightedBound(
      {
        name,
        seed,
        support,
        latentDimensions,
        expected: (caller) => ({ caller, width, description: `rows of ${width} values, x and y side by side` }),
        posteriorRows: (rows) => this.posteriorRows(rows),
        logWeights: (tensors) => this.logWeights(tensors),
      },
      xAndY,
      { draws, ...options },
    );
    xAndY.dispose();
    return { ...found, bitsPerDimension: bitsPerDimension(-found.mean, d) };
  }

  protected override logImportanceWeights(xAndY: tf.Tensor2D, heads: tf.Tensor2D, epsilon: tf.Tensor2D): tf.Tensor2D {
    const [n, d] = [xAndY.shape[0], widthOf(this.inputShape)];
    const L = epsilon.shape[0] / n;
    const [x, y] = tf.split(xAndY.tile([L, 1]), [d, this.classes], 1) as [tf.Tensor2D, tf.Tensor2D];
    const q = this.posteriorOf(heads.tile([L, 1]));
    const z = q.reparameterize(epsilon);
    const logLikelihood = this.coder.likelihood(tf.concat2d([z, y], 1)).logProb(x);
    return logLikelihood.add(this.logPrior(z)).sub(q.logProbOfNoise(epsilon)).reshape([L, n]);
  }

  /** Encoder, decoder and both, with the class of each row as zeros and ones, `y` [n, C]. */
  protected override exported(): ExportedFunctions {
    const [d, k, C] = [widthOf(this.inputShape), this.latentDimensions, this.classes];
    const classes = `y: [n, ${C}], 1 for the class of the row and 0 elsewhere`;
    const encoded = (x: tf.Tensor, y: tf.Tensor) => this.encoderOutputs(tf.concat([x, y], 1) as tf.Tensor2D);
    const decoded = (z: tf.Tensor, y: tf.Tensor) => {
      const p = this.coder.likelihood(tf.concat([z, y], 1) as tf.Tensor2D);
      return { ...likelihoodOutputs(p), logPrior: this.logPrior(z as tf.Tensor2D) };
    };
    return {
      encoder: {
        documentation: `encoder. x: [n, ${d}]; ${classes}.`,
        inputs: { x: [d], y: [C] },
        run: ({ x, y }) => encoded(x!, y!),
      },
      decoder: {
        documentation: `decoder. z: [n, ${k}]; ${classes}.`,
        inputs: { z: [k], y: [C] },
        run: ({ z, y }) => decoded(z!, y!),
      },
      model: {
        documentation: `reconstruction. x: [n, ${d}]; ${classes}.`,
        inputs: { x: [d], y: [C] },
        run: ({ x, y }) => {
          const outputs = encoded(x!, y!);
          return { ...outputs, ...decoded(outputs.z, y!) };
        },
      },
    };
  }

  /** The mean of p(x|z, y) for z and y side by side. */
  protected override decodeRows(zAndY: tf.Tensor2D): tf.Tensor2D {
    return this.coder.likelihood(zAndY).mean();
  }

  private mapLabelled(
    x: SampleInput,
    labels: Labelled['labels'],
    verb: string,
    f: (xAndY: tf.Tensor2D) => tf.Tensor2D,
  ): tf.Tensor2D {
    const caller = `${this.name}: ${verb}`;
    const ranges = rowRanges(x, this.expected(caller));
    const own = x instanceof tf.Tensor || Array.isArray(x) ? { name: '', labels: null } : x;
    const given = labels === undefined ? own : this.givenLabels(labels, ranges.at(-1)![1], verb);
    return tf.tidy(() => {
      const parts = ranges.map(([start, end]) => {
        return tf.tidy(() => f(this.beside(rowsOf(x, start, end), this.classesOf(given, start, end, caller))));
      });
      return tf.concat(parts, 0);
    });
  }

  /** int32 [end − start]. */
  private classesOf(
    given: { name: string; labels?: Int32Array | null },
    start: number,
    end: number,
    caller: string,
  ): tf.Tensor1D {
    const indices = Int32Array.from({ length: end - start }, (_, i) => start + i);
    return labelsOf(given, indices, this.classes, caller);
  }

  /** One class for each of `count` rows. */
  private givenLabels(labels: Labelled['labels'], count: number, verb: string): { name: string; labels: Int32Array } {
    const caller = `${this.name}: ${verb}`;
    if (labels === undefined) throw new TypeError(`${caller} needs the class of each row; give { labels }.`);
    const all = typeof labels === 'number' ? new Int32Array(count).fill(labels) : Int32Array.from(labels);
    if (all.length === count) return { name: '', labels: all };
    throw new RangeError(`${caller}: found ${all.length} labels for ${count} rows; give one for each, or one for all.`);
  }
}
