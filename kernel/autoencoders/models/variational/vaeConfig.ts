/** What a VAE is configured by: parts, and short names for the usual ones. */
import { z } from 'zod';
import { checkedConfig } from '../../config';
import { likelihoodFields, likelihoodOf, sigmaNeedsGaussian } from '../../likelihoods/fields';
import type { LikelihoodConfig } from '../../likelihoods/fields';
import type { LikelihoodPart } from '../../likelihoods/likelihood';
import { ACTIVATIONS, INITIALIZERS } from '../../networks/layers/layers';
import type { Activation, Initializer } from '../../networks/layers/layers';
import { mlp } from '../../networks/mlp';
import type { NetworkPart } from '../../networks/network';
import { networkField } from '../../networks/networkField';
import type { NetworkLike } from '../../networks/networkField';
import { evidenceLowerBound } from '../../objectives/evidenceLowerBound';
import type { EvidenceLowerBoundOptions } from '../../objectives/evidenceLowerBound';
import { objectiveSchema } from '../../objectives/objective';
import type { ObjectivePart } from '../../objectives/objective';
import { diagonalGaussian, fullGaussian } from '../../posteriors/index';
import { posteriorSchema } from '../../posteriors/posterior';
import type { PosteriorPart } from '../../posteriors/posterior';
import { standardNormal } from '../../priors/index';
import { priorSchema } from '../../priors/prior';
import type { PriorPart } from '../../priors/prior';
import { ConfigurationError } from '../../config';
import { commonFields } from '../commonConfig';
import type { CheckedCommonConfig, CommonConfig } from '../commonConfig';

export type { NetworkLike } from '../../networks/networkField';

/** A part, its name, or its name with options. */
type PartLike<P> = P | { name: string } | string;

/** The parts of a variational model, but for its objective. */
export interface VariationalConfig extends CommonConfig, LikelihoodConfig {
  /** k, the dimensions of z. */
  latent: number;
  /** Widths of the encoder's hidden layers; the decoder has them in reverse. Default [400, 200]. */
  hidden?: number[];
  /** The activation of the hidden layers. Default `relu`. */
  activation?: Activation;
  /** How kernels start. Default `default`: He's variance before rectifiers, Glorot's elsewhere. */
  initializer?: Initializer;
  /** From x to what the posterior is made of. Default: a multilayer perceptron of `hidden`. */
  encoder?: NetworkLike;
  /** From z to what the likelihood is made of. Default: a multilayer perceptron of `hidden` in reverse. */
  decoder?: NetworkLike;
  /**
   * q(z|x): independent dimensions, `diagonal`, the default; a Gaussian of full covariance L Lᵀ, `full`, where the
   * encoder gives the lower-triangular L; or a part.
   */
  posterior?: PartLike<PosteriorPart>;
  /** p(z). Default `standardNormal()`. */
  prior?: PartLike<PriorPart>;
  /**
   * C, how many classes the labels name, 0 … C − 1: encoder and decoder then get the class of each sample, and z has to
   * carry what it does not say. A label of −1 is a class that is not known. Default: labels are not looked at.
   */
  classes?: number;
  /** Whether values may be missing: NaN in x. The encoder then sees 0, and the likelihood skips them. Default false. */
  missing?: boolean;
  /** Values above it count as 1, others as 0, in training and everywhere else. Default null: values stay as they are. */
  binarize?: number | null;
}

export interface VAEConfig extends VariationalConfig, EvidenceLowerBoundOptions {
  /** What is minimised. Default: `evidenceLowerBound` with the options that stand here. */
  objective?: PartLike<ObjectivePart>;
}

const posteriorField = z.preprocess(
  (given) => (given === 'diagonal' ? diagonalGaussian() : given === 'full' ? fullGaussian() : given),
  posteriorSchema(),
);

