/** What is minimised: a loss of named terms over the parts of a model. */
import type * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import type { DecodedDistribution } from '../likelihoods/likelihood';
import type { NetworkPart, RowShape } from '../networks/network';
import type { Draws, TensorsOf } from '../noise';
import { list, optional, text, whole } from '../arguments';
import { anything, drawKind, gives, givesObject, givesRecord, recordKind } from '../parts/returned';
import { Part, room } from '../parts/part';
import type { PartFactory } from '../parts/part';
import type { Posterior } from '../posteriors/posterior';
import type { Prior } from '../priors/prior';
import type { Schedule } from '../training/schedules/schedules';
import { checkedTerms } from './checkedTerms';
import type { Terms } from './terms';

/**
 * What an objective is built from: x, q(z|x), draws z from it, p(z) and p(x|z). Each quantity is computed when it is
 * first used, and only once. Rows of draws are ordered by draw: all samples once, then all samples again.
 */
export interface Bound {
  /** [n, d]: the batch, as the likelihood sees it. */
  readonly x: tf.Tensor2D;
  /** L, draws of z for each sample. */
  readonly draws: number;
  /** What the encoder gave: [n, …]; {@link posteriorOf} makes q(z|x) of it. */
  readonly rows: tf.Tensor2D;
  /** q(z|x) from what the encoder gave: [n, …]. */
  posteriorOf(rows: tf.Tensor2D): Posterior;
  /** q(z|x) over [n, k]. */
  readonly q: Posterior;
  /** ε ~ N(0, I): [L·n, k]. */
  readonly epsilon: tf.Tensor2D;
  /** z = q(z|x) reparameterised by ε: [L·n, k]. */
  readonly z: tf.Tensor2D;
  /** p(z). */
  readonly prior: Prior;
  /** Draws of p(z), made of the noise that the prior declares: what {@link Objective.priorDraws} asks for. */
  readonly zOfPrior: tf.Tensor2D;
  /** p(x|z) of L·n latents. */
  likelihood(z: tf.Tensor2D): DecodedDistribution;
  /** [L·n]: log p(x|z) of L·n latents. */
  logLikelihoodOf(z: tf.Tensor2D): tf.Tensor1D;
  /** [L·n]: log p(x|z) of the draws. */
  readonly logLikelihood: tf.Tensor1D;
  /** [L·n]: log p(z) of the draws. */
  readonly logPrior: tf.Tensor1D;
  /** [L·n]: log q(z|x) of the draws. */
  readonly logPosterior: tf.Tensor1D;
  /** [L, n]: log p(x, z) − log q(z|x) of the draws. */
  readonly logWeights: tf.Tensor2D;
  /** [n, k]: KL(q(z|x) ‖ p(z)), what each dimension adds; undefined if the prior has no closed form of it. */
  readonly klPerDimension: tf.Tensor2D | undefined;
  /** [n]: KL(q(z|x) ‖ p(z)), in closed form where there is one, otherwise by the mean over the draws. */
  readonly kl: tf.Tensor1D;
  /** [n]: the same by the draws, log q(z|x) − log p(z), whether or not there is a closed form. */
  readonly sampledKl: tf.Tensor1D;
  /** Whether {@link kl} is exact. */
  readonly klIsExact: boolean;
  /** N, the samples of the data that are trained on: a scalar. */
  readonly dataSize: tf.Scalar;
}

/** A network that an objective trains beside the model: an adversary. */
export interface ObjectiveNetwork {
  part: NetworkPart;
  from(latent: number): RowShape;
  to: RowShape;
}

/** What an objective sees in addition to the bound: its noise, its schedules as scalars, and its networks. */
export type ObjectiveInputs<N extends Draws> = TensorsOf<N> & Readonly<Record<string, tf.Tensor>>;

/** A family of objectives. */
export interface ObjectiveDefinition<N extends Draws = Draws> {
  /** Authors, year, title or equation. */
  readonly source?: string;
  /** L, draws of z for each sample. Default 1. */
  readonly draws?: number;
  /** Random numbers that the terms are given for a batch of n samples. */
  noise?(n: number, k: number): N;
  /** Values that change over the training, by symbol; the terms get them as scalars. */
  readonly schedules?: Readonly<Record<string, Schedule>>;
  /** Adversaries and the like, by name, which is the prefix of their parameters' names. */
  readonly networks?: Readonly<Record<string, ObjectiveNetwork>>;
  /** How many draws of the prior it looks at for a batch of n. Default none. */
  priorDraws?(n: number): number;
  /**
   * What it cannot do without: a diagonal Gaussian posterior, a divergence in closed form for each dimension, or how many
   * samples are trained on.
   */
  readonly needs?: readonly ('diagonalPosterior' | 'klPerDimension' | 'dataSize')[];
  /** The terms of the loss, each declared once: scalars, means over the batch. */
  terms(
    bound: Bound,
    inputs: ObjectiveInputs<N>,
    networks: Readonly<Record<string, (rows: tf.Tensor2D) => tf.Tensor2D>>,
  ): Terms;
}

/** An objective with its options, as a model takes it. */
export type ObjectivePart = Part<ObjectiveDefinition>;

/** The library's. */
export type ObjectiveName =
  'evidenceLowerBound' | 'importanceWeighted' | 'totalCorrelation' | 'densityRatio' | 'maximumMeanDiscrepancy';

/** What the terms are given by these names already. */
const GIVEN = ['x', 'y', 'epsilon', 'dataSize'];

const objectives = room<ObjectiveDefinition>(
  'objective',
  'defineObjective',
  givesObject('an objective', () => ({
    functions: { terms: checkedTerms },
    optional: {
      noise: givesRecord('declared random numbers', drawKind, GIVEN),
      priorDraws: gives(() => whole(1)),
    },
    fields: {
      source: optional(text),
      draws: optional(whole(1)),
      schedules: recordKind(anything, 'schedules'),
      networks: recordKind(networkKind, 'networks, { part, from, to }'),
      needs: optional(list),
    },
  })),
);

function networkKind(value: unknown): string | undefined {
  const { part, from, to } = (value ?? {}) as Partial<Record<keyof ObjectiveNetwork, unknown>>;
  return part instanceof Part && typeof from === 'function' && Array.isArray(to) ? undefined : 'a network';
}

/** Defines one of the library's objectives. */
export const defineBuiltObjective: typeof defineObjective = (name, make, schema) =>
  objectives.define(name, make as unknown as (options: object) => ObjectiveDefinition, schema) as never;

/**
 * Defines an objective by name.
 *
 * @returns makes the part: `const mine = defineObjective('mine', ({ beta = 1 }) => ({ terms: ({ kl }) => ({ … }) }))`
 */
export function defineObjective<Options extends object = object, N extends Draws = Draws>(
  name: string,
  make: (options: Options) => ObjectiveDefinition<N>,
  schema?: z.ZodType,
): PartFactory<ObjectiveDefinition, Options> {
  return objectives.defineOwn(name, make as unknown as (options: Options) => ObjectiveDefinition, schema);
}

/** The field of a configuration. */
export const objectiveSchema = objectives.schema;
