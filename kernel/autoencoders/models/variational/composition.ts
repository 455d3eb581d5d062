import * as tf from '@tensorflow/tfjs';
import type { ConditionedNetwork } from '../../conditioning/conditionedNetwork';
import type { Conditioning, Seen } from '../../conditioning/conditioning';
import { logProbOf, refuseMissing } from '../../conditioning/missing';
import type { DecodedDistribution } from '../../likelihoods/likelihood';
import type { Initial } from '../../networks/initial';
import type { Network, NetworkPlace } from '../../networks/network';
import { outsideTrainingPass } from '../../networks/pass';
import { normal, unprefixed } from '../../noise';
import type { Draws } from '../../noise';
import type { Bound } from '../../objectives/objective';
import { logPosterior } from '../../posteriors/posterior';
import type { Posterior } from '../../posteriors/posterior';
import type { Prior, PriorPlace } from '../../priors/prior';
import { rowShapeOf, widthOf } from '../../samples';
import { boundOf } from './bound';
import { checkNeeds } from './needs';
import type { CheckedVAEConfig } from './vaeConfig';

type Place = Pick<NetworkPlace, 'from' | 'to'> & { perValue?: number; rows?: (n: number) => number };
type Variables = Readonly<Record<string, tf.Variable>>;

/** With what the networks and parameters are made, so that they become the model's. */
export interface CompositionBuilder {
  conditioned(name: string, part: unknown, place: Place): ConditionedNetwork;
  network(name: string, part: unknown, place: Place): Network;
  parameter(name: string, start: Initial): tf.Variable;
}

/** The parts of a variational model with their parameters, and how they meet. */
export class Composition {
  readonly likelihoodParameters: Variables;
  /** Networks of the objective. */
  readonly adversaries: Readonly<Record<string, (rows: tf.Tensor2D) => tf.Tensor2D>>;
  private readonly priorParameters: Variables;
  private readonly encoder: ConditionedNetwork;
  private readonly decoder: ConditionedNetwork;
  private readonly place: PriorPlace;

  /** @throws {ConfigurationError} for parts that do not go together */
  constructor(
    what: string,
    private readonly checked: CheckedVAEConfig,
    private readonly conditioning: Conditioning,
    build: CompositionBuilder,
  ) {
    const { input, latent: k, parts, seed } = checked;
    const { posterior, likelihood, prior, objective } = parts;
    const shape = rowShapeOf(input);
    const { low = undefined, high = undefined } = likelihood.definition.support ?? {};
    this.place = { latent: k, width: widthOf(input), seed, unitInterval: low === 0 && high === 1 };
    const { perValue = 1 } = likelihood.definition;
    const rows = (n: number) => this.draws * n;
    const heads = posterior.definition.width(k);
    this.encoder = build.conditioned('encoder', parts.encoder, { from: shape, to: [heads] });
    this.decoder = build.conditioned('decoder', parts.decoder, { from: [k], to: shape, perValue, rows });
    const parameters = (first: Readonly<Record<string, Initial>> = {}) =>
      Object.fromEntries(Object.entries(first).map(([name, start]) => [name, build.parameter(name, start)]));
    this.likelihoodParameters = parameters(likelihood.definition.parameters?.(shape));
    this.priorParameters = parameters(prior.definition.parameters?.(this.place));
    refuseMissing(what, conditioning.missing, {
      what: `the likelihood "${likelihood.name}"`,
      says: () => this.likelihood(tf.zeros([1, k]), this.unknown(1)).logProbPerValue !== undefined,
    });
    const networks = Object.entries(objective.definition.networks ?? {}).map(([name, { part, from, to }]) => {
      const network = build.network(name, part, { from: from(k), to });
      return [name, (rows: tf.Tensor2D) => network.apply(rows)] as const;
    });
    this.adversaries = Object.fromEntries(networks);
    checkNeeds(what, parts, {
      posterior: () => this.posterior(tf.zeros([1, heads])),
      prior: () => this.prior(),
    });
  }