/** The fields of {@link VariationalConfig}. */
export const variationalFields = {
  ...commonFields,
  latent: z.int().min(1),
  hidden: z.array(z.int().min(1)).optional(),
  activation: z.enum(ACTIVATIONS).optional(),
  initializer: z.enum(INITIALIZERS).optional(),
  encoder: networkField.optional(),
  decoder: networkField.optional(),
  posterior: posteriorField.optional(),
  prior: priorSchema().optional(),
  ...likelihoodFields,
  classes: z.int().min(1).nullable().optional(),
  missing: z.boolean().default(false),
  binarize: z.number().min(0).lt(1).nullable().default(null),
};

export type CheckedVariational = z.output<z.ZodObject<typeof variationalFields>>;

/** Checks what no field alone can tell. */
export function checkTogether(
  { likelihood, sigma, encoder, decoder, hidden, activation, initializer, binarize }: CheckedVariational,
  context: z.RefinementCtx,
): void {
  const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  const name = likelihood?.name ?? 'bernoulli';
  sigmaNeedsGaussian({ likelihood, sigma }, context);
  const needless = Object.entries({ hidden, activation, initializer }).find(([, given]) => given !== undefined);
  if (encoder && decoder && needless) {
    complain(needless[0], 'allowed only without "encoder" and "decoder", which say it themselves');
  }
  if (typeof binarize === 'number' && name !== 'bernoulli') {
    complain('binarize', 'allowed only with likelihood "bernoulli"');
  }
}

const boundFields = ['beta', 'capacity', 'freeBits', 'reduction', 'draws', 'divergence'] as const;

const schema = z
  .strictObject({
    ...variationalFields,
    objective: objectiveSchema().optional(),
    ...Object.fromEntries(boundFields.map((field) => [field, z.unknown().optional()])),
  })
  .superRefine((config, context) => {
    checkTogether(config as CheckedVariational, context);
    const beside = boundFields.find((field) => (config as Record<string, unknown>)[field] !== undefined);
    if (!config.objective || beside === undefined) return;
    const message = 'allowed only without "objective", which says it itself';
    context.addIssue({ code: 'custom', path: [beside], message });
  });

/** The parts of a variational model, all of them. */
export interface VariationalParts {
  encoder: NetworkPart;
  decoder: NetworkPart;
  posterior: PosteriorPart;
  prior: PriorPart;
  likelihood: LikelihoodPart;
  objective: ObjectivePart;
}

export interface CheckedVAEConfig extends CheckedCommonConfig {
  latent: number;
  classes: number | null;
  missing: boolean;
  binarize: number | null;
  parts: VariationalParts;
}

/** @throws {ConfigurationError} naming every field that is wrong */
export function checkedVAEConfig(what: string, given: VAEConfig): CheckedVAEConfig {
  const checked = checkedConfig(what, schema, given);
  const { input, seed, optimizer, latent, classes = null, missing = false, binarize = null } = checked;
  const { hidden = [400, 200], activation = 'relu', initializer = 'default', encoder, decoder } = checked;
  const { posterior, prior, objective } = checked;
  const layers = { activation, initializer };
  const parts: VariationalParts = {
    encoder: encoder ?? mlp(hidden, layers),
    decoder: decoder ?? mlp(hidden.toReversed(), layers),
    posterior: posterior ?? diagonalGaussian(),
    prior: prior ?? standardNormal(),
    likelihood: likelihoodOf(checked as CheckedVariational),
    objective: objective ?? naming(what, () => evidenceLowerBound(boundOptions(given))),
  };
  return { input, seed, optimizer, latent, classes, missing, binarize, parts };
}

function boundOptions(given: VAEConfig): EvidenceLowerBoundOptions {
  const chosen = boundFields.filter((field) => given[field] !== undefined).map((field) => [field, given[field]]);
  return Object.fromEntries(chosen) as EvidenceLowerBoundOptions;
}

/** A part's error as one of what it is a part of. */
export function naming<T>(what: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw error instanceof ConfigurationError ? new ConfigurationError(what, error.problems) : error;
  }
}
