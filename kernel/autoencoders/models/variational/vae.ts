import * as tf from '@tensorflow/tfjs';
import { object, sampleInput, takes } from '../../arguments';
import { ConfigurationError } from '../../config';
import { labelled, labelsOfDraws } from '../../conditioning/labelledRows';
import type { Labelled } from '../../conditioning/labelledRows';
import { DiagonalGaussian, FullGaussian } from '../../distributions/index';
import type { GaussianPosterior, Likelihood } from '../../distributions/index';
import type { LikelihoodEstimate } from '../../estimators/likelihood';
import { sigmaOf } from '../../likelihoods/fields';
import type { Support } from '../../likelihoods/likelihood';
import { drawn, normal, prefixed } from '../../noise';
import type { Draws } from '../../noise';
import type { Objective, Terms } from '../../objectives/terms';
import type { Prior } from '../../priors/prior';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { checkCount, toSamples } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import type { TrainingData } from '../../training/batches/batches';
import { checkData } from '../../data/checkData';
import { Autoencoder, nameWithLatents } from '../autoencoder';
import type { LatentDraws } from '../autoencoder';
import { labelledBound } from '../labelledBound';
import type { Schedule } from '../../training/schedules/schedules';
import type { Given } from '../model';
import { Composition } from './composition';
import { drawsOf } from './draws';
import type { DrawOptions } from './draws';
import { diagnosticsOf, warnOfMismatch } from './diagnostics';
import { likelihoodOutputs, posteriorOutputs } from './outputs';
import { checkedVAEConfig } from './vaeConfig';
import type { CheckedVAEConfig, VAEConfig } from './vaeConfig';

/** What the terms of a variational model are given: the batch, ε, and what its objective and its prior declare. */
export interface VariationalGiven extends Given {
  /** Draws ε of N(0, 1): [L n, k]. */
  epsilon: tf.Tensor2D;
  [name: string]: tf.Tensor;
}

/** The values of terms, scalars. */
type Losses<Names extends string> = Record<'reconstruction' | 'kl' | Names, tf.Tensor> & Record<string, tf.Tensor>;

/** In nats per sample. */
export type VAEScore = { reconstruction: number; kl: number; total: number; elbo: number };

/**
 * The variational autoencoder, composed of parts: an encoder and a decoder, a posterior, a prior, a likelihood and an
 * objective (Kingma and Welling 2013).
 *
 * The model is $p(x, z) = p(z)\,p(x|z)$. Its evidence has the lower bound
 *
 * $$\log p(x) \ge \mathbb E_{q(z|x)}[\log p(x|z)] - \mathrm{KL}(q(z|x) \,\|\, p(z))$$
 *
 * Training minimises the `objective`, by default {@link evidenceLowerBound}, averaged over the batch, in nats. With
 * `classes`, everything except the prior also sees the class y of x (Sohn, Lee and Yan 2015): q(z|x, y) and p(x|z, y),
 * and the bound is on log p(x|y). With `missing`, the likelihood covers the values that are present (Mattei and
 * Frellsen 2019, MIWAE, equation 4).
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$ | `x` | [n, d] |
 * | $q(z\vert x)$ | `q`, which the `posterior` computes from the encoder's rows | [n, k] |
 * | $\epsilon \sim \mathcal N(0, I)$ | `epsilon` | [L·n, k] |
 * | $z$, $q$ reparameterised by ε | `z` | [L·n, k] |
 * | $p(x\vert z)$ | `likelihood(z)`, which the `likelihood` computes from the decoder's rows | [L·n, d] |
 *
 * @typeParam Names the terms of the objective other than `reconstruction` and `kl`
 */
export class VAE<Names extends string = never> extends Autoencoder<object, VariationalGiven> {
  readonly latentDimensions: number;
  override readonly support: Support | null;
  override readonly schedules: Readonly<Record<string, Schedule>>;
  protected override readonly source: string;
  /** The name in captions. */
  readonly title: string = 'VAE';
  private readonly checked: CheckedVAEConfig;
  private readonly composition: Composition;
  private readonly compiledRowsOf = this.compiledSeen((x, y) => this.composition.posteriorRows(x, y));
  private readonly compiledLogWeights = this.compiled(({ x, posterior, epsilon }) => {
    const L = epsilon!.shape[0] / x!.shape[0];
    const seen = this.conditioning.seenBeside(x!.tile([L, 1]));
    return { logWeights: this.composition.logWeights(seen, posterior as tf.Tensor2D, epsilon as tf.Tensor2D) };
  });
  /** Nats, as the diagnostics of the last epoch have it; 0 before any. */
  private priorMismatch = 0;