  /** L, draws of z for each sample. */
  get draws(): number {
    return this.checked.parts.objective.definition.draws ?? 1;
  }

  /** What the posterior is made of: [n, d] and [n, C]. */
  posteriorRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(this.observed(x), y);
  }

  /** q(z|x) from the encoder's rows. */
  posterior(rows: tf.Tensor2D): Posterior {
    return this.checked.parts.posterior.definition.of(rows, this.checked.latent);
  }

  /** p(x|z, y): [n, k] and [n, C]. */
  likelihood(z: tf.Tensor2D, y?: tf.Tensor2D): DecodedDistribution {
    return this.checked.parts.likelihood.definition.of(this.decoder.apply(z, y), this.likelihoodParameters);
  }

  /** p(z) as it is now; one that looks at the encoder does so for a class that is not known. */
  prior(): Prior {
    const posterior = (x: tf.Tensor2D) =>
      outsideTrainingPass(() => {
        return this.posterior(this.encoder.apply(x, this.unknown(x.shape[0])));
      });
    return this.checked.parts.prior.definition.of(this.priorParameters, { ...this.place, posterior });
  }

  /** Classes that are not known, of n rows. */
  private unknown(n: number): tf.Tensor2D | undefined {
    const { classes } = this.conditioning;
    return classes === null ? undefined : tf.zeros([n, classes]);
  }

  /** Sets parameters of the prior, by name. */
  setPrior(values: Readonly<Record<string, Float32Array>>): void {
    for (const [name, numbers] of Object.entries(values)) {
      const variable = this.priorParameters[name]!;
      tf.tidy(() => variable.assign(tf.tensor(numbers, variable.shape)));
    }
  }

  /** What `prior().sample` needs for n draws. */
  priorNoise(n: number): Draws {
    const { latent: k, parts } = this.checked;
    return parts.prior.definition.noise?.(n, k) ?? { epsilon: normal([n, k]) };
  }

  /** q(z|x), z, p(z) and p(x|z) of a batch. */
  bound(seen: Seen, given: Readonly<Record<string, tf.Tensor>>): Bound {
    const { y, there } = seen;
    const x = this.observed(seen.x);
    const L = this.draws;
    const tiled = (rows: tf.Tensor2D) => (L === 1 ? rows : rows.tile<tf.Tensor2D>([L, 1]));
    return boundOf({
      x,
      epsilon: given['epsilon'] as tf.Tensor2D,
      draws: L,
      rows: () => this.encoder.apply(x, y),
      posteriorOf: (rows) => this.posterior(rows),
      prior: () => this.prior(),
      zOfPrior: (prior) => prior.sample(unprefixed('prior.', given)),
      likelihood: (z) => this.likelihood(z, y && tiled(y)),
      logProb: (p) => logProbOf(p, tiled(x), there && tiled(there)),
      dataSize: () => given['dataSize'] as tf.Scalar,
    });
  }

  /**
   * log p(x|z) + log p(z) − log q(z|x) of L draws z for each row, [L, n].
   *
   * @param seen of the rows, L times
   * @param rows the encoder's, [n, …]
   * @param epsilon [L·n, k], draw by draw
   */
  logWeights(seen: Seen, rows: tf.Tensor2D, epsilon: tf.Tensor2D): tf.Tensor2D {
    const n = rows.shape[0];
    const L = epsilon.shape[0] / n;
    const q = this.posterior(rows.tile([L, 1]));
    const z = q.reparameterize(epsilon);
    return logProbOf(this.likelihood(z, seen.y), this.observed(seen.x), seen.there)
      .add(this.prior().logProb(z))
      .sub(logPosterior(q, z, epsilon))
      .reshape([L, n]);
  }

  /** x as the likelihood sees it: zeros and ones where `binarize` is given. */
  private observed(x: tf.Tensor2D): tf.Tensor2D {
    const { binarize } = this.checked;
    return binarize === null ? x : x.greater(binarize).cast('float32');
  }
}
