/** How a model's configuration names what a reconstruction is compared with. */
import type { z } from 'zod';
import { likelihoodOf } from '../likelihoods/fields';
import type { LikelihoodConfig } from '../likelihoods/fields';
import { sigmaSchema } from '../likelihoods/gaussian';
import { likelihoodSchema } from '../likelihoods/likelihood';
import { lossSchema, negativeLogLikelihood, squaredError } from './loss';
import type { LossName, LossPart } from './loss';
import type { PartLike } from '../parts/part';

/** How a reconstruction is held against x. */
export interface LossConfig extends Pick<LikelihoodConfig, 'sigma'> {
  /**
   * ‖x − x̂‖², the cross-entropy of a sigmoid output for x in [0, 1] (`crossEntropy`), or another part. Default
   * `squaredError`.
   */
  loss?: PartLike<LossPart, LossName>;
  /** In place of `loss`: p(x|z); training minimises −log p(x|z). */
  likelihood?: LikelihoodConfig['likelihood'];
}

export const lossFields = {
  loss: lossSchema().optional(),
  likelihood: likelihoodSchema().optional(),
  sigma: sigmaSchema.optional(),
};

/** {@link lossFields} after their check. */
export type CheckedLoss = z.output<z.ZodObject<typeof lossFields>>;

/** Adds issues for a loss beside a likelihood, and for a σ that no likelihood has. */
export function checkLoss(
  { loss, likelihood, sigma }: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
): void {
  const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  if (loss !== undefined && likelihood !== undefined) complain('loss', 'allowed only without "likelihood"');
  if (sigma === undefined) return;
  const name = typeof likelihood === 'string' ? likelihood : (likelihood as { name?: unknown } | undefined)?.name;
  if (name !== 'gaussian') complain('sigma', 'allowed only with likelihood "gaussian"');
}

export function lossOf({ loss, likelihood, sigma }: Partial<CheckedLoss>): LossPart {
  if (likelihood) return negativeLogLikelihood({ likelihood: likelihoodOf({ likelihood, sigma }) });
  return loss ?? squaredError();
}
