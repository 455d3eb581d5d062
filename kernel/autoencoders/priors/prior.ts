/** What latents are expected to be before any x is seen: p(z). */
import type * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import type { Draw, Draws, TensorsOf } from '../noise';
import { normal } from '../noise';
import type { Initial } from '../networks/initial';
import { optional, text } from '../arguments';
import { drawKind, floats, gives, givesObject, givesRecord, initialKind, maybe } from '../parts/returned';
import { room } from '../parts/part';
import type { Part, PartFactory } from '../parts/part';
import type { Posterior } from '../posteriors/posterior';
import type { RandomStream } from '../random';
import type { Samples } from '../samples';

/** p(z) as it is now; all results are in nats, summed over the k dimensions unless stated otherwise. */
export interface Prior<Noise extends Draws = Draws> {
  /** [n]: log p(z) of each row, constants included. */
  logProb(z: tf.Tensor2D): tf.Tensor1D;
  /** [n, k], differentiable: draws, made of the noise that {@link PriorDefinition.noise} declares. */
  sample(noise: TensorsOf<Noise>): tf.Tensor2D;
  /** [n, k]: KL(q ‖ p) in closed form, what each dimension adds; undefined for a posterior that it has none for. */
  klPerDimension?(q: Posterior): tf.Tensor2D | undefined;
  /** [n]: KL(q ‖ p) in closed form where no dimension has its own share; undefined as above. */
  kl?(q: Posterior): tf.Tensor1D | undefined;
}

/** Where a prior stands: what it may look at. */
export interface PriorPlace {
  /** k. */
  readonly latent: number;
  /** d, the numbers in one sample. */
  readonly width: number;
  readonly seed: number;
  /** Whether samples lie in [0, 1], as a Bernoulli likelihood needs them. */
  readonly unitInterval: boolean;
}

/** A family of priors. */
export interface PriorDefinition<Noise extends Draws = Draws> {
  /** In LaTeX: `\mathcal N(0, I)`. */
  readonly formula?: string;
  /** What it cannot do without. */
  readonly needs?: readonly 'diagonalPosterior'[];
  /** First values of the parameters, by name. */
  parameters?(place: PriorPlace): Readonly<Record<string, Initial>>;
  /** What `n` draws of the prior are made of. Default: `{ epsilon: normal([n, k]) }`. */
  noise?(n: number, k: number): Noise;
  /**
   * p(z) with these parameters.
   *
   * @param model.posterior q(z|x) of rows that the model has not been given: [m, d]
   */
  of(
    parameters: Readonly<Record<string, tf.Tensor>>,
    model: PriorPlace & { posterior(x: tf.Tensor2D): Posterior },
  ): Prior<Noise>;
  /** First values of the parameters from data, by name, where that makes sense. */
  startFrom?(samples: Samples, stream: RandomStream): Readonly<Record<string, Float32Array>>;
}

/** A prior with its options, as a model takes it. */
export type PriorPart = Part<PriorDefinition>;

/** The library's. */
export type PriorName = 'standardNormal' | 'gaussianMixture' | 'vampPrior';

const priors = room<PriorDefinition>(
  'prior',
  'definePrior',
  givesObject('a family of priors', () => ({
    functions: {
      of: givesObject('a prior', (_: unknown, { latent: k }: PriorPlace) => ({
        functions: {
          logProb: gives((z: tf.Tensor2D) => floats([z.shape[0]], 'log p(z) of each row, summed over k')),
          sample: gives(() => floats([null, k], 'draws of z')),
        },
        optional: {
          klPerDimension: maybe(gives(() => floats([null, k], 'KL(q ‖ p), what each dimension adds'))),
          kl: maybe(gives(() => floats([null], 'KL(q ‖ p) of each row'))),
        },
      })),
    },
    optional: {
      parameters: givesRecord('first values', initialKind),
      noise: givesRecord('declared random numbers', drawKind),
      startFrom: givesRecord('first values, Float32Array', (value) =>
        value instanceof Float32Array ? undefined : 'a Float32Array',
      ),
    },
    fields: { formula: optional(text) },
  })),
);

/** Defines one of the library's families. */
export const defineBuiltPrior: typeof definePrior = (name, make, schema) =>
  priors.define(name, make as unknown as (options: object) => PriorDefinition, schema) as never;

/**
 * Defines a family of priors by name.
 *
 * @returns makes the part: `const mine = definePrior('mine', ({ scale = 1 }) => ({ of: () => ({ logProb, sample }) }))`
 */
export function definePrior<Options extends object = object, Noise extends Draws = { epsilon: Draw<tf.Tensor2D> }>(
  name: string,
  make: (options: Options) => PriorDefinition<Noise>,
  schema?: z.ZodType,
): PartFactory<PriorDefinition, Options> {
  return priors.defineOwn(name, make as unknown as (options: Options) => PriorDefinition, schema);
}

/** The field of a configuration. */
export const priorSchema = priors.schema;

/** ε ~ N(0, I) for each of n draws. */
export function standardDraws(n: number, k: number) {
  return { epsilon: normal([n, k]) };
}
