import * as tf from '@tensorflow/tfjs';
import { object, sampleInput, takes } from '../../arguments';
import { ConfigurationError } from '../../config';
import { DiagonalGaussian, FullGaussian } from '../../distributions/index';
import type { GaussianPosterior, Likelihood } from '../../distributions/index';
import type { LikelihoodEstimate } from '../../estimators/likelihood';
import { sigmaOf } from '../../likelihoods/fields';
import type { DecodedDistribution, Support } from '../../likelihoods/likelihood';
import type { Initial } from '../../networks/initial';
import type { Network, RowShape } from '../../networks/network';
import { outsideTrainingPass } from '../../networks/pass';
import { drawn, normal, prefixed, unprefixed } from '../../noise';
import type { Draws } from '../../noise';
import type { Bound, ObjectiveNetwork } from '../../objectives/objective';
import type { Objective, Terms } from '../../objectives/terms';
import { logPosterior } from '../../posteriors/posterior';
import type { Posterior } from '../../posteriors/posterior';
import type { Prior, PriorPlace } from '../../priors/prior';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { checkCount, mapRows, rowRanges, rowShapeOf, toSamples, widthOf } from '../../samples';
import type { SampleInput, Samples } from '../../samples';
import type { TrainingData } from '../../training/batches/batches';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import { checkData } from '../../data/checkData';
import { Autoencoder, nameWithLatents } from '../autoencoder';
import type { LatentDraws } from '../autoencoder';
import type { Schedule } from '../../training/schedules/schedules';
import type { Given } from '../model';
import { boundOf } from './bound';
import { Conditioning } from './conditioning';
import type { Labelled } from './conditioning';
import { drawsOf } from './draws';
import { diagnosticsOf } from './diagnostics';
import { conditionalImportanceWeightedBound } from './estimates';
import { logProbOf, seenOf } from './missing';
import { checkNeeds } from './needs';
import { likelihoodOutputs, posteriorOutputs } from './outputs';
import { checkedVAEConfig } from './vaeConfig';
import type { CheckedVAEConfig, VAEConfig } from './vaeConfig';

/** What the terms of a variational model are given: the batch, ε, and what its objective and its prior declare. */
export interface VariationalGiven extends Given {
  epsilon: tf.Tensor2D;
  [name: string]: tf.Tensor;
}

/** The values of terms, scalars. */
type Losses<Names extends string> = Record<'reconstruction' | 'kl' | Names, tf.Tensor> & Record<string, tf.Tensor>;

/** In nats per sample. */
export type VAEScore = { reconstruction: number; kl: number; total: number; elbo: number };

/** What `sample` shows of p(x|z). */
export interface DrawOptions {
  /** The model's own unless told. */
  seed?: number;
  /** The mean of p(x|z), as pictures of samples show it (default), or a draw of it, which is distributed as the model says. */
  values?: 'mean' | 'draw';
  /** The class of all, or one each; without it the classes take turns: 0, 1, …, C − 1, 0, … */
  label?: number | ArrayLike<number>;
}

/**
 * The variational autoencoder, composed of parts: an encoder and a decoder, a posterior, a prior, a likelihood and an
 * objective (Kingma and Welling 2013).
 *
 * The model is $p(x, z) = p(z)\,p(x|z)$. Its evidence has the lower bound
 *
 * $$\log p(x) \ge \mathbb E_{q(z|x)}[\log p(x|z)] - \mathrm{KL}(q(z|x) \,\|\, p(z))$$
 *
 * and training minimises what the objective makes of it, by default {@link evidenceLowerBound}, averaged over the batch,
 * in nats. With `classes` everything but the prior is given the class y of x too (Sohn, Lee and Yan 2015): q(z|x, y) and
 * p(x|z, y), and the bound is on log p(x|y). With `missing` the likelihood is of the values that are there (Mattei and
 * Frellsen 2019, MIWAE, equation 4).
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$ | `x` | [n, d] |
 * | $q(z\vert x)$ | `q`, which the `posterior` makes of the encoder's rows | [n, k] |
 * | $\epsilon \sim \mathcal N(0, I)$ | `epsilon` | [L·n, k] |
 * | $z$, $q$ reparameterised by ε | `z` | [L·n, k] |
 * | $p(x\vert z)$ | `likelihood(z)`, which the `likelihood` makes of the decoder's rows | [L·n, d] |
 *
 * @typeParam Names terms that the objective has beside `reconstruction` and `kl`
 */
