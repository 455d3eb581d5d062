import * as tf from '@tensorflow/tfjs';
import type { GaussianPosterior } from '../../distributions/index';
import type { Posterior } from '../../posteriors/posterior';
import { activeUnits, latentDiagnostics } from '../../training/diagnostics';

/**
 * How the latents of some samples are: their active units, and of Gaussian posteriors the mutual information; with the
 * prior N(0, I) also the divergence of each dimension and how far the latents as a whole are from it.
 */
export async function diagnosticsOf(
  q: Posterior,
  k: number,
  prior: string | null,
  draws: () => Float32Array,
): Promise<Record<string, number | number[]> & { priorMismatch?: number }> {
  if (!isGaussian(q)) {
    const mean = q.mean();
    const values = await mean.data();
    mean.dispose();
    q.dispose?.();
    return { activeUnits: activeUnits(values, k) };
  }
  const spread = tf.tidy(() => q.logVar.add(q.mu.zerosLike()));
  const [mu, logVar] = await Promise.all([q.mu.data(), spread.data()]);
  spread.dispose();
  q.dispose();
  const {
    activeUnits: units,
    mutualInformation,
    variancePerDimension,
    ...fromPrior
  } = latentDiagnostics(mu, logVar, k, draws());
  // Divergences from N(0, I) are not from another prior.
  return {
    activeUnits: units,
    mutualInformation,
    variancePerDimension,
    ...(prior === 'standardNormal' ? fromPrior : {}),
  };
}

function isGaussian(q: Posterior & { mu?: tf.Tensor; logVar?: tf.Tensor }): q is GaussianPosterior {
  return q.mu !== undefined && q.logVar !== undefined;
}

/** Nats in each dimension. At variance 4, or mean 1.2 at variance 1, there are as many. */
const FAR_FROM_PRIOR = 0.75;

/** @param mismatch of the latents of data and the prior N(0, I), in nats, over k dimensions */
export function warnOfMismatch(name: string, mismatch: number, k: number): void {
  if (mismatch <= FAR_FROM_PRIOR * k) return;
  console.warn(
    `${name}: the latents of data are ${mismatch.toFixed(1)} nats from N(0, I), so draws from this prior will not ` +
      'look like data. Raise β, or fit a distribution to the latents: LatentSampler.mixture(model, data).',
  );
}
