/** What a VAE is configured by: parts, and short names for the usual ones. */
import { z } from 'zod';
import { conditioningFields } from '../../conditioning/fields';
import type { ConditioningConfig } from '../../conditioning/fields';
import { checkedConfig } from '../../config';
import { likelihoodFields, likelihoodOf, sigmaNeedsGaussian } from '../../likelihoods/fields';
import type { LikelihoodConfig } from '../../likelihoods/fields';
import type { LikelihoodPart } from '../../likelihoods/likelihood';
import type { NetworkPart } from '../../networks/network';
import { evidenceLowerBound } from '../../objectives/evidenceLowerBound';
import type { EvidenceLowerBoundOptions } from '../../objectives/evidenceLowerBound';
import { objectiveSchema } from '../../objectives/objective';
import type { ObjectiveName, ObjectivePart } from '../../objectives/objective';
import type { PartLike } from '../../parts/part';
import { diagonalGaussian, fullGaussian } from '../../posteriors/index';
import { posteriorSchema } from '../../posteriors/posterior';
import type { PosteriorName, PosteriorPart } from '../../posteriors/posterior';
import { standardNormal } from '../../priors/index';
import { priorSchema } from '../../priors/prior';
import type { PriorName, PriorPart } from '../../priors/prior';
import { ConfigurationError } from '../../config';
import { commonFields } from '../commonConfig';
import type { CheckedCommonConfig, CommonConfig } from '../commonConfig';
import { networksFields, networksOf, networksSayIt } from '../networksConfig';
import type { NetworksConfig } from '../networksConfig';

export type { NetworkLike } from '../../networks/networkField';

/** The parts of a variational model, but for its objective. */
export interface VariationalConfig extends CommonConfig, NetworksConfig, LikelihoodConfig, ConditioningConfig {
  /** k, the dimensions of z. */
  latent: number;
  /**
   * q(z|x): independent dimensions, `diagonal`, the default; a Gaussian of full covariance L Lᵀ, `full`, where the
   * encoder gives the lower-triangular L; or a part.
   */
  posterior?: PartLike<PosteriorPart, PosteriorName | 'diagonal' | 'full'>;
  /** p(z). Default `standardNormal()`. */
  prior?: PartLike<PriorPart, PriorName>;
  /** Values above it count as 1, others as 0, in training and everywhere else. Default null: values stay as they are. */
  binarize?: number | null;
}

/** What {@link VAE} is made of. */
export interface VAEConfig extends VariationalConfig, EvidenceLowerBoundOptions {
  /** What is minimised. Default: `evidenceLowerBound` with the options that stand here. */
  objective?: PartLike<ObjectivePart, ObjectiveName>;
}

const posteriorField = z.preprocess(
  (given) => (given === 'diagonal' ? diagonalGaussian() : given === 'full' ? fullGaussian() : given),
  posteriorSchema(),
);

/** The fields of {@link VariationalConfig}. */
export const variationalFields = {
  ...commonFields,
  latent: z.int().min(1),
  ...networksFields,
  posterior: posteriorField.optional(),
  prior: priorSchema().optional(),
  ...likelihoodFields,
  ...conditioningFields,
  binarize: z.number().min(0).lt(1).nullable().default(null),
};

export type CheckedVariational = z.output<z.ZodObject<typeof variationalFields>>;

/** Checks what no field alone can tell. */
export function checkTogether(config: CheckedVariational, context: z.RefinementCtx): void {
  const { likelihood, sigma, binarize } = config;
  const name = likelihood?.name ?? 'bernoulli';
  sigmaNeedsGaussian({ likelihood, sigma }, context);
  networksSayIt(config, context);
  if (typeof binarize === 'number' && name !== 'bernoulli') {
    const message = 'allowed only with likelihood "bernoulli"';
    context.addIssue({ code: 'custom', path: ['binarize'], message });
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
    const message = 'allowed only without "objective", which decides it itself';
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
  const { posterior, prior, objective } = checked;
  const parts: VariationalParts = {
    ...networksOf(checked),
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
