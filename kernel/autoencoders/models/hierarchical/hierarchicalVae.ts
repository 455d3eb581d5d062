import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { DiagonalGaussian } from '../../distributions/index';
import type { Likelihood } from '../../distributions/index';
import { activeUnits } from '../../metrics/latents';
import { importanceWeightedBound } from '../../estimators/likelihood';
import type { LikelihoodEstimate } from '../../estimators/likelihood';
import { MLP } from '../../networks/mlp';
import type { MLPOptions } from '../../networks/mlp';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { checkCount, mapRows, rowShapeOf, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import type { TrainingData } from '../../training/batches/batches';
import type { ExportedFunction, ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import type { Support, TermWeight } from '../../training/loop/trainable';
import { denseFields } from '../commonConfig';
import type { DenseConfig } from '../commonConfig';
import { likelihoodFields, likelihoodHead, likelihoodOf } from '../../likelihoods/fields';
import { likelihoodOutputs } from '../variational/outputs';
import type { LikelihoodConfig, LikelihoodHead } from '../../likelihoods/fields';
import { LatentModel } from '../latentModel';
import type { LatentDraws } from '../latentModel';
import type { DrawOptions } from '../variational/vae';

export interface HierarchicalVAEConfig extends DenseConfig, LikelihoodConfig {
  /** k_1 … k_T, the dimensions of z_1, which the data are decoded from, up to z_T. */
  latents: number[];
  /** Widths of the hidden layers of each network between z_t and z_{t+1}. Default [64]. */
  levelHidden?: number[];
  /** β, the weight of every divergence: a number or a schedule. Default 1, where the loss is minus the bound. */
  beta?: Schedule;
}

export const hierarchicalFields = {
  ...denseFields,
  ...likelihoodFields,
  latents: z.array(z.int().min(1)).min(1),
  levelHidden: z.array(z.int().min(1)).default([64]),
  beta: scheduleSchema().default(1),
};

type CheckedConfig = z.output<z.ZodObject<typeof hierarchicalFields>>;

/** One latent variable, inferred. */
export interface Level {
  /** q of z_t, given what it is drawn after. */
  q: DiagonalGaussian;
  /** The draw from it: [n, k_t]. */
  z: tf.Tensor2D;
}

/**
 * What models with a chain of Gaussian latents $z_T \to \dots \to z_1 \to x$ share: the generative half,
 *
 * $$p(x, z_{1:T}) = p(x|z_1) \prod_{t=1}^{T-1} p(z_t|z_{t+1})\; p(z_T), \qquad p(z_T) = \mathcal N(0, I),$$
 *
 * where each $p(z_t|z_{t+1})$ is a diagonal Gaussian with mean and log-variance from the network `prior.t`, the latter
 * within ±{@link LOG_VARIANCE_BOUND}. The models' own files say how the latents are inferred.
 */
export abstract class HierarchicalVAE extends LatentModel<CheckedConfig> {
  /** k_1: `encode` and `decode` work with z_1, the latents that the data are decoded from. */
  readonly latentDimensions: number;
  /** T, the number of levels. */
  readonly levels: number;
  readonly termWeights: Readonly<Record<string, TermWeight>>;
  protected readonly termUnit = 'nats';
  protected readonly generativeParameters: Readonly<Record<string, tf.Variable>>;
  private readonly decoder: MLP;
  private readonly priors: MLP[];
  private readonly head: LikelihoodHead;
  private readonly weighing = this.compiled(({ x, epsilon }) => ({
    logWeights: this.logWeights(x as tf.Tensor2D, epsilon as tf.Tensor2D),
  }));
  private readonly means = this.compiledRows((x) => tf.concat(this.inferred(x, null).map(({ z }) => z), 1)); // prettier-ignore

  /** z_1 of rows with their ε beside them. */
  private readonly drawing = this.compiled(({ x, epsilon }) => ({
    z: this.inferred(x as tf.Tensor2D, this.split(epsilon as tf.Tensor2D))[0]!.z,
  }));

  constructor(config: CheckedConfig) {
    super(config);
    const { latents, hidden, levelHidden, activation, initializer, seed, input, beta } = config;
    this.levels = latents.length;
    this.latentDimensions = latents[0]!;
    this.head = likelihoodHead(likelihoodOf(config), rowShapeOf(input), seed);
    const sizes = [latents[0]!, ...hidden.toReversed(), widthOf(input) * this.head.perValue];
    this.decoder = new MLP({ name: 'decoder', sizes, activation, initializer, seed });
    this.priors = latents.slice(1).map((above, i) => {
      const down = [above, ...levelHidden.toReversed(), 2 * latents[i]!];
      return transitionNetwork({ name: `prior.${i + 1}`, sizes: down, activation, initializer, seed });
    });

    const networks = [this.decoder, ...this.priors, this.head];
    this.generativeParameters = Object.assign({}, ...networks.map(({ parameters }) => parameters));
    const weight: TermWeight = { symbol: 'β', schedule: beta };
    this.termWeights = Object.fromEntries(latents.map((_, i) => [this.divergenceName(i + 1), weight]));
  }

  /**
   * q and a draw of it for z_1 … z_T, in this order.
   *
   * @param epsilons ε_t [n, k_t] for each level; null for the mean of each instead of a draw
   */
  protected abstract inferred(x: tf.Tensor2D, epsilons: tf.Tensor2D[] | null): Level[];

  // --- the derivation ---------------------------------------------------------------------------------------------

  /** p(x|z_1) for latents [n, k_1]: a distribution over [n, d], to be disposed by the caller. */
  likelihood(z1: tf.Tensor2D): Likelihood {
    return this.head.of(this.decoder.apply(z1)) as Likelihood;
  }

  /** p(z_t|z_{t+1}) for z_{t+1} [n, k_{t+1}], to be disposed by the caller; t from 1 to T − 1. */
  prior(t: number, above: tf.Tensor2D): DiagonalGaussian {
    const [mu, logVar] = tf.tidy(() => {
      const { mu, logVar } = transitionOf(this.priors[t - 1]!.apply(above));
      return [mu, logVar as tf.Tensor2D] as const;
    });
    return new DiagonalGaussian(mu, logVar);
  }

  /** log p(z_t|z_{t+1}), or log p(z_T) for the last: [n]. */
  protected logPrior(levels: readonly Level[], t: number): tf.Tensor1D {
    const { z } = levels[t - 1]!;
    if (t === this.levels)
      return z
        .square()
        .add(Math.log(2 * Math.PI))
        .sum<tf.Tensor1D>(-1)
        .mul(-0.5);
    return this.prior(t, levels[t]!.z).logProb(z);
  }

  /**
   * log p(x, z_{1:T}) − log q(z_{1:T}|x) for one draw of all latents for each row, in nats: [n]. Its mean is the bound,
   * and the mean of its exponential is p(x).
   *
   * @param x [n, d]
   * @param epsilon [n, k_1 + … + k_T], from N(0, I)
   */
  logWeights(x: tf.Tensor2D, epsilon: tf.Tensor2D): tf.Tensor1D {
    return tf.tidy(() => {
      const levels = this.inferred(x, this.split(epsilon));
      const logLikelihood = this.likelihood(levels[0]!.z).logProb(x);
      return levels.reduce<tf.Tensor1D>((sum, { q, z }, i) => {
        return sum.add(this.logPrior(levels, i + 1)).sub(q.logProb(z));
      }, logLikelihood);
    });
  }

  /** One draw of ε for each latent of each sample, those of z_1 first. */
  override noise(stream: RandomStream, count: number): { epsilon: tf.Tensor2D } {
    const width = this.config.latents.reduce((sum, k) => sum + k, 0);
    return { epsilon: tf.tensor2d(stream.normals(count * width), [count, width]) };
  }

  /** [n, k_1 + … + k_T] → [n, k_t] for each t. */
  protected split(all: tf.Tensor2D): tf.Tensor2D[] {
    const { latents } = this.config;
    return latents.length === 1 ? [all] : tf.split(all, latents, 1);
  }

  /** `kl` where there is one latent, as in a VAE; else `kl1` … `klT`. */
  protected divergenceName(t: number): string {
    return this.levels === 1 ? 'kl' : `kl${t}`;
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  get support(): Support | null {
    return this.head.support;
  }

  /**
   * Means of all latents, z_1 first: T tensors [n, k_t]. Each is the mean of q, given the means of what it is drawn
   * after.
   */
  encodeLevels(x: SampleInput): tf.Tensor2D[] {
    return tf.tidy(() => this.split(mapRows(x, this.expected(`${this.name}: encodeLevels`), this.means)));
  }

  protected override encodeRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.inferred(x, null)[0]!.z;
  }

  /** Draws of z_1 from q(z_1 … z_T|x): [n, d] → [draws · n, k_1], all rows once, then all again. */
  override drawLatents(x: SampleInput, { seed = this.seed, draws = 1 }: LatentDraws = {}): tf.Tensor2D {
    const caller = `${this.name}: drawLatents`;
    checkCount(caller, draws);
    const stream = randomStream(seed, 'latents');
    const drawn = (rows: tf.Tensor2D) => {
      return this.drawing({ x: rows, ...this.noise(stream, rows.shape[0]) })['z'] as tf.Tensor2D;
    };
    return tf.tidy(() =>
      tf.concat2d(
        Array.from({ length: draws }, () => mapRows(x, this.expected(caller), drawn)),
        0,
      ),
    );
  }

  protected override decodeRows(z: tf.Tensor2D): tf.Tensor2D {
    return this.likelihood(z).mean();
  }

  /** `z` and `logVar` of the lowest level, `z2`, `logVar2` … of those above: q at the means of what it is drawn after. */
  override encoderOutputs(x: tf.Tensor2D): Record<string, tf.Tensor> & { z: tf.Tensor } {
    const [lowest, ...above] = this.inferred(x, null) as [Level, ...Level[]];
    const outputs: Record<string, tf.Tensor> & { z: tf.Tensor } = { z: lowest.q.mu, logVar: lowest.q.logVar };
    above.forEach(({ q }, i) => Object.assign(outputs, { [`z${i + 2}`]: q.mu, [`logVar${i + 2}`]: q.logVar }));
    return outputs;
  }

  override decoderOutputs(z: tf.Tensor2D): { xHat: tf.Tensor } {
    return likelihoodOutputs(this.likelihood(z));
  }

  /** Beside encoder, decoder and both: `prior1` … , p(z_t|z_{t+1}); and `inference`, all latents drawn by `epsilon`. */
  protected override exported(): ExportedFunctions {
    const { latents } = this.config;
    const d = widthOf(this.inputShape);
    const all = latents.reduce((sum, k) => sum + k, 0);
    const priors = latents.slice(1).map((k, i): [string, ExportedFunction] => {
      const [t, to] = [i + 1, i + 2];
      const documentation = `p(z_${t}|z_${to}). z: [n, ${k}], draws of z_${to}; its outputs are of z_${t}.`;
      const run = ({ z }: Readonly<Record<string, tf.Tensor>>) => this.given(t, z as tf.Tensor2D);
      return [`prior${t}`, { documentation, inputs: { z: [k] }, run }];
    });
    const inference: ExportedFunction = {
      documentation: `draws from q(z_1 … z_T|x). x: [n, ${d}]; epsilon: [n, ${all}] from N(0, I), those of z_1 first.`,
      inputs: { x: [d], epsilon: [all] },
      run: ({ x, epsilon }) => this.drawn(x as tf.Tensor2D, epsilon as tf.Tensor2D),
    };
    return { ...super.exported(), ...Object.fromEntries(priors), inference };
  }

  private given(t: number, above: tf.Tensor2D): Record<string, tf.Tensor> {
    const { mu, logVar } = this.prior(t, above);
    return { mu, logVar };
  }

  /** Each level's draw `z_t`, with the mean and log σ² of what it is drawn from. */
  private drawn(x: tf.Tensor2D, epsilon: tf.Tensor2D): Record<string, tf.Tensor> {
    const levels = this.inferred(x, this.split(epsilon));
    const outputs = levels.map(({ q, z }, i) => ({
      [`z${i + 1}`]: z,
      [`mu${i + 1}`]: q.mu,
      [`logVar${i + 1}`]: q.logVar,
    }));
    return Object.assign({}, ...outputs) as Record<string, tf.Tensor>;
  }

  /**
   * What z_t stands for: down the chain along the means of p(z_{t−1}|z_t), …, and the mean of p(x|z_1):
   * [n, k_t] → [n, d].
   *
   * @param t from 1, where it is `decode`, to T
   * @throws RangeError for another t
   */
  decodeFrom(t: number, z: tf.Tensor2D | number[][]): tf.Tensor2D {
    const { latents } = this.config;
    if (!Number.isInteger(t) || t < 1 || t > latents.length) {
      throw new RangeError(`${this.name}: decodeFrom takes a level from 1 to ${latents.length}; found ${t}.`);
    }
    const width = latents[t - 1]!;
    const expected = { caller: `${this.name}: decodeFrom`, width, description: `rows of ${width} values of z_${t}` };
    return tf.tidy(() => {
      let at = mapRows(z, expected, (rows) => rows.clone());
      for (let level = t - 1; level >= 1; level--) at = this.prior(level, at).mu;
      return this.decode(at);
    });
  }

  /** `count` draws down the chain from z_T ~ N(0, I), and the mean of p(x|z_1), or a draw of it: [count, d]. */
  sample(count: number, { seed = this.seed, values = 'mean' }: DrawOptions = {}): tf.Tensor2D {
    checkCount(`${this.name}: sample`, count);
    return tf.tidy(() => {
      const { epsilon } = this.noise(randomStream(seed, 'prior'), count);
      const epsilons = this.split(epsilon);
      let at = epsilons.at(-1)!;
      for (let t = this.levels - 1; t >= 1; t--) at = this.prior(t, at).reparameterize(epsilons[t - 1]!);
      return values === 'mean' ? this.decode(at) : this.likelihood(at).sample({ seed });
    });
  }

  /**
   * The importance-weighted bound of log p(x) by `draws` draws of all latents for each sample, in nats: see
   * {@link importanceWeightedBound}. With 1 it is the evidence lower bound.
   *
   * @param options.seed the seed of the draws; default: the model's own
   */
  logLikelihood(
    data: SampleInput,
    { draws = 100, ...options }: { draws?: number; seed?: number } = {},
  ): Promise<LikelihoodEstimate> {
    const sampler = {
      name: this.name,
      seed: this.seed,
      support: this.support,
      latentDimensions: this.config.latents.reduce((sum, k) => sum + k, 0),
      expected: (caller: string) => this.expected(caller),
      // Latents are inferred one after the other: there is no posterior to prepare.
      posteriorRows: (x: tf.Tensor2D) => x.clone(),
      logWeights: ({ x, epsilon }: { x: tf.Tensor2D; epsilon: tf.Tensor2D }) => {
        const n = x.shape[0];
        const L = epsilon.shape[0] / n;
        return this.weighing({ x: x.tile([L, 1]), epsilon }).logWeights.reshape([L, n]) as tf.Tensor2D;
      },
    };
    return importanceWeightedBound(sampler, data, { draws, ...options });
  }

  /**
   * `activeUnits`, or `activeUnits1` … `activeUnitsT` where there are several levels: the number of dimensions of each
   * level whose mean, along the means of {@link encodeLevels}, varies with x by more than .01. A level with none has
   * collapsed.
   */
  async diagnostics(samples: Samples): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const [i, z] of this.encodeLevels(samples).entries()) {
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
  override async score(data: TrainingData, options: { seed?: number } = {}): Promise<Record<string, number>> {
    const { total, ...terms } = await super.score(data, options);
    return { ...terms, total: total!, elbo: -Object.values(terms).reduce((sum, value) => sum + value, 0) };
  }
}

/** Mean and log-variance side by side: [n, 2k] → N over [n, k]. */
export function gaussianOf(heads: tf.Tensor2D): DiagonalGaussian {
  const [mu, logVar] = tf.split(heads, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
  return new DiagonalGaussian(mu, logVar);
}

/** B: standard deviations of transitions lie between e⁻⁴ and e⁴. */
export const LOG_VARIANCE_BOUND = 8;

/**
 * {@link gaussianOf} with log σ² = B tanh(h / B) for the second half h, which is h itself near 0. It is for networks
 * whose input is a draw: without a bound, a draw far out sets the variance of the next latent, and a few levels up
 * float32 overflows.
 */
export function transitionOf(heads: tf.Tensor2D): DiagonalGaussian {
  const [mu, logVar] = tf.tidy(() => {
    const { mu, logVar } = gaussianOf(heads);
    return [mu, logVar.div(LOG_VARIANCE_BOUND).tanh().mul<tf.Tensor2D>(LOG_VARIANCE_BOUND)] as const;
  });
  return new DiagonalGaussian(mu, logVar);
}

/**
 * A network whose last kernel starts at a tenth of its usual size: each transition starts near N(0, I), as its
 * marginals should be, and the chain does not grow from level to level.
 */
export function transitionNetwork(options: MLPOptions): MLP {
  const network = new MLP(options);
  const last = network.parameters[`${options.name}.${options.sizes.length - 2}.kernel`]!;
  tf.tidy(() => last.assign(last.mul(0.1)));
  return network;
}
