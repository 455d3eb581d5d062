/** Mixtures of diagonal Gaussians, one component for each row: VampPrior's prior, and the aggregated posterior. */
import * as tf from '@tensorflow/tfjs';
import { object, takes, tensor } from '../arguments';
import type { DiagonalGaussian } from './gaussian';

const LOG_2_PI = Math.log(2 * Math.PI);

/**
 * [n, m, k]: log N(z_il; μ_jl, σ²_jl), the log density of dimension l of each point under each component, in nats.
 * Differences are taken before squares, since the expanded square loses float32's digits where σ is small.
 *
 * @param z [n, k]
 * @param components m of them
 */
export function pairwiseLogProb(z: tf.Tensor2D, components: DiagonalGaussian): tf.Tensor3D {
  takes('pairwiseLogProb', ['z', z, tensor(2)], ['components', components, object('mu', 'logVar')]);
  const { mu, logVar } = components;
  return tf.tidy(() => {
    const variances = logVar.add(mu.zerosLike()).expandDims(0);
    const squared = z.expandDims(1).sub(mu.expandDims(0)).square().mul(variances.neg().exp());
    return squared.add(variances).add(LOG_2_PI).mul(-0.5);
  });
}

/** [n]: log 1/m Σ_j N(z_i; μ_j, diag σ²_j), the log density of the uniform mixture at each point, in nats. */
export function logUniformMixture(z: tf.Tensor2D, components: DiagonalGaussian): tf.Tensor1D {
  takes('logUniformMixture', ['z', z, tensor(2)], ['components', components, object('mu', 'logVar')]);
  return tf.tidy(() => {
    const m = components.mu.shape[0];
    return pairwiseLogProb(z, components).sum(2).logSumExp(1).sub(Math.log(m));
  });
}
