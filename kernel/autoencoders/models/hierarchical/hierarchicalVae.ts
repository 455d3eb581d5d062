import * as tf from '@tensorflow/tfjs';
import { found, object, takes } from '../../arguments';
import { checkedConfig } from '../../config';
import { labelled, labelsOfDraws } from '../../conditioning/labelledRows';
import type { Labelled } from '../../conditioning/labelledRows';
import { valuesOfX } from '../../conditioning/missing';
import type { DiagonalGaussian, Likelihood } from '../../distributions/index';
import type { LikelihoodEstimate } from '../../estimators/likelihood';
import { activeUnits } from '../../metrics/latents';
import { mlp } from '../../networks/mlp';
import { drawn, normal } from '../../noise';
import type { Term, Terms } from '../../objectives/terms';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { checkCount, mapRows, rowShapeOf, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import type { TrainingData } from '../../training/batches/batches';
import type { Scores } from '../../training/loop/evaluate';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import { Autoencoder } from '../autoencoder';
import type { LatentDraws } from '../autoencoder';
import type { CheckedCommonConfig } from '../commonConfig';
import { labelledBound } from '../labelledBound';
import type { DrawsFor, Given } from '../model';
import { likelihoodOutputs } from '../variational/outputs';
import type { DrawOptions } from '../variational/draws';
import { chainFunctions } from './functions';
import { GenerativeChain } from './generativeChain';
import { hierarchicalSchema } from './hierarchicalConfig';
import type { CheckedChainConfig, HierarchicalVAEConfig } from './hierarchicalConfig';
import type { Inference } from './inference';
import type { Chain, Level } from './levels';

/** What the terms are given: the batch, and ε for each latent of each sample, those of z_1 first. */
interface HierarchicalGiven extends Given {
  epsilon: tf.Tensor2D;
}

/**
 * A chain of Gaussian latents $z_T \to \dots \to z_1 \to x$: the generative half,
 *
 * $$p(x, z_{1:T}) = p(x|z_1) \prod_{t=1}^{T-1} p(z_t|z_{t+1})\; p(z_T), \qquad p(z_T) = \mathcal N(0, I),$$
 *
 * where each $p(z_t|z_{t+1})$ is a diagonal Gaussian with mean and log-variance from the network `prior.t`, the latter
 * within ±{@link LOG_VARIANCE_BOUND}; and the `inference`, which infers the latents from x.
 *
 * With `classes`, the decoder and the network that reads x see the class of each row, and the other networks do not. As
 * in {@link ConditionalVAE}, the latents have the same prior in every class, and the bound is on log p(x|y).
 */
export class HierarchicalVAE
  extends Autoencoder<CheckedCommonConfig & CheckedChainConfig, HierarchicalGiven>
  implements Chain
{
  /** k_1: `encode` and `decode` work with z_1, the latents that the data are decoded from. */
  readonly latentDimensions: number;
  /** T, the number of levels. */
  readonly levels: number;
  override readonly support: GenerativeChain['support'];
  protected override readonly source: string;
  /** The name in captions. */
  readonly title: string = 'hierarchical VAE';
  private readonly chain: GenerativeChain;
  private readonly inference: Inference;
  private readonly weighing = this.compiled(({ x, epsilon }) => ({
    logWeights: this.weighed(x as tf.Tensor2D, epsilon as tf.Tensor2D),
  }));
  private readonly means = this.compiledSeen((x, y) => tf.concat(this.inferred(x, y, null).map(({ z }) => z), 1)); // prettier-ignore

  /** z_1 of rows with their classes beside them. */
  private readonly drawing = this.compiled(({ x, epsilon }) => {
    const seen = this.conditioning.seenBeside(x as tf.Tensor2D);
    return { z: this.inferred(seen.x, seen.y, this.split(epsilon as tf.Tensor2D))[0]!.z };
  });

  /**
   * @param saved what a checkpoint holds in place of the configuration: that of a preset
   * @throws {ConfigurationError} naming every field that is wrong
   */
  constructor(config: HierarchicalVAEConfig, saved?: CheckedChainConfig) {
    const checked = checkedConfig(new.target.name, hierarchicalSchema, config);
    super(saved ?? checked);
    const { latents, hidden, levelHidden, activation, initializer, seed, input, inference } = checked;
    this.levels = latents.length;
    this.latentDimensions = latents[0]!;
    const build = {
      network: this.network.bind(this),
      conditioned: this.conditioned.bind(this),
      adopt: this.adopt.bind(this),
    };
    this.chain = new GenerativeChain(this.kind, checked, build);
    this.support = this.chain.support;
    const { encoder = mlp(hidden, { activation, initializer }) } = checked;
    const place = { shape: rowShapeOf(input), latents, encoder, levelHidden, activation, initializer, seed };
    this.inference = inference.definition.build({ ...place, ...build });
    this.source = inference.definition.source;
  }

  private inferred(x: tf.Tensor2D, y: tf.Tensor2D | undefined, epsilons: tf.Tensor2D[] | null): Level[] {
    return this.inference.inferred(x, y, epsilons, this.chain);
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: HierarchicalGiven): Terms {
    const seen = this.seen(given);
    const levels = this.inferred(seen.x, seen.y, this.split(given.epsilon));
    const weight = { symbol: 'β', schedule: this.config.beta };
    const divergences = levels.map((_, i): [string, Term] => {
      return [this.divergenceName(i + 1), { ...this.inference.divergence(i + 1, levels, this.chain), weight }];
    });
    return {
      reconstruction: {
        value: this.chain.logLikelihood(seen, levels).mean().neg(),
        formula: '-\\mathbb E_q[\\log p(x|z_1)]',
        meaning: `by one draw, summed over ${valuesOfX(seen.there)}, mean over the batch`,
      },
      ...Object.fromEntries(divergences),
    };
  }

  /**
   * p(x|z_1) for latents [n, k_1], and their classes, int32 [n], where the model has some: a distribution over [n, d], to
   * be disposed by the caller.
   */
  likelihood(z1: tf.Tensor2D, y?: tf.Tensor1D): Likelihood {
    if (this.classes !== null && !y) {
      throw new TypeError(`${this.name}: likelihood needs the class of each row: likelihood(z, y).`);
    }
    const classes = this.conditioning.oneHot(y);
    const p = this.chain.likelihood(z1, classes);
    classes?.dispose();
    return p as Likelihood;
  }

  /** p(z_t|z_{t+1}) for z_{t+1} [n, k_{t+1}], to be disposed by the caller; t from 1 to T − 1. */
  prior(t: number, above: tf.Tensor2D): DiagonalGaussian {
    return this.chain.prior(t, above);
  }

  /** log p(z_t|z_{t+1}), or log p(z_T) for the last: [n]. */
  logPrior(levels: readonly Level[], t: number): tf.Tensor1D {
    return this.chain.logPrior(levels, t);
  }

  /**
   * log p(x, z_{1:T}) − log q(z_{1:T}|x) for one draw of all latents for each row, in nats: [n]. Its mean is the bound,
   * and the mean of its exponential is p(x).
   *
   * @param x [n, d]
   * @param epsilon [n, k_1 + … + k_T], from N(0, I)
   * @param y the class of each row, int32 [n], where the model has some
   */
  logWeights(x: tf.Tensor2D, epsilon: tf.Tensor2D, y?: tf.Tensor1D): tf.Tensor1D {
    return tf.tidy(() => this.weighed(this.conditioning.beside(x, this.conditioning.oneHot(y)), epsilon));
  }

  private weighed(xAndY: tf.Tensor2D, epsilon: tf.Tensor2D): tf.Tensor1D {
    const seen = this.conditioning.seenBeside(xAndY);
    return this.chain.logWeights(seen, this.inferred(seen.x, seen.y, this.split(epsilon)));
  }

  /** One draw of ε for each latent of each sample, those of z_1 first. */
  override noise(n: number): DrawsFor<HierarchicalGiven> {
    return { epsilon: normal([n, this.allDimensions]) };
  }

  override inputs(stream: RandomStream, n: number, step = 0): Record<string, tf.Tensor> & { epsilon: tf.Tensor2D } {
    return super.inputs(stream, n, step) as Record<string, tf.Tensor> & { epsilon: tf.Tensor2D };
  }

  /** k_1 + … + k_T. */
  private get allDimensions(): number {
    return this.config.latents.reduce((sum, k) => sum + k, 0);
  }

  /** [n, k_1 + … + k_T] → [n, k_t] for each t. */
  private split(all: tf.Tensor2D): tf.Tensor2D[] {
    const { latents } = this.config;
    return latents.length === 1 ? [all] : tf.split(all, [...latents], 1);
  }

  /** `kl` where there is one latent, as in a VAE; else `kl1` … `klT`. */
  private divergenceName(t: number): string {
    return this.levels === 1 ? 'kl' : `kl${t}`;
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return `${this.title}, ${this.config.latents.join(' ← ')} latents`;
  }

  /**
   * Means of all latents, z_1 first: T tensors [n, k_t]. Each is the mean of q, given the means of the latents drawn
   * before it.
   */
  encodeLevels(x: SampleInput, options: Labelled = {}): tf.Tensor2D[] {
    return tf.tidy(() => this.split(this.mapped(x, options, 'encodeLevels', this.means)));
  }

  protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.inferred(x, y, null)[0]!.z;
  }

  /** Draws of z_1 from q(z_1 … z_T|x): [n, d] → [draws · n, k_1], all rows once, then all again. */
  override drawLatents(x: SampleInput, options: LatentDraws = {}): tf.Tensor2D {
    takes(`${this.name}: drawLatents`, ['options', options, object()]);
    const { seed = this.seed, draws = 1 } = options;
    checkCount(`${this.name}: drawLatents`, draws);
    const stream = randomStream(seed, 'latents');
    const lowest = (rows: tf.Tensor2D) => {
      return this.drawing({ x: rows, ...drawn(this.noise(rows.shape[0]), stream) })['z'] as tf.Tensor2D;
    };
    const once = () => this.mapped(x, options, 'drawLatents', lowest);
    return tf.tidy(() => tf.concat2d(Array.from({ length: draws }, once), 0));
  }

  protected override decodeRows(z: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.chain.likelihood(z, y).mean();
  }

  /** `z` and `logVar` of the lowest level, `z2`, `logVar2` … of those above: q at the means of what it is drawn after. */
  override encoderOutputs(x: tf.Tensor2D, y?: tf.Tensor2D): Record<string, tf.Tensor> & { z: tf.Tensor } {
    const [lowest, ...above] = this.inferred(x, y, null) as [Level, ...Level[]];
    const outputs: Record<string, tf.Tensor> & { z: tf.Tensor } = { z: lowest.q.mu, logVar: lowest.q.logVar };
    above.forEach(({ q }, i) => Object.assign(outputs, { [`z${i + 2}`]: q.mu, [`logVar${i + 2}`]: q.logVar }));
    return outputs;
  }

  override decoderOutputs(z: tf.Tensor2D, y?: tf.Tensor2D): { xHat: tf.Tensor } {
    return likelihoodOutputs(this.chain.likelihood(z, y));
  }

  /** Beside encoder, decoder and both: `prior1` … , p(z_t|z_{t+1}); and `inference`, all latents drawn by `epsilon`. */
  protected override exported(): ExportedFunctions {
    const inferred = (xAndY: tf.Tensor2D, epsilon: tf.Tensor2D) => {
      const { x, y } = this.conditioning.seenBeside(xAndY);
      return this.inferred(x, y, this.split(epsilon));
    };
    const { latents } = this.config;
    const own = chainFunctions(this.chain, latents, widthOf(this.inputShape), this.conditioning, inferred);
    return { ...super.exported(), ...own };
  }

  /**
   * What z_t stands for: down the chain along the means of p(z_{t−1}|z_t), …, and the mean of p(x|z_1):
   * [n, k_t] → [n, d].
   *
   * @param t from 1, where it is `decode`, to T
   * @throws RangeError for another t
   */
  decodeFrom(t: number, z: tf.Tensor2D | number[][], options: Labelled = {}): tf.Tensor2D {
    const { latents } = this.config;
    if (!Number.isInteger(t) || t < 1 || t > latents.length) {
      throw new RangeError(`${this.name}: decodeFrom takes a level from 1 to ${latents.length}; found ${found(t)}.`);
    }
    const width = latents[t - 1]!;
    const expected = { caller: `${this.name}: decodeFrom`, width, description: `rows of ${width} values of z_${t}` };
    return tf.tidy(() => {
      const at = mapRows(z, expected, (rows) => rows.clone());
      return this.decode(this.chain.down(at, t, null), options);
    });
  }

  /** `count` draws down the chain from z_T ~ N(0, I), and the mean of p(x|z_1), or a draw of it: [count, d]. */
  sample(count: number, options: DrawOptions = {}): tf.Tensor2D {
    const caller = `${this.name}: sample`;
    takes(caller, ['options', options, object()]);
    checkCount(caller, count);
    const { seed = this.seed, values = 'mean', label } = options;
    const labels = labelsOfDraws(this.conditioning, label, count, caller);
    return tf.tidy(() => {
      const { epsilon } = drawn(this.noise(count), randomStream(seed, 'prior'));
      const epsilons = this.split(epsilon);
      const at = this.chain.down(epsilons.at(-1)!, this.levels, epsilons);
      if (values === 'mean') return this.decode(at, labelled(labels));
      return this.likelihood(at, labels && tf.tensor1d(labels, 'int32')).sample({ seed });
    });
  }

  /**
   * The importance-weighted bound of log p(x), or of log p(x|y), by `draws` draws of all latents for each sample, in nats: see
   * {@link importanceWeightedBound}. With 1 it is the evidence lower bound.
   *
   * @param options.seed the seed of the draws; default: the model's own
   */
  logLikelihood(
    data: SampleInput,
    options: { draws?: number; seed?: number } & Labelled = {},
  ): Promise<LikelihoodEstimate> {
    takes(`${this.name}: logLikelihood`, ['options', options, object()]);
    const { name, seed, support, missing, inputShape } = this;
    const sampler = {
      ...{ name, seed, support, missing, inputShape, latentDimensions: this.allDimensions },
      expected: (caller: string) => this.expected(caller),
      // Latents are inferred one after the other: there is no posterior to prepare.
      posteriorRows: (x: tf.Tensor2D) => x.clone(),
      logWeights: ({ x, epsilon }: { x: tf.Tensor2D; epsilon: tf.Tensor2D }) => {
        const n = x.shape[0];
        const L = epsilon.shape[0] / n;
        return this.weighing({ x: x.tile([L, 1]), epsilon }).logWeights.reshape([L, n]) as tf.Tensor2D;
      },
    };
    return labelledBound(sampler, this.conditioning, data, { draws: 100, ...options });
  }

  /**
   * `activeUnits`, or `activeUnits1` … `activeUnitsT` where there are several levels: the number of dimensions of each
   * level whose mean, along the means of {@link encodeLevels}, varies with x by more than .01. A level with none has
   * collapsed.
   */
  async diagnostics(samples: Samples): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const [i, z] of this.encodeLevels(samples, this.unlessLabelled(samples)).entries()) {
      const { count } = await activeUnits({ encode: () => z }, samples);
      found[this.levels === 1 ? 'activeUnits' : `activeUnits${i + 1}`] = count;
      z.dispose();
    }
    return found;
  }

  /**
   * Terms of the bound over the data, in nats per sample: `reconstruction`, a divergence for each level, `total` (with
   * the present β) and `elbo`, minus the sum of the terms whatever β is.
   */
  override async score(data: TrainingData, options: { seed?: number } = {}): Promise<Scores & { elbo: number }> {
    const { total, ...terms } = await super.score(data, options);
    return { ...terms, total, elbo: -Object.values(terms).reduce((sum, value) => sum + value, 0) };
  }
}