  /**
   * @param saved what a checkpoint holds in place of the configuration: that of a preset
   * @throws {ConfigurationError} naming every field that is wrong, and parts that do not go together
   */
  constructor(config: VAEConfig, saved?: object) {
    const checked = checkedVAEConfig(new.target.name, config);
    const { parts: composed, ...own } = checked;
    super({ ...own, ...(saved ?? composed) });
    const { likelihood, objective } = composed;
    this.checked = checked;
    this.latentDimensions = checked.latent;
    this.support = likelihood.definition.support ?? null;
    this.schedules = objective.definition.schedules ?? {};
    this.source = objective.definition.source ?? '';
    this.composition = new Composition(this.kind, checked, this.conditioning, {
      conditioned: (...given) => this.conditioned(...given),
      network: (...given) => this.network(...given),
      parameter: (...given) => this.parameter(...given),
    });
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: VariationalGiven): Terms {
    const { objective } = this.checked.parts;
    const bound = this.composition.bound(this.seen(given), given);
    return objective.definition.terms(bound, given, this.composition.adversaries);
  }

  override losses(given: Readonly<Record<string, tf.Tensor>>): Losses<Names> {
    return super.losses(given) as Losses<Names>;
  }

  /** ε for each draw, and what the prior and the objective declare. */
  override noise(n: number): Record<string, never>;
  override noise(n: number): Draws {
    const { objective } = this.checked.parts;
    const k = this.latentDimensions;
    const ofPrior = objective.definition.priorDraws?.(n);
    return {
      epsilon: normal([this.composition.draws * n, k]),
      ...(ofPrior === undefined ? {} : prefixed('prior.', this.composition.priorNoise(ofPrior))),
      ...objective.definition.noise?.(n, k),
    };
  }

  override inputs(stream: RandomStream, n: number, step = 0): Record<string, tf.Tensor> & { epsilon: tf.Tensor2D } {
    return super.inputs(stream, n, step) as Record<string, tf.Tensor> & { epsilon: tf.Tensor2D };
  }

  protected override scalars(n: number, step: number): Record<string, number> {
    const { objective } = this.checked.parts;
    const scalars = super.scalars(n, step);
    if (!objective.definition.needs?.includes('dataSize')) return scalars;
    return { ...scalars, dataSize: this.position.samples ?? n };
  }

  /** p(z) as it is now, made of the trained parameters; use it within `tf.tidy`, which frees what it holds. */
  prior(): Prior {
    return this.composition.prior();
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return nameWithLatents(this.title, this.latentDimensions);
  }

  override get objective(): Objective {
    const { formula, ...others } = super.objective;
    const { name, definition } = this.checked.parts.prior;
    const where = name === 'standardNormal' || !definition.formula ? '' : `, \\quad p(z) = ${definition.formula}`;
    return { ...others, formula: formula + where };
  }

  /** What the model is composed of. */
  get parts(): CheckedVAEConfig['parts'] {
    return this.checked.parts;
  }

  /**
   * q(z|x) of every row, to be disposed by the caller.
   *
   * @param options.labels the classes, for a model of classes whose data do not name them
   * @throws TypeError when a model of classes is not told them
   */
  posterior(x: SampleInput, options: Labelled = {}): GaussianPosterior {
    const rows = this.mapped(x, options, 'posterior', this.compiledRowsOf);
    const q = this.composition.posterior(rows);
    // A posterior of your own may hold the rows themselves.
    if (q instanceof FullGaussian || (q instanceof DiagonalGaussian && q.mu.dataId !== rows.dataId)) rows.dispose();
    return q as GaussianPosterior;
  }

  /** p(x|z) for latents [n, k], and their classes, int32 [n], where the model has some; to be disposed by the caller. */
  likelihood(z: tf.Tensor2D, y?: tf.Tensor1D): Likelihood {
    if (this.classes !== null && !y) {
      throw new TypeError(`${this.name}: likelihood needs the class of each row: likelihood(z, y).`);
    }
    const classes = this.conditioning.oneHot(y);
    const p = this.composition.likelihood(z, classes);
    classes?.dispose();
    return p as Likelihood;
  }

  protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.composition.posterior(this.composition.posteriorRows(x, y)).mean();
  }

  protected override decodeRows(z: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.composition.likelihood(z, y).mean();
  }

  /** Draws of q(z|x): [n, d] → [draws · n, k], all rows once, then all again. */
  override drawLatents(x: SampleInput, options: LatentDraws = {}): tf.Tensor2D {
    takes(`${this.name}: drawLatents`, ['options', options, object()]);
    const { labels, draws = 1, seed = this.seed } = options;
    const posterior = () => this.posterior(x, labelled(labels));
    return drawsOf(posterior, `${this.name}: drawLatents`, { seed, draws });
  }

  /**
   * `count` draws z ~ p(z), and of each the mean of p(x|z), or a draw of it: [count, d]. Warns when, at the end of the
   * last epoch, the latents of data were far from the prior N(0, I).
   */
  sample(count: number, options: DrawOptions = {}): tf.Tensor2D {
    checkCount(`${this.name}: sample`, count);
    takes(`${this.name}: sample`, ['options', options, object()]);
    const { seed = this.seed, values = 'mean', label } = options;
    warnOfMismatch(this.name, this.priorMismatch, this.latentDimensions);
    const caller = `${this.name}: sample`;
    const y = labelsOfDraws(this.conditioning, label, count, caller);
    return tf.tidy(() => {
      const z = this.prior().sample(drawn(this.composition.priorNoise(count), randomStream(seed, 'prior')));
      if (values === 'mean') return this.decode(z, labelled(y));
      const p = this.likelihood(z, y && tf.tensor1d(y, 'int32'));
      if ('sample' in p) return p.sample({ seed });
      throw new TypeError(
        `${caller}: the likelihood "${this.parts.likelihood.name}" has no sample(); define it, or use values: "mean".`,
      );
    });
  }

  /**
   * Terms of the objective over the data, in nats per sample, `total` with the present weights, and `elbo` =
   * −reconstruction − kl where the objective has both.
   */
  override async score(data: TrainingData, options: { seed?: number } = {}): Promise<VAEScore & Record<Names, number>> {
    const terms = (await super.score(data, options)) as VAEScore & Record<Names, number>;
    return { ...terms, elbo: -terms.reconstruction - terms.kl };
  }

  /**
   * The importance-weighted bound of log p(x), or of log p(x|y), by `draws` draws of z for each sample, in nats, with the
   * densities of the model's own parts: see {@link importanceWeightedBound}. With 1 it is the evidence lower bound; 5000
   * come near log p(x).
   *
   * @param options.seed of the draws; the model's own unless told
   */
  async logLikelihood(
    data: SampleInput,
    options: { draws?: number; seed?: number } & Labelled = {},
  ): Promise<LikelihoodEstimate> {
    const caller = `${this.name}: logLikelihood`;
    takes(caller, ['data', data, sampleInput], ['options', options, object()]);
    return labelledBound(this, this.conditioning, data, { draws: 100, ...options });
  }

  /**
   * Sets the parameters of the prior from data, where it has such: the pseudo-inputs of a VampPrior become samples, chosen
   * by the seed, each at most once. They are trained on from there; call it before `fit`.
   *
   * @throws {DataError} when the data do not suffice
   */
  async startPriorFrom(data: SampleInput, options: { seed?: number } = {}): Promise<void> {
    const caller = `${this.name}: startPriorFrom`;
    takes(caller, ['options', options, object()]);
    const { seed = this.seed } = options;
    const { prior } = this.checked.parts;
    if (!prior.definition.startFrom) {
      throw new ConfigurationError(caller, [`the prior ${prior.name} does not start from data`]);
    }
    const samples = await toSamples(data, this.expected(caller), this.inputShape);
    checkData(samples, { support: this.support });
    this.composition.setPrior(prior.definition.startFrom(samples, randomStream(seed, 'pseudo-inputs')));
  }

  /** σ of a Gaussian likelihood as it is now, where all values share one; null for every other likelihood. */
  sigma(): Promise<number | null> {
    return sigmaOf(this.checked.parts.likelihood, this.composition.likelihoodParameters);
  }

  /** Active units, mutual information and the divergence of each dimension; of a full posterior those of its marginals. */
  async diagnostics(samples: Samples): Promise<Record<string, number | number[]>> {
    const q = this.posterior(samples, this.unlessLabelled(samples));
    const k = this.latentDimensions;
    const draws = () => randomStream(this.seed, 'health').normals(samples.length * k);
    const { priorMismatch, ...figures } = await diagnosticsOf(q, k, this.parts.prior.name, draws);
    this.priorMismatch = priorMismatch ?? 0;
    return priorMismatch === undefined ? figures : { ...figures, priorMismatch };
  }

  /** For {@link logLikelihood}. */
  posteriorRows(x: tf.Tensor2D): tf.Tensor2D {
    return this.compiledRowsOf(x);
  }

  /** For {@link logLikelihood}: log p(x|z) + log p(z) − log q(z|x) of L draws z for each row, [L, n]. */
  logWeights(tensors: { x: tf.Tensor2D; posterior: tf.Tensor2D; epsilon: tf.Tensor2D }): tf.Tensor2D {
    return this.compiledLogWeights(tensors).logWeights;
  }

  override encoderOutputs(x: tf.Tensor2D, y?: tf.Tensor2D): ReturnType<typeof posteriorOutputs> {
    return posteriorOutputs(this.composition.posterior(this.composition.posteriorRows(x, y)));
  }

  override decoderOutputs(z: tf.Tensor2D, y?: tf.Tensor2D): ReturnType<typeof likelihoodOutputs> {
    const logPrior = this.prior().logProb(z);
    return { ...likelihoodOutputs(this.composition.likelihood(z, y)), logPrior };
  }
}
