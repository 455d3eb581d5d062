import * as tf from '@tensorflow/tfjs';
import { ConfigurationError } from '../../config';
import { DiagonalGaussian } from '../../distributions/index';
import type { Posterior } from '../../posteriors/posterior';
import type { Prior } from '../../priors/prior';
import type { VariationalParts } from './vaeConfig';

/**
 * Checks that the parts go together.
 *
 * @param of a posterior of these parts, of any sample, and their prior
 * @throws {ConfigurationError} if the objective cannot do with this posterior or this prior
 */
export function checkNeeds(
  what: string,
  { objective, posterior, prior }: VariationalParts,
  of: { posterior(): Posterior; prior(): Prior },
): void {
  const ofObjective = objective.definition.needs ?? [];
  const ofPrior = prior.definition.needs ?? [];
  if (ofObjective.length + ofPrior.length === 0) return;
  const refuse = (problem: string) => {
    throw new ConfigurationError(what, [problem]);
  };
  tf.tidy(() => {
    const q = of.posterior();
    const needing = ofObjective.includes('diagonalPosterior') ? `objective ${objective.name}` : `prior ${prior.name}`;
    if ([...ofObjective, ...ofPrior].includes('diagonalPosterior') && !(q instanceof DiagonalGaussian)) {
      refuse(`the ${needing} needs independent latents, posterior: diagonalGaussian(); found ${posterior.name}`);
    }
    if (ofObjective.includes('klPerDimension') && !of.prior().klPerDimension?.(q)) {
      const found = `the prior ${prior.name} and the posterior ${posterior.name}`;
      refuse(
        `the objective ${objective.name} with these options needs the KL divergence of each latent in closed form, ` +
          `which ${found} do not have; standardNormal() with a Gaussian posterior has it`,
      );
    }
  });
}