export class VAE<Names extends string = never> extends Autoencoder<object, VariationalGiven> {
  readonly latentDimensions: number;
  override readonly classes: number | null;
  override readonly unknownLabels: boolean = true;
  override readonly missing: boolean;
  override readonly support: Support | null;
  override readonly schedules: Readonly<Record<string, Schedule>>;
  protected override readonly source: string;
  /** The name in captions. */
  readonly title: string = 'VAE';
  private readonly checked: CheckedVAEConfig;
  private readonly conditioning: Conditioning;
  /** The shape of a sample as the encoder takes it. */
  private readonly encoded: RowShape;
  private readonly encoder: Network;
  private readonly decoder: Network;
  private readonly likelihoodParameters: Readonly<Record<string, tf.Variable>>;
  private readonly priorParameters: Readonly<Record<string, tf.Variable>>;
  private readonly adversaries: Readonly<Record<string, (rows: tf.Tensor2D) => tf.Tensor2D>>;
  private readonly compiledRowsOf = this.compiledRows((xAndY) => this.posteriorRowsOf(xAndY));
  private readonly compiledMeans = this.compiledRows((zAndY) => this.likelihoodOf(zAndY).mean());
  private readonly compiledLogWeights = this.compiled(({ x, posterior, epsilon }) => ({
    logWeights: this.logWeightsOf(x as tf.Tensor2D, posterior as tf.Tensor2D, epsilon as tf.Tensor2D),
  }));
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
    const { input, latent: k, classes, parts, seed } = checked;
    const { posterior, likelihood, prior, objective } = parts;
    const shape = rowShapeOf(input);
    this.checked = checked;
    this.latentDimensions = k;
    this.encoded = parts.encoder.definition.flat ? [widthOf(input)] : shape;
    this.classes = classes;
    this.missing = checked.missing;
    this.conditioning = new Conditioning(classes);
    this.support = likelihood.definition.support ?? null;
    this.schedules = objective.definition.schedules ?? {};
    this.source = objective.definition.source ?? '';
    const { perValue = 1 } = likelihood.definition;
    this.encoder = this.network('encoder', parts.encoder, {
      from: this.conditioning.shapeOf(this.encoded),
      to: [posterior.definition.width(k)],
    });
    const rows = (n: number) => this.drawsOfZ * n;
    this.decoder = this.network('decoder', parts.decoder, { from: [k + (classes ?? 0)], to: shape, perValue, rows });
    this.likelihoodParameters = this.parametersOf(likelihood.definition.parameters?.(shape) ?? {});
    this.priorParameters = this.parametersOf(prior.definition.parameters?.(this.priorPlace(seed)) ?? {});
    this.adversaries = this.adversariesOf(objective.definition.networks ?? {});
    checkNeeds(this.kind, parts, {
      posterior: () => this.posteriorOf(tf.zeros([1, posterior.definition.width(k)])),
      prior: () => this.prior(),
    });
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: VariationalGiven): Terms {
    const { objective } = this.checked.parts;
    return objective.definition.terms(this.bound(given), given, this.adversaries);
  }

  override losses(given: Readonly<Record<string, tf.Tensor>>): Losses<Names> {
    return super.losses(given) as Losses<Names>;
  }

  /** q(z|x), z, p(z) and p(x|z) of a batch. */
  private bound(given: VariationalGiven): Bound {
    const { missing } = this.checked;
    const x = this.observed(given.x);
    const { seen, there } = seenOf(x, missing);
    const y =
      this.classes === null
        ? undefined
        : this.conditioning.beside(tf.zeros([x.shape[0], 0]), given['y'] as tf.Tensor1D);
    const L = this.drawsOfZ;
    const tiled = (rows: tf.Tensor2D) => (L === 1 ? rows : rows.tile<tf.Tensor2D>([L, 1]));
    return boundOf({
      x: seen,
      epsilon: given.epsilon,
      draws: L,
      rows: () => this.encoder.apply(this.conditioning.forNetwork(seen, y, this.encoded)),
      posteriorOf: (rows) => this.posteriorOf(rows),
      prior: () => this.prior(),
      zOfPrior: (prior) => prior.sample(unprefixed('prior.', given)),
      likelihood: (z) => this.likelihoodOf(this.conditioning.joined(z, y && tiled(y))),
      logProb: (p) => logProbOf(p, tiled(seen), there && tiled(there)),
      dataSize: () => given['dataSize'] as tf.Scalar,
    });
  }

  /** ε for each draw, and what the prior and the objective declare. */
  override noise(n: number): Record<string, never>;
  override noise(n: number): Draws {
    const { objective } = this.checked.parts;
    const k = this.latentDimensions;
    const ofPrior = objective.definition.priorDraws?.(n);
    return {
      epsilon: normal([this.drawsOfZ * n, k]),
      ...(ofPrior === undefined ? {} : prefixed('prior.', this.priorNoise(ofPrior))),
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

  /** q(z|x) from the encoder's rows. */
  private posteriorOf(rows: tf.Tensor2D): Posterior {
    return this.checked.parts.posterior.definition.of(rows, this.latentDimensions);
  }

  /** p(x|z, y) for rows z with y beside them. */
  private likelihoodOf(zAndY: tf.Tensor2D): DecodedDistribution {
    return this.checked.parts.likelihood.definition.of(this.decoder.apply(zAndY), this.likelihoodParameters);
  }

  /** p(z) as it is now, made of the trained parameters; use it within `tf.tidy`, which frees what it holds. */
  prior(): Prior {
    const place = this.priorPlace(this.seed);
    const posterior = (x: tf.Tensor2D) =>
      outsideTrainingPass(() => {
        const unknown = this.classes === null ? undefined : tf.zeros<tf.Rank.R2>([x.shape[0], this.classes]);
        const given = this.conditioning.forNetwork(x, unknown, this.encoded);
        return this.posteriorOf(this.encoder.apply(given));
      });
    return this.checked.parts.prior.definition.of(this.priorParameters, { ...place, posterior });
  }

  /** x as the likelihood sees it: zeros and ones where `binarize` is given. */
  private observed(x: tf.Tensor2D): tf.Tensor2D {
    const { binarize } = this.checked;
    return binarize === null ? x : x.greater(binarize).cast('float32');
  }

  /** L. */
  private get drawsOfZ(): number {
    return this.checked.parts.objective.definition.draws ?? 1;
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return nameWithLatents(this.title, this.latentDimensions);
  }

  override get objective(): Objective {
    const { formula, terms, source } = super.objective;
    const stated = this.classes === null ? (latex: string) => latex : givenTheClass;
    const { name, definition } = this.checked.parts.prior;
    const where = name === 'standardNormal' || !definition.formula ? '' : `, \\quad p(z) = ${definition.formula}`;
    const own = Object.entries(terms).map(([term, one]) => [term, { ...one, formula: stated(one.formula) }]);
    return { formula: stated(formula) + where, terms: Object.fromEntries(own), source };
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
    const q = this.posteriorOf(rows);
    // A posterior of one's own may hold the rows themselves.
    if (q instanceof FullGaussian || (q instanceof DiagonalGaussian && q.mu.dataId !== rows.dataId)) rows.dispose();
    return q as GaussianPosterior;
  }

  /** p(x|z) for latents [n, k], and their classes, int32 [n], where the model has some; to be disposed by the caller. */
  likelihood(z: tf.Tensor2D, y?: tf.Tensor1D): Likelihood {
    if (this.classes !== null && !y) {
      throw new TypeError(`${this.name}: likelihood needs the class of each row: likelihood(z, y).`);
    }
    const rows = this.conditioning.beside(z, y);
    const p = this.likelihoodOf(rows);
    if (rows !== z) rows.dispose();
    return p as Likelihood;
  }

  /** The posterior mean: [n, d] → [n, k]. */
  override encode(x: SampleInput, options: Labelled = {}): tf.Tensor2D {
    return this.mapped(x, options, 'encode', (rows) => this.posteriorOf(this.compiledRowsOf(rows)).mean());
  }

  /**
   * The mean of p(x|z): [n, k] → [n, d].
   *
   * @param options.labels the class of every row, or one for all, for a model of classes
   */
  override decode(z: tf.Tensor2D | number[][], options: Labelled = {}): tf.Tensor2D {
    const expected = this.expectedLatents();
    takes(expected.caller, ['options', options, object()]);
    if (this.classes === null) return mapRows(z, expected, this.compiledMeans);
    const [, count] = rowRanges(z, expected).at(-1)!;
    const given = this.conditioning.given(options.labels, count, expected.caller).labels;
    return this.conditioning.map(z, given, expected, this.compiledMeans);
  }

  /** Every row encoded and decoded again, with its own class: [n, d] → [n, d]. */
  override reconstruct(x: SampleInput, options: Labelled = {}): tf.Tensor2D {
    return this.mapped(x, options, 'reconstruct', (rows) => {
      const [, oneHot] = this.conditioning.apart(rows);
      const mean = this.posteriorOf(this.compiledRowsOf(rows)).mean();
      return this.compiledMeans(this.conditioning.joined(mean, oneHot));
    });
  }

  /** Draws of q(z|x): [n, d] → [draws · n, k], all rows once, then all again. */
  override drawLatents(x: SampleInput, options: LatentDraws & Labelled = {}): tf.Tensor2D {
    takes(`${this.name}: drawLatents`, ['options', options, object()]);
    const { labels, draws = 1, seed = this.seed } = options;
    const posterior = () => this.posterior(x, labels === undefined ? {} : { labels });
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
    this.warnOfMismatch();
    const turns = (C: number) => Int32Array.from({ length: count }, (_, i) => i % C);
    const labels = this.classes === null ? undefined : (label ?? turns(this.classes));
    return tf.tidy(() => {
      const z = this.prior().sample(drawn(this.priorNoise(count), randomStream(seed, 'prior')));
      if (values === 'mean') return this.decode(z, labels === undefined ? {} : { labels });
      const caller = `${this.name}: sample`;
      const y = labels === undefined ? undefined : this.conditioning.given(labels, count, caller).labels;
      const p = this.likelihood(z, y && tf.tensor1d(y, 'int32'));
      if ('sample' in p) return p.sample({ seed });
      throw new TypeError(
        `${caller}: the likelihood "${this.parts.likelihood.name}" has no sample(); state it, or take values: "mean".`,
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
    const { draws = 100, labels, ...others } = options;
    const given = labels === undefined ? {} : { labels };
    const xAndY = (rows: SampleInput) => this.mapped(rows, given, 'logLikelihood', (all) => all.clone());
    return conditionalImportanceWeightedBound(this, data, this.classes === null ? null : xAndY, { draws, ...others });
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
    const start = prior.definition.startFrom(samples, randomStream(seed, 'pseudo-inputs'));
    for (const [name, values] of Object.entries(start)) {
      const variable = this.priorParameters[name]!;
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    }
  }

  /** σ of a Gaussian likelihood as it is now, where all values share one; null for every other likelihood. */
  sigma(): Promise<number | null> {
    return sigmaOf(this.checked.parts.likelihood, this.likelihoodParameters);
  }

  /** Active units, mutual information and the divergence of each dimension; of a full posterior those of its marginals. */
  async diagnostics(samples: Samples): Promise<Record<string, number | number[]>> {
    const q = this.posterior(samples, this.classes === null || samples.labels ? {} : { labels: -1 });
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

  /** Encoder, decoder and both; with the class of each row as zeros and ones, `y` [n, C], where the model has some. */
  protected override exported(): ExportedFunctions {
    const [d, k, C] = [widthOf(this.inputShape), this.latentDimensions, this.classes];
    const classes = C === null ? '' : `; y: [n, ${C}], 1 for the class of the row and 0 elsewhere`;
    const y: Record<string, number[]> = C === null ? {} : { y: [C] };
    const beside = (rows: tf.Tensor, oneHot: tf.Tensor | undefined) =>
      this.conditioning.joined(rows as tf.Tensor2D, oneHot as tf.Tensor2D | undefined);
    const encoded = (x: tf.Tensor, oneHot?: tf.Tensor) =>
      posteriorOutputs(this.posteriorOf(this.posteriorRowsOf(beside(x, oneHot))));
    const decoded = (z: tf.Tensor, oneHot?: tf.Tensor) => ({
      ...likelihoodOutputs(this.likelihoodOf(beside(z, oneHot))),
      logPrior: this.prior().logProb(z as tf.Tensor2D),
    });
    return {
      encoder: {
        documentation: `encoder. x: [n, ${d}]${classes}.`,
        inputs: { x: [d], ...y },
        run: ({ x, y }) => encoded(x!, y),
      },
      decoder: {
        documentation: `decoder. z: [n, ${k}]${classes}.`,
        inputs: { z: [k], ...y },
        run: ({ z, y }) => decoded(z!, y),
      },
      model: {
        documentation: `reconstruction. x: [n, ${d}]${classes}.`,
        inputs: { x: [d], ...y },
        run: ({ x, y }) => {
          const outputs = encoded(x!, y);
          return { ...outputs, ...decoded(outputs.z, y) };
        },
      },
    };
  }

  // --- how its parts meet -----------------------------------------------------------------------------------------

  /** What the posterior is made of, for rows x with y beside them. */
  private posteriorRowsOf(xAndY: tf.Tensor2D): tf.Tensor2D {
    const [given, y] = this.conditioning.apart(xAndY);
    const x = this.observed(given);
    const { seen } = seenOf(x, this.checked.missing);
    return this.encoder.apply(this.conditioning.forNetwork(seen, y, this.encoded));
  }

  /** @param epsilon [L·n, k], draw by draw */
  private logWeightsOf(xAndY: tf.Tensor2D, rows: tf.Tensor2D, epsilon: tf.Tensor2D): tf.Tensor2D {
    const n = xAndY.shape[0];
    const L = epsilon.shape[0] / n;
    const [given, y] = this.conditioning.apart(xAndY.tile([L, 1]));
    const x = this.observed(given);
    const { seen, there } = seenOf(x, this.checked.missing);
    const q = this.posteriorOf(rows.tile([L, 1]));
    const z = q.reparameterize(epsilon);
    const p = this.likelihoodOf(this.conditioning.joined(z, y));
    const logLikelihood = logProbOf(p, seen, there);
    return logLikelihood
      .add(this.prior().logProb(z))
      .sub(logPosterior(q, z, epsilon))
      .reshape([L, n]);
  }

  private mapped(x: SampleInput, options: Labelled, verb: string, f: (xAndY: tf.Tensor2D) => tf.Tensor2D): tf.Tensor2D {
    const caller = `${this.name}: ${verb}`;
    takes(caller, ['options', options, object()]);
    return this.conditioning.map(x, options.labels, this.expected(caller), f);
  }

  private parametersOf(first: Readonly<Record<string, Initial>>): Record<string, tf.Variable> {
    return Object.fromEntries(Object.entries(first).map(([name, start]) => [name, this.parameter(name, start)]));
  }

  private adversariesOf(networks: Readonly<Record<string, ObjectiveNetwork>>) {
    const built = Object.entries(networks).map(([name, { part, from, to }]) => {
      const network = this.network(name, part, { from: from(this.latentDimensions), to });
      return [name, (rows: tf.Tensor2D) => network.apply(rows)] as const;
    });
    return Object.fromEntries(built);
  }

  private priorPlace(seed: number): PriorPlace {
    const { low = undefined, high = undefined } = this.support ?? {};
    const unitInterval = low === 0 && high === 1;
    return { latent: this.latentDimensions, width: widthOf(this.inputShape), seed, unitInterval };
  }

  private priorNoise(n: number): Draws {
    const k = this.latentDimensions;
    return this.checked.parts.prior.definition.noise?.(n, k) ?? { epsilon: normal([n, k]) };
  }

  private warnOfMismatch(): void {
    if (this.priorMismatch <= FAR_FROM_PRIOR * this.latentDimensions) return;
    console.warn(
      `${this.name}: the latents of data are ${this.priorMismatch.toFixed(1)} nats from N(0, I), so that draws from this prior ` +
        'will look like no data. Raise β, or fit a distribution to the latents: LatentSampler.mixture(model, data).',
    );
  }
}

/** Nats in each dimension. At variance 4, or mean 1.2 at variance 1, there are as many. */
const FAR_FROM_PRIOR = 0.75;

/** q(z|x) and p(x|z) as q(z|x,y) and p(x|z,y). */
function givenTheClass(formula: string): string {
  return formula.replaceAll('q(z|x)', 'q(z|x,y)').replaceAll('p(x|z)', 'p(x|z,y)');
}
